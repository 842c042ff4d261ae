import { MarketoError, MarketoProblem, problemsOf } from "../errors"
import { Envelope, RecordResult } from "./types"

/** In place of the reasons that Marketo did not give for a skip. */
export const NO_REASON: MarketoProblem = { code: "", message: "Marketo skipped this lead without giving a reason" }

/** Returns why a record was skipped; never empty, and each with a text. */
export function reasonsOf(result: RecordResult): MarketoProblem[] {
  const reasons = (result.reasons ?? []).filter((reason) => reason.code !== "" || reason.message !== "")
  return reasons.length > 0 ? reasons.map(withText) : [NO_REASON]
}

function withText({ code, message }: MarketoProblem): MarketoProblem {
  return { code, message: message === "" ? `Marketo skipped this lead with code ${code} and without a text` : message }
}

/** For a status that is in no document, or is missing: what became of the record is open. */
export function unknownStatus(status: string | undefined): MarketoError {
  const what = status === undefined ? "no status" : `the status "${status}", which is not known`
  return new MarketoError("rejected", `Marketo gave ${what} for this lead.`, { origin: "marketo", maybeExecuted: true })
}

/** Results are matched by position only: another number of them is of no use. Source: "Leads". */
export function resultsInOrder(envelope: Envelope<unknown>, expected: number): RecordResult[] {
  const results = resultsOf(envelope)
  if (results.length !== expected) {
    throw notToldApart(`Marketo answered for ${results.length} of ${expected} leads`, envelope)
  }
  return results
}

/** The results of a program call, one per lead asked for, in that order: they carry their place in it as `seq`. */
export function resultsBySequence(envelope: Envelope<unknown>, leadIds: number[]): RecordResult[] {
  const results = resultsInOrder(envelope, leadIds.length)
  const ordered = results.every((result) => result.seq !== undefined) ?
    results.sort((one, other) => (one.seq ?? 0) - (other.seq ?? 0)) : results
  const isInPlace = ordered.every(({ seq, leadId }, index) =>
    (seq ?? index) === index && (leadId ?? leadIds[index]) === leadIds[index])
  if (!isInPlace) {
    throw notToldApart("Marketo answered for other leads than those it was asked for", envelope)
  }
  return ordered
}

/** The results of a membership call, one per lead asked for, in that order; Marketo names the leads by id. */
export function resultsById(envelope: Envelope<unknown>, leadIds: number[]): RecordResult[] {
  const results = resultsOf(envelope)
  const byId = new Map<number, RecordResult>()
  for (const result of results) {
    if (result.id !== undefined) {
      byId.set(result.id, result)
    }
  }
  if (leadIds.every((id) => byId.has(id))) {
    return leadIds.map((id) => byId.get(id) as RecordResult)
  }
  const inOrder = resultsInOrder(envelope, leadIds.length)
  if (!inOrder.every(({ id }, index) => (id ?? leadIds[index]) === leadIds[index])) {
    throw notToldApart("Marketo answered for other leads than those it was asked for", envelope)
  }
  return inOrder
}

function resultsOf(envelope: Envelope<unknown>): RecordResult[] {
  return (Array.isArray(envelope.result) ? envelope.result : []).map(recordResult)
}

function notToldApart(what: string, envelope: Envelope<unknown>): MarketoError {
  return new MarketoError("unavailable", `${what}, so the results cannot be matched to leads.`,
    { origin: "marketo", requestId: envelope.requestId, maybeExecuted: true })
}

function recordResult(value: unknown): RecordResult {
  const entry = (typeof value === "object" && value !== null ? value : {}) as {
    id?: unknown, leadId?: unknown, seq?: unknown, status?: unknown, reasons?: unknown, reason?: unknown,
  }
  // Adobe's API description names a single `reason` for leads; real answers carry `reasons`.
  const reasons: MarketoProblem[] = problemsOf(entry.reasons ?? (entry.reason === undefined ? [] : [entry.reason]))
  return {
    id: numberOf(entry.id),
    leadId: numberOf(entry.leadId),
    seq: numberOf(entry.seq),
    status: typeof entry.status === "string" ? entry.status : undefined,
    reasons,
  }
}

function numberOf(value: unknown): number | undefined {
  const parsed = typeof value === "string" && value !== "" ? Number(value) : value
  return typeof parsed === "number" && Number.isFinite(parsed) ? parsed : undefined
}
