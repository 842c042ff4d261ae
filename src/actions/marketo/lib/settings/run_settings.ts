import * as Hub from "../../../../hub"
import { Credentials } from "../api/access_token"
import { instanceOrigin } from "../api/instance_url"
import { TargetKind } from "../api/types"
import { MarketoConfiguration } from "../configuration/configuration"
import { MarketoSettingsError, refusal } from "../errors"
import { canBeLookupField } from "./lookup_fields"
import { ListReference, MembershipChange } from "./membership_change"
import { formListText, formText, settingText } from "./param_text"
import { checkChanges, checkOptions, readRestrictions, Restrictions } from "./restrictions"
import { readCampaignTokens, readMirrorLimit, readRunOptions, RunOptions } from "./run_options"
import { idsIn, targetIds } from "./target_ids"
import { checkWayOfSending } from "./way_of_sending"

/** The settings of one run, checked once: nothing after this looks at the form's texts again. */
export interface RunSettings extends RunOptions {
  readonly credentials: Credentials
  /** REST API name of the field by which leads are found. */
  readonly lookupField: string
  readonly changes: MembershipChange[]
  /** What an administrator of Looker does not allow. */
  readonly restrictions: Restrictions
}

/** The values of the form's "Additional Action", as they are stored in schedules. */
export type AdditionalAction =
  "addCampaign" | "addList" | "removeList" | "none" | "mirrorList" | "addProgram" | "removeProgram"

/** Advice if there is no id. */
const TYPE_OR_CHOOSE = "Choose by name, or type the ID."
const TYPE_CHOOSE_OR_NAME = "Choose by name, type the ID, or give a list name."

/**
 * Reads the settings and the form's values of a request.
 * Throws MarketoSettingsError for what cannot work; its texts are those that users of the upstream action know.
 */
export function readRunSettings(request: Hub.ActionRequest, configuration: MarketoConfiguration): RunSettings {
  const { formParams } = request
  const changes = membershipChanges(formParams)
  const lookupField = formText(formParams, "lookupField")
  if (lookupField === "") {
    throw refusal("lookupField", "Missing Lookup Field. Choose the field by which leads are found, such as email.")
  }
  if (!canBeLookupField(lookupField)) {
    throw refusal("lookupField", `Marketo cannot look leads up by the field "${lookupField}". Choose another lookup ` +
      "field, such as email.")
  }
  const restrictions = readRestrictions(request.params)
  const options = readRunOptions(request, lookupField)
  if (!options.writesLeads && changes.length === 0) {
    throw refusal("subaction", "Nothing would be done: leads are only looked up, and no additional action is chosen. " +
      "Choose what is to be done with them, or send their fields, too.")
  }
  checkWayOfSending(options, { lookupField, changes })
  checkOptions(restrictions, options)
  checkChanges(restrictions, changes, false)
  return { credentials: readCredentials(request, configuration), lookupField, changes, restrictions, ...options }
}

/** Reads the connection settings of a request. Throws MarketoSettingsError when they cannot work. */
export function readCredentials(request: Hub.ActionRequest, configuration: MarketoConfiguration): Credentials {
  const { params } = request
  return {
    origin: instanceOrigin(settingText(params, "url", "URL"), configuration.allowedHosts),
    clientId: settingText(params, "clientID", "Client ID"),
    clientSecret: settingText(params, "clientSecret", "Client Secret"),
  }
}

function membershipChanges(formParams: Hub.ParamMap): MembershipChange[] {
  const idsOf = (kind: TargetKind) => targetIds(formParams, kind)
  const stored: unknown = formParams.subaction
  switch (stored === undefined || stored === null ? undefined : formText(formParams, "subaction")) {
    case undefined:
      // Schedules from before the form had a choice: the ids are campaigns, and there may be none.
      return campaignRequests(formParams, idsOf("campaign"))
    case "none":
      if (idsIn(formListText(formParams, "campaignId")).length > 0) {
        throw refusal("campaignId", "Additional action of 'none' was selected, but additional action ID was " +
          "provided. Empty the box for IDs, or choose what is to happen with them.")
      }
      return []
    case "addCampaign":
      requireIds(idsOf("campaign"), "Add to campaign")
      return campaignRequests(formParams, idsOf("campaign"))
    case "addList":
      return listChanges(formParams, "Add to list", (target) => ({ kind: "addToList", target }))
    case "removeList":
      requireIds(idsOf("list"), "Remove from list")
      return idsOf("list").map((id) => ({ kind: "removeFromList", target: { id } }))
    case "mirrorList": {
      const mostRemovedPercent = readMirrorLimit(formParams)
      return listChanges(formParams, "Mirror list", (target) => ({ kind: "mirrorList", target, mostRemovedPercent }))
    }
    case "addProgram":
      requireIds(idsOf("program"), "Add to program")
      return programStatusChanges(formParams, idsOf("program"))
    case "removeProgram":
      requireIds(idsOf("program"), "Remove from program")
      return idsOf("program").map((id) => ({ kind: "removeFromProgram", target: { id } }))
    default:
      throw unknownAction(formText(formParams, "subaction"))
  }
}

function unknownAction(stored: string): MarketoSettingsError {
  return refusal("subaction", `Unrecognized additional action type${stored === "" ? "" : ` "${stored}"`}. Choose one ` +
    "of the additional actions in the form.")
}

function campaignRequests(formParams: Hub.ParamMap, ids: string[]): MembershipChange[] {
  const tokens = readCampaignTokens(formParams)
  return ids.map((id) => ({ kind: "requestCampaign", target: { id }, tokens }))
}

/** Returns changes of lists that are given by id, by a name under which a list is made if there is none, or both. */
function listChanges(
  formParams: Hub.ParamMap, label: string,
  changeOf: (target: ListReference) => MembershipChange,
): MembershipChange[] {
  const listName = formText(formParams, "listName")
  const ids = targetIds(formParams, "list")
  if (listName.includes(",")) {
    throw refusal("listName",
      `The list name "${listName}" has a comma, and Marketo cannot find lists by such a name. ` +
      "Choose the list by name, or give its ID; or give it another name in Marketo.")
  }
  if (listName === "") {
    requireIds(ids, label, TYPE_CHOOSE_OR_NAME)
  }
  const byId = ids.map((id) => changeOf({ id }))
  return listName === "" ? byId : byId.concat(changeOf({ name: listName }))
}

function programStatusChanges(formParams: Hub.ParamMap, ids: string[]): MembershipChange[] {
  const status = formText(formParams, "programStatus")
  if (status === "") {
    throw refusal("programStatus", "'Add to program' was selected, but the program status was not provided. " +
      "Give the name of one of the statuses of the program's channel, such as Registered.")
  }
  return ids.map((id) => ({ kind: "addToProgram", target: { id }, status }))
}

/** The first part is what users know from the upstream action; `remedy` goes on from it. */
function requireIds(ids: string[], label: string, remedy = TYPE_OR_CHOOSE): void {
  if (ids.length === 0) {
    throw refusal("campaignId", `'${label}' was selected, but additional action ID was not provided. ${remedy}`)
  }
}
