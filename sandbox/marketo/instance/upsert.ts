import { FieldDefinition } from "../setup/field_schema"

export const ACTIONS = ["createOrUpdate", "createOnly", "updateOnly", "createDuplicate"] as const
export type Action = typeof ACTIONS[number]

/** The request of a whole Sync Leads call. Bulk imports use the same. */
export interface Upsert {
  action: Action
  lookupField: FieldDefinition & { restName: string }
  partitionName: string | undefined
}
