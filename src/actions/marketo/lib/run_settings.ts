import * as Hub from "../../../hub"
import { Credentials } from "./access_token"
import { MarketoConfiguration } from "./configuration"
import { MarketoSettingsError } from "./errors"
import { instanceOrigin } from "./instance_url"
import { SyncMode } from "./marketo_client"
import { MembershipChange } from "./membership"

/** What one run is to do, checked once; nothing behind this looks at the form's texts again. */
export interface RunSettings {
  readonly credentials: Credentials
  /** REST API name of the field by which leads are found. */
  readonly lookupField: string
  readonly mode: SyncMode
  readonly changes: MembershipChange[]
}

/** The values of the form's "Additional Action", as they are stored in schedules. */
export type AdditionalAction = "addCampaign" | "addList" | "removeList" | "none"

/** Ids in addresses of Marketo's user interface: #ST1534A1 is static list 1534, #SC2033B2 smart campaign 2033. */
const INTERFACE_ID = /^#?(ST|SC)(\d+)[A-Z]\d+$/i

/**
 * Reads the settings and the form's values of a request.
 * Throws MarketoSettingsError for what cannot work; its texts are those that users of the upstream action know.
 */
export function readRunSettings(request: Hub.ActionRequest, configuration: MarketoConfiguration): RunSettings {
  const { subaction, campaignId, lookupField } = request.formParams
  const changes = membershipChanges(subaction, idsIn(campaignId))
  const field = (lookupField ?? "").trim()
  if (field === "") {
    throw refuse("lookupField", "Missing Lookup Field.")
  }
  return {
    credentials: readCredentials(request, configuration),
    lookupField: field,
    // Marketo takes the id for updates only. Source: Marketo developer guide, "Leads".
    mode: field === "id" ? "updateOnly" : "createOrUpdate",
    changes,
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

function membershipChanges(subaction: string | undefined | null, ids: string[]): MembershipChange[] {
  switch (subaction) {
    case undefined:
    case null:
      // Schedules from before the form had a choice: the ids are campaigns, and there may be none.
      return ids.map((id) => ({ kind: "requestCampaign", id: numericId(id, "campaign") }))
    case "none":
      if (ids.length > 0) {
        throw refuse("campaignId",
          "Additional action of 'none' was selected, but additional action ID was provided")
      }
      return []
    case "addCampaign":
      requireIds(ids, "Add to campaign")
      return ids.map((id) => ({ kind: "requestCampaign", id: numericId(id, "campaign") }))
    case "addList":
      requireIds(ids, "Add to list")
      return ids.map((id) => ({ kind: "addToList", id: numericId(id, "list") }))
    case "removeList":
      requireIds(ids, "Remove from list")
      return ids.map((id) => ({ kind: "removeFromList", id: numericId(id, "list") }))
    default:
      throw refuse("subaction", "Unrecognized additional action type")
  }
}

function requireIds(ids: string[], label: string): void {
  if (ids.length === 0) {
    throw refuse("campaignId", `'${label}' was selected, but additional action ID was not provided`)
  }
}

function numericId(id: string, what: "campaign" | "list"): string {
  const match = INTERFACE_ID.exec(id)
  if (match !== null && (match[1].toUpperCase() === "SC") === (what === "campaign")) {
    return match[2]
  }
  if (/^\d{1,15}$/.test(id) && Number(id) > 0) {
    return String(Number(id))
  }
  throw refuse("campaignId", `"${id}" is not a ${what} ID. A ${what} ID is a number; it stands in the address of ` +
    `the ${what} in Marketo, such as 1234 in #${what === "campaign" ? "SC1234B2" : "ST1234A1"}. ` +
    "Separate several IDs by commas.")
}

function refuse(field: string, message: string): MarketoSettingsError {
  return new MarketoSettingsError(message, [{ field, message }])
}
