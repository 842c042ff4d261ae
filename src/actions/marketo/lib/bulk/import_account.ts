import { ImportState } from "../api/import_calls"
import { LookupComparison } from "../delivery/lookup_comparison"
import { LEAD_NOT_FOUND, MarketoError, MarketoProblem, SEVERAL_LEADS_MATCH } from "../errors"
import { QueuedLead } from "../report/lead"
import { LeadOutcome, NO_LEAD_ID } from "../report/outcomes"
import { amount, figure } from "../words/amounts"
import { sentence } from "../words/sentence"
import { FileLead } from "./lead_file"
import { ReasonRow } from "./reason_file"

/** What became of the leads of a file. */
export interface ImportAccount {
  outcomes: LeadOutcome[]
  warnings: { lead: FileLead, reason: string }[]
  /** What does not add up in Marketo's account, in sentences; empty if all does. */
  contradictions: string[]
}

/** Marketo's codes for texts that failure files have in place of them, since the codes have advice. */
const CODES_OF_TEXTS: [RegExp, string][] = [
  [/^Multiple leads? match/i, SEVERAL_LEADS_MATCH], [/^Lead (?:'[^']*' )?not found/i, LEAD_NOT_FOUND],
]

/** Everything that is known of an import that has come to its end. */
export interface EndedImport {
  id: string
  leads: FileLead[]
  state: ImportState
  /** Undefined if they could not be read. */
  failures: ReasonRow[] | undefined
  warnings: ReasonRow[] | undefined
  /** Only updates are possible: the lookup field is the id. */
  isUpdate: boolean
  /** What is known of leads that neither file names, if Marketo gave the import up half-way. */
  gaveUp?: MarketoError
}

/**
 * Returns the outcome of each lead of a file that Marketo has imported: those that its failure file names were skipped,
 * and all others are as they were sent. Where Marketo's numbers and its files disagree, the account says so. Of an
 * import that it gave up, only those leads are certain that one of its files names.
 */
export function accountOf(ended: EndedImport, comparison: LookupComparison): ImportAccount {
  const { id, leads, state, isUpdate, gaveUp } = ended
  const failed = state.failed ?? ended.failures?.length ?? 0
  // Of an import that was given up, this is no word about leads that are not named: Marketo says why it gave up.
  const hasAllFailed = gaveUp === undefined && failed === leads.length && (state.processed ?? 0) === 0
  if (gaveUp === undefined && failed > 0 && ended.failures === undefined && !hasAllFailed) {
    const error = new MarketoError("unavailable", `Marketo says that ${figure(failed)} of the ` +
      `${amount(leads.length, "lead")} in a file failed (import ${id}), and its list of them could not be read.`, {
      maybeExecuted: true,
    })
    return { outcomes: allFailed(leads, error), warnings: [], contradictions: [] }
  }
  const finder = new LeadFinder(leads, comparison)
  const reasons = new Map<FileLead, MarketoProblem>()
  let unknown = 0
  for (const { lookupValue, reason } of ended.failures ?? []) {
    const lead = finder.find(lookupValue)
    if (lead === undefined) {
      unknown++
    } else {
      reasons.set(lead, problemOf(reason))
    }
  }
  // A warning says that its lead was imported, unless Marketo says that none was.
  const wasUntouched = gaveUp !== undefined && state.processed === 0
  const warnings = (wasUntouched ? [] : ended.warnings ?? []).flatMap(({ lookupValue, reason }) => {
    const lead = finder.find(lookupValue)
    return lead === undefined || reasons.has(lead) ? [] : [{ lead, reason }]
  })
  const imported = new Set(gaveUp === undefined ? [] : warnings.map(({ lead }) => lead))
  const doubt = gaveUp ?? (hasAllFailed ? undefined : doubtOf(ended, reasons.size, unknown))
  const others = hasAllFailed ? reasonOfAll(ended) : undefined
  const outcomes = leads.map((lead): LeadOutcome => {
    const reason = reasons.get(lead) ?? others
    return reason !== undefined ? { kind: "skipped", lead: sentLead(lead), reasons: [reason] } :
      doubt !== undefined && !imported.has(lead) ? { kind: "failed", lead: sentLead(lead), error: doubt } :
        { kind: isUpdate ? "updated" : "createdOrUpdated", lead: sentLead(lead), leadId: NO_LEAD_ID }
  })
  return { outcomes, warnings, contradictions: gaveUp === undefined ? contradictionsOf(ended) : [] }
}

/** Returns the outcomes of leads that share a failure. */
export function allFailed(leads: FileLead[], error: MarketoError, runningUntil?: number): LeadOutcome[] {
  return leads.map((lead): LeadOutcome => ({ kind: "failed", lead: sentLead(lead), error, runningUntil }))
}

/** Returns a lead of a file as the report takes it: without the values, which are gone. */
export function sentLead({ lookupValue, rows, leftOut }: FileLead): QueuedLead {
  return { lookupValue, rows, leftOut, record: {}, json: "", bytes: 0, reservation: "" }
}

/** Returns why it is not known of the leads that no failure names whether they were imported; undefined if it is. */
function doubtOf({ id, leads, state }: EndedImport, named: number, unknown: number): MarketoError | undefined {
  const { failed = named + unknown, processed } = state
  const inDoubt = { maybeExecuted: true }
  if (failed > named || unknown > 0) {
    return new MarketoError("unavailable", `Marketo says that ${amount(Math.max(failed, named + unknown), "row")} of ` +
      `the file with these rows failed (import ${id}), and ${named === 0 ? "none" : `only ${figure(named)}`} of them ` +
      "could be matched to leads.",
    inDoubt)
  }
  return processed === undefined || processed >= leads.length - named ? undefined :
    new MarketoError("unavailable", `Marketo says that it imported ${amount(processed, "row")} of the file with ` +
      `these rows (import ${id}), and it should have been ${figure(leads.length - named)}.`, inDoubt)
}

/** Returns why leads failed that Marketo's list does not name, although all leads of the file did. */
function reasonOfAll({ id, failures }: EndedImport): MarketoProblem {
  const [first, ...others] = new Set(failures?.map(({ reason }) => reason))
  return first !== undefined && others.length === 0 ? problemOf(first) : {
    code: "", message: first === undefined ?
      `Marketo imported none of the rows in a file (import ${id}), and its list of reasons could not be read` :
      `Marketo imported none of the rows in a file (import ${id}), and its reasons could not be matched to leads. ` +
        `One of them is: ${problemOf(first).message}`,
  }
}

function contradictionsOf({ id, state: { withWarning = 0 }, warnings }: EndedImport): string[] {
  return withWarning > 0 && warnings === undefined ? [`Marketo imported ${amount(withWarning, "lead")} of a file ` +
    `with a warning (import ${id}), and its list of them could not be read.`] : []
}

function problemOf(reason: string): MarketoProblem {
  const [, code = ""] = CODES_OF_TEXTS.find(([text]) => text.test(reason)) ?? []
  return { code, message: reason === "" ? "Marketo gave no reason" : sentence(reason).replace(/\.$/, "") }
}

/** Finds leads by the lookup value as Marketo writes it back. */
class LeadFinder {
  private byIdentity: Map<string, FileLead> | undefined
  private readonly byReservation = new Map<string, FileLead>()

  constructor(private readonly leads: FileLead[], private readonly comparison: LookupComparison) {}

  find(lookupValue: string): FileLead | undefined {
    if (this.byIdentity === undefined) {
      this.byIdentity = new Map()
      for (const lead of this.leads) {
        this.byIdentity.set(this.comparison.identity(lead.lookupValue), lead)
        this.byReservation.set(this.comparison.reservation(lead.lookupValue), lead)
      }
    }
    return this.byIdentity.get(this.comparison.identity(lookupValue)) ??
      this.byReservation.get(this.comparison.reservation(lookupValue))
  }
}
