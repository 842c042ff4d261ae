import * as Hub from "../../../../hub"
import { CampaignToken } from "../api/campaign_calls"
import { SyncMode } from "../api/lead_calls"
import { refusal } from "../errors"
import { formText } from "./param_text"

/** The treatment of a Marketo field whose cell is empty. */
export type EmptyCells = "clear" | "leave"

/** The treatment of a row with a value that its Marketo field does not take. */
export type InvalidValues = "leaveOut" | "skipRow"

/** The treatment of a text that is longer than its Marketo field. */
export type LongText = "report" | "cut"

/** The treatment of a row whose lookup value several leads in Marketo have. */
export type SeveralMatches = "skip" | "latest" | "all"

/** The way to Marketo: a call for each 300 leads, files of many leads, or whichever of the two suits the send. */
export type SendBy = "calls" | "files" | "automatic"

/** Choices of the form beyond the target; every default means what the upstream action does. */
export interface RunOptions {
  readonly mode: SyncMode
  /** False for a run that only looks leads up, for what is done with them besides. */
  readonly writesLeads: boolean
  /** Where leads are created; absent in a run that creates none. */
  readonly partitionName?: string
  readonly emptyCells: EmptyCells
  readonly invalidValues: InvalidValues
  readonly longText: LongText
  readonly severalMatches: SeveralMatches
  /** Share of a field's values, in percent, that the first leads may clear; absent if none of them is looked at. */
  readonly mostClearedPercent?: number
  /** Calls if absent. */
  readonly sendBy?: SendBy
  /** Everything is read, mapped and looked up, but nothing is written. */
  readonly isDryRun: boolean
  /** Sentences for the report about choices that the run cannot follow. */
  readonly notes: string[]
}

/** Share of a list's members, in percent, that mirroring may remove when the form does not say. */
export const USUAL_MIRROR_LIMIT = 50

/** Share of a field's values, in percent, that the form offers as what a run may clear; without one, there is none. */
export const OFFERED_CLEARING_LIMIT = 30

/** The share at which every value may be cleared, and nothing is looked at. */
export const NO_CLEARING_LIMIT = 100

/**
 * Reads the form's choices. A missing or blank value takes its default: schedules from before the choice was
 * there mean what they always meant.
 * Throws MarketoSettingsError for a value that is none of the choices.
 */
export function readRunOptions(request: Hub.ActionRequest, lookupField: string): RunOptions {
  const { formParams } = request
  const chosenMode = choice(formParams, "leadMode", ["createOrUpdate", "updateOnly", "createOnly", "membershipOnly"])
  if (lookupField === "id" && chosenMode === "createOnly") {
    throw refusal("leadMode", "Leads cannot be created by their Marketo id. Choose another lookup field, or a mode " +
      "that updates.")
  }
  // Marketo takes the id for updates only. Source: Marketo developer guide, "Leads".
  const mode = lookupField === "id" || chosenMode === "membershipOnly" ? "updateOnly" : chosenMode
  const severalMatches = choice(formParams, "severalMatches", ["skip", "latest", "all"])
  const partition = formText(formParams, "partition")
  // Marketo gives a partition a meaning only where leads may be created. Source: same. We choose in it, too.
  const isUseless = partition !== "" && mode === "updateOnly" && severalMatches === "skip"
  const doesOnly = chosenMode === "membershipOnly" ? "finds" : "updates"
  return {
    mode,
    writesLeads: chosenMode !== "membershipOnly",
    partitionName: partition === "" || isUseless ? undefined : partition,
    notes: isUseless ? [`The lead partition "${partition}" was not used: it says where leads are created, and this ` +
      `run only ${doesOnly} leads, wherever they are.`] : [],
    emptyCells: choice(formParams, "emptyCells", ["clear", "leave"]),
    invalidValues: choice(formParams, "invalidValues", ["leaveOut", "skipRow"]),
    longText: choice(formParams, "longText", ["report", "cut"]),
    severalMatches,
    mostClearedPercent: readClearingLimit(formParams),
    sendBy: choice<SendBy>(formParams, "sendBy", ["calls", "files", "automatic"]),
    isDryRun: choice(formParams, "dryRun", ["no", "yes"]) === "yes",
  }
}

/** Reads the share of a list's members, in percent, that mirroring may remove. */
export function readMirrorLimit(formParams: Hub.ParamMap): number {
  return readPercent(formParams, "mirrorLimit", "the list's members") ?? USUAL_MIRROR_LIMIT
}

/** Undefined without a value, as in schedules from before there was a limit, and where everything may be cleared. */
function readClearingLimit(formParams: Hub.ParamMap): number | undefined {
  const percent = readPercent(formParams, "mostCleared", "a field's values")
  return percent === NO_CLEARING_LIMIT ? undefined : percent
}

/** A whole number with or without a percent sign; undefined if the field has no value. */
function readPercent(formParams: Hub.ParamMap, name: string, whole: string): number | undefined {
  const value = formText(formParams, name).replace(/\s*%$/, "")
  if (value === "") {
    return undefined
  }
  const percent = Number(value)
  if (!/^\d+$/.test(value) || percent > 100) {
    throw refusal(name, `"${value}" is not a share of ${whole}: give a whole number from 0 to 100.`)
  }
  return percent
}

/** Most tokens in a campaign request. Source: Marketo developer guide, "Smart Campaigns". */
const MOST_TOKENS = 100

/** Reads the lines `{{my.name}} = value` of the form as tokens for a campaign request. */
export function readCampaignTokens(formParams: Hub.ParamMap): CampaignToken[] {
  const lines = formText(formParams, "campaignTokens").split(/\r?\n/).filter((line) => line.trim() !== "")
  const tokens = lines.map((line) => {
    const match = /^\s*(?:\{\{\s*)?(my\.[^=}]*?[^=}\s])\s*(?:\}\})?\s*=(.*)$/i.exec(line)
    if (match === null) {
      throw refusal("campaignTokens", `"${line.trim()}" is not a campaign token. Write one in each line, such as ` +
        "{{my.offer}} = Spring sale.")
    }
    return { name: `{{${match[1]}}}`, value: match[2].trim() }
  })
  const double = tokens.find(({ name }, index) => tokens.findIndex((token) => token.name === name) !== index)
  if (double !== undefined) {
    throw refusal("campaignTokens", `The campaign token ${double.name} is given twice. Keep one of the lines.`)
  }
  if (tokens.length > MOST_TOKENS) {
    throw refusal("campaignTokens", `There are ${tokens.length} campaign tokens, and Marketo takes ${MOST_TOKENS} at ` +
      "most. Remove some of the lines.")
  }
  return tokens
}

/** The first of the choices is the default. */
function choice<T extends string>(formParams: Hub.ParamMap, name: string, choices: T[]): T {
  const value = formText(formParams, name)
  const chosen = value === "" ? choices[0] : choices.find((each) => each === value)
  if (chosen === undefined) {
    throw refusal(name, `"${value}" is not a choice for ${name}. Choose one of: ${choices.join(", ")}.`)
  }
  return chosen
}
