/** One of the values that a field can take. */
export interface LookmlModelExploreFieldEnumeration {
  label: string | null
  value: string | number | null
}

/** No part of it can be written through Looker's API. */
export type RequestLookmlModelExploreFieldEnumeration = Record<string, never>
