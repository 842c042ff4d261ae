import { TargetKind } from "../api/types"
import { MarketoSettingsError, refusal } from "../errors"
import { addressed, apart } from "./marketo_address"
import { formListText, formText, Params } from "./param_text"

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

/**
 * Splits a text at commas and trims the parts; blank ones and repetitions are left out. Addresses may stand in lines of
 * their own, or with blanks or nothing between them. Numbers may not: 1 001 can mean one list or two.
 */
export function idsIn(value: string | undefined | null): string[] {
  const parts = (value ?? "").split(",").map((id) => id.trim()).flatMap((part) => {
    const words = part.split(/\s+/).flatMap(apart)
    return words.every((word) => addressed(word) !== undefined) ? words : [part]
  })
  return distinct(parts.filter((id) => id !== ""))
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
  const address = addressed(id)
  if (address !== undefined && address.kind !== kind) {
    const what = `"${id}" is ${aOrAn(address.thing)}`
    return refusal(field, address.kind === undefined ?
      `${what}, which leads cannot be sent to. Give the ID of a ${kind === "list" ? "static list" : kind}.` :
      `${what}; you chose a ${kind}. Give the ID of a ${kind}, or choose another additional action.`)
  }
  const [, digits] = /^0*([1-9]\d{0,14})$/.exec(address?.id ?? id) ?? []
  if (digits !== undefined) {
    return digits
  }
  const example = { campaign: "SC1234B2", list: "ST1234A1", program: "PG1234A1" }[kind]
  return refusal(field, `"${id}" is not a ${kind} ID. A ${kind} ID is a number; it stands in the address of ` +
    `the ${kind} in Marketo, such as 1234 in #${example}. Separate several IDs by commas.`)
}

function aOrAn(thing: string): string {
  return `${/^[aeiou]/.test(thing) ? "an" : "a"} ${thing}`
}

function distinct(ids: string[]): string[] {
  return [...new Set(ids)]
}
