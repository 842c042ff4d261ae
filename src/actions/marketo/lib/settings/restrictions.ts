import { TargetKind } from "../api/types"
import { MarketoSettingsError, refusal } from "../errors"
import { addressed } from "./marketo_address"
import { MembershipChange, quotedNameOrId, targetKind } from "./membership_change"
import { Params, settingText } from "./param_text"
import { RunOptions } from "./run_options"
import { idsIn } from "./target_ids"

/** The limits that an administrator of Looker sets to what the people there can do in Marketo. */
export interface Restrictions {
  /** The only targets that may be sent to; undefined for all. A kind without any may not be sent to at all. */
  readonly targets?: ReadonlyMap<TargetKind, ReadonlySet<string>>
  readonly mayCreate: boolean
  readonly mayRemove: boolean
  readonly mayMirror: boolean
}

/** The settings' names and labels, as an administrator sees them. */
export const ALLOWED_TARGETS = { name: "allowedTargets", label: "Only These Lists, Campaigns and Programs" }
export const NOT_ALLOWED = { name: "notAllowed", label: "Not Allowed" }

/** No limits. */
export const UNRESTRICTED: Restrictions = { mayCreate: true, mayRemove: true, mayMirror: true }

const FORBIDDABLE = ["create", "remove", "mirror"]

/**
 * Reads the two settings; blank ones, and settings of hubs and schedules that do not have them, restrict nothing.
 * Throws MarketoSettingsError for what cannot be read: it must not count as no restriction.
 */
export function readRestrictions(params: Params): Restrictions {
  const words = idsIn(settingText(params, NOT_ALLOWED.name, NOT_ALLOWED.label).replace(/\s+/g, ","))
    .map((word) => word.toLowerCase())
  const unknown = words.find((word) => !FORBIDDABLE.includes(word))
  if (unknown !== undefined) {
    throw new MarketoSettingsError(`The setting "${NOT_ALLOWED.label}" of the Marketo action has "${unknown}". It ` +
      `takes ${FORBIDDABLE.join(", ")}, separated by commas. An administrator of Looker has to mend it.`)
  }
  const mayRemove = !words.includes("remove")
  return {
    targets: readTargets(settingText(params, ALLOWED_TARGETS.name, ALLOWED_TARGETS.label)),
    mayCreate: !words.includes("create"),
    mayRemove,
    // Mirroring removes members.
    mayMirror: mayRemove && !words.includes("mirror"),
  }
}

function readTargets(text: string): Restrictions["targets"] {
  const ids = idsIn(text)
  if (ids.length === 0) {
    return undefined
  }
  const targets = new Map<TargetKind, Set<string>>(
    [["list", new Set()], ["campaign", new Set()], ["program", new Set()]])
  for (const id of ids) {
    const address = addressed(id)
    if (address?.kind === undefined) {
      throw new MarketoSettingsError(`The setting "${ALLOWED_TARGETS.label}" of the Marketo action has "${id}", ` +
        "which is no list, campaign or program. It takes their addresses, or the ends of these, such as ST1001A1, " +
        "SC2001B2 or PG3001A1, separated by commas. An administrator of Looker has to mend it.")
    }
    targets.get(address.kind)?.add(String(Number(address.id)))
  }
  return targets
}

/** Returns true if leads may be sent to the target. A list that is yet to be made has no id. */
export function mayUse({ targets }: Restrictions, kind: TargetKind, id: string | undefined): boolean {
  return targets === undefined || id !== undefined && targets.get(kind)?.has(id) === true
}

/** Throws MarketoSettingsError if a run with these options would do what it may not. */
export function checkOptions({ mayCreate }: Restrictions, { mode }: Pick<RunOptions, "mode">): void {
  if (!mayCreate && mode !== "updateOnly") {
    throw refusal("leadMode", "Leads may not be created from this Looker. Choose \"Only update existing leads\" " +
      "under More Options, Leads to Send.")
  }
}

/**
 * Throws MarketoSettingsError if a change does what it may not. Lists that were given by name are checked once their
 * ids are known: `areNamesResolved`.
 */
export function checkChanges(
  restrictions: Restrictions, changes: MembershipChange[], areNamesResolved: boolean,
): void {
  for (const change of changes) {
    const kind = targetKind(change)
    if (change.kind === "mirrorList" && !restrictions.mayMirror) {
      throw refusal("subaction", "Lists may not be mirrored from this Looker. Choose another additional action.")
    }
    if ((change.kind === "removeFromList" || change.kind === "removeFromProgram") && !restrictions.mayRemove) {
      throw refusal("subaction", `Nobody may be removed from ${kind}s from this Looker. Choose another additional ` +
        "action.")
    }
    const isKnown = change.target.id !== undefined || areNamesResolved
    if (isKnown && !mayUse(restrictions, kind, change.target.id)) {
      throw refusal(change.target.id === undefined ? "listName" : "campaignId",
        `The ${kind} ${quotedNameOrId(change.target)} may not be sent to from this Looker. Choose one of those in ` +
          "the form, or ask an administrator of Looker to allow it.")
    }
  }
}
