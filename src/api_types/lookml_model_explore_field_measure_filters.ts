/** A filter that a measure carries. */
export interface LookmlModelExploreFieldMeasureFilters {
  field: string | null
  condition: string | null
}

/** No part of it can be written through Looker's API. */
export type RequestLookmlModelExploreFieldMeasureFilters = Record<string, never>
