import * as Hub from "../../../../hub"
import { refusal } from "../errors"
import { canBeLookupField } from "../settings/lookup_fields"
import { formText, Params } from "../settings/param_text"
import { plainText } from "../words/plain_text"

/** The lead that a cell stands for: the value that was clicked, and the field by which Marketo has it. */
export interface ClickedPerson {
  lookupField: string
  value: string
}

/** Leads of one value whose ids a message shows. */
const MOST_IDS = 10

/**
 * Reads the clicked value, and the lookup field of the form, or else the one that the value fits without doubt.
 * Throws MarketoSettingsError for a cell that names nobody, or that may mean one person or another.
 */
export function readClickedPerson({ params, formParams }: Hub.ActionRequest): ClickedPerson {
  const value = clickedText(params)
  const chosen = formText(formParams, "lookupField")
  const lookupField = chosen === "" ? usualLookupField(value) : chosen
  if (lookupField === undefined) {
    throw refusal("lookupField", `The cell has the number "${shown(value)}", which may be a Marketo id or another ` +
      "key. Choose the field that has it as the lead lookup field.")
  }
  if (!canBeLookupField(lookupField)) {
    throw refusal("lookupField", `Marketo cannot look leads up by the field "${lookupField}". Choose another lookup ` +
      "field, such as email.")
  }
  if (lookupField === "id" && !/^\d+$/.test(value)) {
    throw refusal("lookupField", `The cell has "${shown(value)}", which is no Marketo id, so no lead can be ` +
      "found by id. Choose another lookup field, or click another cell.")
  }
  if (value.includes(",")) {
    throw refusal("lookupField", `The cell has "${shown(value)}". Marketo cannot look leads up by a value with a ` +
      "comma. Click a cell that names the lead otherwise, such as by its Marketo id.")
  }
  return { lookupField, value }
}

/**
 * Returns the lookup field that a value fits; undefined for digits. Looker sends a cell's value without its column, and
 * Marketo's ids, numbers of customers and ids of other networks look alike: a guess could change somebody else.
 */
function usualLookupField(value: string): string | undefined {
  return /^\d+$/.test(value) ? undefined : "email"
}

/** Returns a value as messages show it. */
export function shown(value: string): string {
  return plainText(value)
}

/** Returns the ids of leads that share a value, in words. */
export function someIds(ids: number[]): string {
  return ids.slice(0, MOST_IDS).join(", ") + (ids.length > MOST_IDS ? " and more" : "")
}

function clickedText(params: Params): string {
  const { value } = params
  if (typeof value === "object" && value !== null) {
    throw refusal("lookupField", `The cell has ${Array.isArray(value) ? "a list" : "an object"}, which names no ` +
      "lead. Click a cell with a single value.")
  }
  const text = formText(params, "value")
  if (text === "") {
    throw refusal("lookupField", "The cell is empty, so it names no lead. Click a cell with a value.")
  }
  return text
}
