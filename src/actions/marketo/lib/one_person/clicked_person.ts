import * as Hub from "../../../../hub"
import { refusal } from "../errors"
import { canBeLookupField } from "../settings/lookup_fields"
import { formText, Params } from "../settings/param_text"

/** The lead that a cell stands for: the value that was clicked, and the field by which Marketo has it. */
export interface ClickedPerson {
  lookupField: string
  value: string
}

/** Characters of a value that a message shows. */
const MOST_SHOWN = 100

/**
 * Reads the clicked value, and the lookup field of the form. Without one, a whole number is taken for Marketo's id, and
 * all else for an e-mail address. Throws MarketoSettingsError for a cell that names nobody.
 */
export function readClickedPerson({ params, formParams }: Hub.ActionRequest): ClickedPerson {
  const value = clickedText(params)
  const chosen = formText(formParams, "lookupField")
  const lookupField = chosen === "" ? usualLookupField(value) : chosen
  if (!canBeLookupField(lookupField)) {
    throw refusal("lookupField", `Marketo cannot look leads up by the field "${lookupField}". Choose another lookup ` +
      "field, such as email.")
  }
  if (value.includes(",")) {
    throw refusal("lookupField", `The cell has "${shown(value)}". Marketo cannot look leads up by a value with a ` +
      "comma. Click a cell that names the lead otherwise, such as by its Marketo id.")
  }
  return { lookupField, value }
}

/** Returns the lookup field that fits a value. */
export function usualLookupField(value: string): string {
  return /^[1-9]\d{0,14}$/.test(value) ? "id" : "email"
}

/** Returns a value as messages show it. */
export function shown(value: string): string {
  return value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value
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
