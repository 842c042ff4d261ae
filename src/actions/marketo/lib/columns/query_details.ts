import * as Hub from "../../../../hub"

/** Facts from the plan about its query, besides the result. */
export interface QueryDetails {
  /** Names of the columns that the visualization hides. */
  hiddenFields: string[]
  /** The most rows that the query gives; undefined for "All Results", and if Looker does not say. */
  rowLimit?: number
  /** The zone of dates and times in the result, as the plan has it: not always a zone's name. */
  timeZone: unknown
}

/**
 * Reads what the plan of a request says about its query; of an action without a plan, nothing is known. Every member is
 * optional: Looker does not promise them.
 */
export function readQueryDetails(request: Hub.ActionRequest): QueryDetails {
  const query = membersOf(request.scheduledPlan?.query)
  const hidden = membersOf(query.vis_config).hidden_fields
  return {
    hiddenFields: Array.isArray(hidden) ? hidden.filter((each): each is string => typeof each === "string") : [],
    rowLimit: readLimit(query.limit),
    timeZone: query.query_timezone,
  }
}

/** A limit of rows, which Looker writes as a number or as text; undefined when there is none (0, -1, null). */
export function readLimit(value: unknown): number | undefined {
  const limit = typeof value === "string" || typeof value === "number" ? Number(value) : NaN
  return Number.isInteger(limit) && limit > 0 ? limit : undefined
}

function membersOf(value: unknown): { [name: string]: unknown } {
  return typeof value === "object" && value !== null ? value as { [name: string]: unknown } : {}
}
