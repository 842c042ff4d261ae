import { MarketoError } from "../errors"
import { Envelope, LeadSchema, SchemaField } from "./types"

/**
 * Returns the fields that an answer describes, and the names that can be searched by. Throws MarketoError if it has
 * no list of fields; `what` names these.
 */
export function schemaIn(envelope: Envelope<LeadSchema>, what: string): LeadSchema {
  const schema = (envelope.result ?? [])[0] as Partial<LeadSchema> | undefined
  if (schema === undefined || !Array.isArray(schema.fields)) {
    throw new MarketoError("rejected", `Marketo's answer does not contain its ${what}.`)
  }
  const searchable: unknown[] = Array.isArray(schema.searchableFields) ? schema.searchableFields : []
  const fields: unknown[] = schema.fields
  return {
    // An entry without a name cannot be used over REST.
    fields: fields.filter((field): field is SchemaField => typeof (field as SchemaField | null)?.name === "string"),
    searchableFields: searchable.filter((names): names is string[] => Array.isArray(names)),
  }
}
