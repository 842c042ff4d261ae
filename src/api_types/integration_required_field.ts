/** A tag, or several, that a query's fields must carry for an action to be offered. */
export interface IntegrationRequiredField {
  tag: string | null
  any_tag: string[] | null
  all_tags: string[] | null
}

/** No part of it can be written through Looker's API. */
export type RequestIntegrationRequiredField = Record<string, never>
