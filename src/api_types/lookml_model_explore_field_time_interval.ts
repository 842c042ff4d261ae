/** The unit that a time field counts in. */
export enum LookmlModelExploreFieldTimeIntervalName {
  Day = "day",
  Hour = "hour",
  Minute = "minute",
  Second = "second",
  Millisecond = "millisecond",
  Microsecond = "microsecond",
  Week = "week",
  Month = "month",
  Quarter = "quarter",
  Year = "year",
}

/** The step of a time field, such as six hours. */
export interface LookmlModelExploreFieldTimeInterval {
  name: LookmlModelExploreFieldTimeIntervalName
  count: number
}

/** No part of it can be written through Looker's API. */
export type RequestLookmlModelExploreFieldTimeInterval = Record<string, never>
