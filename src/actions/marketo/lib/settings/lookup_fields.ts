import { LeadSchema, SchemaField } from "../api/types"

/** Fields that every instance looks leads up by. */
export const ALWAYS_SEARCHABLE = ["email", "id"]

/**
 * Fields that leads can be searched by, but not when they are written (1011). Source: Adobe's API description,
 * https://developer.adobe.com/marketo-apis/api/mapi/, where it is a filter type and no lookup field.
 */
const SEARCHED_ONLY = ["leadPartitionId"]

/** Types that a lookup field cannot have: it is a text, an e-mail address or a whole number. Source: "Leads". */
const TYPES_WITHOUT_LOOKUP =
  ["boolean", "currency", "date", "datetime", "float", "formula", "percent", "reference"]

/** Returns false for fields by which Marketo is known not to find leads when it writes them. */
export function canBeLookupField(name: string, field?: SchemaField): boolean {
  return ALWAYS_SEARCHABLE.includes(name) ||
    !SEARCHED_ONLY.includes(name) && !TYPES_WITHOUT_LOOKUP.includes(field?.dataType ?? "")
}

/** Returns the names of the fields by which leads are found when they are written; empty if Marketo names none. */
export function lookupFieldsOf(schema: LeadSchema): string[] {
  return schema.searchableFields.filter((names) => names.length === 1).map((names) => names[0])
    .filter((name) => canBeLookupField(name, schema.fields.find((field) => field.name === name)))
}
