/** One branch of a field that is made of cases. */
export interface LookmlModelExploreFieldSqlCase {
  value: string | null
  condition: string | null
}

/** No part of it can be written through Looker's API. */
export type RequestLookmlModelExploreFieldSqlCase = Record<string, never>
