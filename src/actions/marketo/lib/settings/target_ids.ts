import { TargetKind } from "../api/types"
import { MarketoSettingsError } from "../errors"
import { formListText, formText, Params } from "./param_text"

/** Ids in addresses of Marketo's user interface: #ST1534A1 is static list 1534, #SC2033B2 smart campaign 2033. */
const INTERFACE_ID = /^#?(ST|SC|PG|NP|ME|EBP)(\d+)[A-Z]\d+$/i

/** A choice by name; its kind keeps it from being taken for something else of the same number. */
const CHOICE = /^(campaign|list|program):(.*)$/

/** The entry of a choice that only says that there are more. */
export const MORE_CHOICES = "more"

/** The parts of a text that are separated by commas, without blanks; blank ones and repetitions are left out. */
export function idsIn(value: string | undefined | null): string[] {
  return distinct((value ?? "").split(",").map((id) => id.trim()).filter((id) => id !== ""))
}

/**
 * The ids that were typed, in any form that is taken, and the one that was chosen by name, as digits and each once: a
 * campaign that is requested twice sends people through it twice. Throws MarketoSettingsError for what is none.
 */
export function targetIds(formParams: Params, kind: TargetKind): string[] {
  const typed = idsIn(formListText(formParams, "campaignId")).map((id) => targetId(id, kind))
  const chosen = chosenId(formParams, kind)
  return distinct(chosen === undefined ? typed : typed.concat(chosen))
}

/**
 * The id that was chosen by name; undefined when there is none, or one of another kind: that was chosen for another
 * additional action. Throws MarketoSettingsError for what the form does not offer.
 */
export function chosenId(formParams: Params, kind: TargetKind): string | undefined {
  const text = formText(formParams, "target")
  if (text === "" || text === MORE_CHOICES) {
    return undefined
  }
  const [, chosenKind, id] = CHOICE.exec(text) ?? []
  if (chosenKind === undefined) {
    throw refuse("target", `"${text}" is not a choice for target. Choose one by name anew, or type its ID.`)
  }
  return chosenKind === kind ? targetId(id.trim(), kind, "target") : undefined
}

/** An id as digits, without zeros before it. Throws MarketoSettingsError for what is no id of that kind. */
export function targetId(id: string, kind: TargetKind, field = "campaignId"): string {
  const match = INTERFACE_ID.exec(id)
  const spelled = match === null ? id : kindOfAddress(match[1].toUpperCase()) === kind ? match[2] : ""
  const [, digits] = /^0*([1-9]\d{0,14})$/.exec(spelled) ?? []
  if (digits !== undefined) {
    return digits
  }
  const address = { campaign: "SC1234B2", list: "ST1234A1", program: "PG1234A1" }[kind]
  throw refuse(field, `"${id}" is not a ${kind} ID. A ${kind} ID is a number; it stands in the address of ` +
    `the ${kind} in Marketo, such as 1234 in #${address}. Separate several IDs by commas.`)
}

function kindOfAddress(prefix: string): TargetKind {
  return prefix === "ST" ? "list" : prefix === "SC" ? "campaign" : "program"
}

function distinct(ids: string[]): string[] {
  return [...new Set(ids)]
}

function refuse(field: string, message: string): MarketoSettingsError {
  return new MarketoSettingsError(message, [{ field, message }])
}
