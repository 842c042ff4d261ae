import * as Hub from "../../../hub"
import { TimeZone } from "./value_types/time_zone"

/** What the plan tells of its query beside the result. */
export interface QueryDetails {
  /** Names of the columns that the visualization hides. */
  hiddenFields: string[]
  /** Zone of the dates and times in the result; UTC when the query tells none, or none that is known. */
  zone: TimeZone
  /** For a result with times, when the zone was a guess. */
  zoneNote?: string
}

/**
 * Reads what the plan of a request tells of its query; of an action without a plan, nothing is known. Every member is
 * optional: Looker does not promise them.
 */
export function readQueryDetails(request: Hub.ActionRequest): QueryDetails {
  const query = membersOf(request.scheduledPlan?.query)
  const hidden = membersOf(query.vis_config).hidden_fields
  const hiddenFields = Array.isArray(hidden) ? hidden.filter((each): each is string => typeof each === "string") : []
  const name = query.query_timezone
  if (typeof name !== "string" || name.trim() === "") {
    return {
      hiddenFields, zone: TimeZone.utc,
      zoneNote: "The query does not tell its time zone; times were taken as UTC.",
    }
  }
  const zone = TimeZone.named(name.trim())
  return zone === undefined ? {
    hiddenFields, zone: TimeZone.utc,
    zoneNote: `The query's time zone "${name.trim()}" is not known here; times were taken as UTC.`,
  } : { hiddenFields, zone }
}

function membersOf(value: unknown): { [name: string]: unknown } {
  return typeof value === "object" && value !== null ? value as { [name: string]: unknown } : {}
}
