import { TargetKind } from "../api/types"
import { MarketoSettingsError, refusal } from "../errors"
import { formListText, formText, Params } from "./param_text"

/** Ids in addresses of Marketo's user interface: #ST1534A1 is static list 1534, #SC2033B2 smart campaign 2033. */
const INTERFACE_ID = /^#?(ST|SC|PG|NP|ME|EBP)(\d+)[A-Z]\d+$/i

/** A choice by name; its kind keeps it from being taken for something else of the same number. */
const CHOICE = /^(campaign|list|program):(.*)$/

/** The entry of a choice that only says that there are more. */
export const MORE_CHOICES = "more"

/** The targets of a form, as digits and each once, and what is wrong with those that cannot be read. */
export interface TargetReading {
  /** The ids that were typed. */
  typed: string[]
  /** The id that was chosen by name; undefined if there is none, or one for another additional action. */
  chosen?: string
  problems: MarketoSettingsError[]
}

/** Splits a text at commas and trims the parts; blank ones and repetitions are left out. */
export function idsIn(value: string | undefined | null): string[] {
  return distinct((value ?? "").split(",").map((id) => id.trim()).filter((id) => id !== ""))
}

/**
 * Returns the ids that were typed, in any form that is taken, and the one that was chosen by name, as digits and each
 * once: a campaign that is requested twice sends people through it twice. Throws MarketoSettingsError for what is none.
 */
export function targetIds(formParams: Params, kind: TargetKind): string[] {
  const { typed, chosen, problems } =
    readTargets(formListText(formParams, "campaignId"), formText(formParams, "target"), kind)
  if (problems.length > 0) {
    throw problems[0]
  }
  return distinct(chosen === undefined ? typed : typed.concat(chosen))
}

/** Reads the targets of one kind from the texts of the form's fields for them; never throws. */
export function readTargets(campaignId: string, target: string, kind: TargetKind): TargetReading {
  const problems: MarketoSettingsError[] = []
  const known = (id: string | MarketoSettingsError | undefined): id is string => {
    if (id instanceof MarketoSettingsError) {
      problems.push(id)
    }
    return typeof id === "string"
  }
  const typed = distinct(idsIn(campaignId).map((id) => asDigits(id, kind, "campaignId")).filter(known))
  const chosen = chosenId(target, kind)
  return { typed, chosen: known(chosen) ? chosen : undefined, problems }
}

function chosenId(target: string, kind: TargetKind): string | MarketoSettingsError | undefined {
  if (target === "" || target === MORE_CHOICES) {
    return undefined
  }
  const [, chosenKind, id] = CHOICE.exec(target) ?? []
  if (chosenKind === undefined) {
    return refusal("target", `"${target}" is not a choice for target. Choose one by name anew, or type its ID.`)
  }
  return chosenKind === kind ? asDigits(id.trim(), kind, "target") : undefined
}

/** Returns an id as digits, without zeros before it, or why it is no id of that kind. */
function asDigits(id: string, kind: TargetKind, field: string): string | MarketoSettingsError {
  const match = INTERFACE_ID.exec(id)
  const spelled = match === null ? id : kindOfAddress(match[1].toUpperCase()) === kind ? match[2] : ""
  const [, digits] = /^0*([1-9]\d{0,14})$/.exec(spelled) ?? []
  if (digits !== undefined) {
    return digits
  }
  const address = { campaign: "SC1234B2", list: "ST1234A1", program: "PG1234A1" }[kind]
  return refusal(field, `"${id}" is not a ${kind} ID. A ${kind} ID is a number; it stands in the address of ` +
    `the ${kind} in Marketo, such as 1234 in #${address}. Separate several IDs by commas.`)
}

function kindOfAddress(prefix: string): TargetKind {
  return prefix === "ST" ? "list" : prefix === "SC" ? "campaign" : "program"
}

function distinct(ids: string[]): string[] {
  return [...new Set(ids)]
}
