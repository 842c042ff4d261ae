import * as Hub from "../../../../hub"
import { LeadSchema } from "../api/types"
import { ALWAYS_SEARCHABLE, lookupFieldsOf } from "../settings/lookup_fields"
import { Option } from "./target_names"

const USUAL_LOOKUP_FIELD = "email"

/**
 * Returns the lookup field as a choice among the fields that the instance can search by, or as the text field that it
 * always was while these are not known. The current value stays among the options whatever it is.
 */
export function lookupFieldChoice(
  plain: Hub.ActionFormField, current: string, schema: LeadSchema | undefined,
): Hub.ActionFormField {
  const value = current === "" ? USUAL_LOOKUP_FIELD : current
  if (schema === undefined) {
    return { ...plain, default: value }
  }
  const { name, label, description, required } = plain
  return { name, label, description, required, type: "select", default: value, options: options(value, schema) }
}

function options(current: string, schema: LeadSchema): Option[] {
  const others = lookupFieldsOf(schema).filter((name) => !ALWAYS_SEARCHABLE.includes(name))
    .map((name) => ({ name, label: labelOf(name, schema) }))
    .sort((one, other) => one.label.localeCompare(other.label))
  const all = ALWAYS_SEARCHABLE.map((name) => ({ name, label: labelOf(name, schema) })).concat(others)
  return all.some((option) => option.name === current) ? all :
    all.concat({ name: current, label: `${labelOf(current, schema)} - not a field that Marketo can look leads up by` })
}

function labelOf(name: string, schema: LeadSchema): string {
  const field = schema.fields.find((each) => each.name === name)
  return field === undefined || (field.displayName ?? "") === "" || field.displayName === name ?
    name : `${field.displayName} (${name})`
}
