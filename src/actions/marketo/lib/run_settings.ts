import * as Hub from "../../../hub"
import { Credentials } from "./access_token"
import { MarketoConfiguration } from "./configuration"
import { MarketoSettingsError } from "./errors"
import { instanceOrigin } from "./instance_url"
import { MembershipChange, TargetKind } from "./membership_change"
import { readCampaignTokens, readMirrorLimit, readRunOptions, RunOptions, text } from "./run_options"

/** What one run is to do, checked once; nothing behind this looks at the form's texts again. */
export interface RunSettings extends RunOptions {
  readonly credentials: Credentials
  /** REST API name of the field by which leads are found. */
  readonly lookupField: string
  readonly changes: MembershipChange[]
}

/** The values of the form's "Additional Action", as they are stored in schedules. */
export type AdditionalAction =
  "addCampaign" | "addList" | "removeList" | "none" | "mirrorList" | "addProgram" | "removeProgram"

/** What to do when there is no id, for the actions that upstream does not have. */
const TYPE_OR_CHOOSE = ". Type the ID, or choose by name."
const TYPE_CHOOSE_OR_NAME = ". Type the ID, choose by name, or give a list name."

/** Ids in addresses of Marketo's user interface: #ST1534A1 is static list 1534, #SC2033B2 smart campaign 2033. */
const INTERFACE_ID = /^#?(ST|SC|PG|NP|ME|EBP)(\d+)[A-Z]\d+$/i

/**
 * Reads the settings and the form's values of a request.
 * Throws MarketoSettingsError for what cannot work; its texts are those that users of the upstream action know.
 */
export function readRunSettings(request: Hub.ActionRequest, configuration: MarketoConfiguration): RunSettings {
  const { formParams } = request
  const changes = membershipChanges(formParams)
  const lookupField = text(formParams, "lookupField")
  if (lookupField === "") {
    throw refuse("lookupField", "Missing Lookup Field.")
  }
  return {
    credentials: readCredentials(request, configuration),
    lookupField,
    changes,
    ...readRunOptions(request, lookupField),
  }
}

/** The connection settings of a request. Throws MarketoSettingsError when they cannot work. */
export function readCredentials(request: Hub.ActionRequest, configuration: MarketoConfiguration): Credentials {
  const { url, clientID, clientSecret } = request.params
  return {
    origin: instanceOrigin(url ?? "", configuration.allowedHosts),
    clientId: (clientID ?? "").trim(),
    clientSecret: (clientSecret ?? "").trim(),
  }
}

/** The ids in a form value, separated by commas. */
export function idsIn(value: string | undefined | null): string[] {
  const ids = (value ?? "").split(",").map((id) => id.trim()).filter((id) => id !== "")
  return [...new Set(ids)]
}

/**
 * The ids that were typed and the one that was chosen by name. A choice carries its kind, such as `list:1001`, so that
 * one which was made for another additional action is not mistaken.
 */
export function targetIds(formParams: Hub.ParamMap, kind: TargetKind): string[] {
  const [chosenKind, chosenId] = text(formParams, "target").split(":")
  const chosen = chosenKind === kind && chosenId !== undefined ? chosenId : ""
  return idsIn([text(formParams, "campaignId"), chosen].join(","))
}

function membershipChanges(formParams: Hub.ParamMap): MembershipChange[] {
  const subaction: string | undefined | null = formParams.subaction
  const idsOf = (kind: TargetKind) => targetIds(formParams, kind)
  switch (subaction) {
    case undefined:
    case null:
      // Schedules from before the form had a choice: the ids are campaigns, and there may be none.
      return campaignRequests(formParams, idsOf("campaign"))
    case "none":
      if (idsIn(formParams.campaignId).length > 0) {
        throw refuse("campaignId", "Additional action of 'none' was selected, but additional action ID was provided")
      }
      return []
    case "addCampaign":
      requireIds(idsOf("campaign"), "Add to campaign")
      return campaignRequests(formParams, idsOf("campaign"))
    case "addList":
      return listChanges(formParams, "Add to list", (id) => ({ kind: "addToList", id }))
    case "removeList":
      requireIds(idsOf("list"), "Remove from list")
      return idsOf("list").map((id) => ({ kind: "removeFromList", id: numericId(id, "list") }))
    case "mirrorList": {
      const mostRemovedPercent = readMirrorLimit(formParams)
      return listChanges(formParams, "Mirror list", (id) => ({ kind: "mirrorList", id, mostRemovedPercent }))
    }
    case "addProgram":
      requireIds(idsOf("program"), "Add to program", TYPE_OR_CHOOSE)
      return programStatusChanges(formParams, idsOf("program"))
    case "removeProgram":
      requireIds(idsOf("program"), "Remove from program", TYPE_OR_CHOOSE)
      return idsOf("program").map((id) => ({ kind: "removeFromProgram", id: numericId(id, "program") }))
    default:
      throw refuse("subaction", "Unrecognized additional action type")
  }
}

function campaignRequests(formParams: Hub.ParamMap, ids: string[]): MembershipChange[] {
  const tokens = readCampaignTokens(formParams)
  return ids.map((id) => ({ kind: "requestCampaign", id: numericId(id, "campaign"), tokens }))
}

/** Changes of lists that are given by id, by a name under which a list is made if there is none, or both. */
function listChanges(
  formParams: Hub.ParamMap, label: string,
  change: (id: string) => MembershipChange & { kind: "addToList" | "mirrorList" },
): MembershipChange[] {
  const listName = text(formParams, "listName")
  const ids = targetIds(formParams, "list")
  if (listName === "") {
    requireIds(ids, label, label === "Mirror list" ? TYPE_CHOOSE_OR_NAME : "")
  }
  const byId: MembershipChange[] = ids.map((id) => change(numericId(id, "list")))
  return listName === "" ? byId : byId.concat({ ...change(""), listName })
}

function programStatusChanges(formParams: Hub.ParamMap, ids: string[]): MembershipChange[] {
  const status = text(formParams, "programStatus")
  if (status === "") {
    throw refuse("programStatus", "'Add to program' was selected, but the program status was not provided. " +
      "Give the name of one of the statuses of the program's channel, such as Registered.")
  }
  return ids.map((id) => ({ kind: "addToProgram", id: numericId(id, "program"), status }))
}

/** The first part is what users know from the upstream action; `remedy` goes on from it. */
function requireIds(ids: string[], label: string, remedy = ""): void {
  if (ids.length === 0) {
    throw refuse("campaignId", `'${label}' was selected, but additional action ID was not provided${remedy}`)
  }
}

function numericId(id: string, what: TargetKind): string {
  const match = INTERFACE_ID.exec(id)
  if (match !== null && kindOfAddress(match[1].toUpperCase()) === what) {
    return match[2]
  }
  if (/^\d{1,15}$/.test(id) && Number(id) > 0) {
    return String(Number(id))
  }
  const address = { campaign: "SC1234B2", list: "ST1234A1", program: "PG1234A1" }[what]
  throw refuse("campaignId", `"${id}" is not a ${what} ID. A ${what} ID is a number; it stands in the address of ` +
    `the ${what} in Marketo, such as 1234 in #${address}. Separate several IDs by commas.`)
}

function kindOfAddress(prefix: string): TargetKind {
  return prefix === "ST" ? "list" : prefix === "SC" ? "campaign" : "program"
}

function refuse(field: string, message: string): MarketoSettingsError {
  return new MarketoSettingsError(message, [{ field, message }])
}
