import { performance } from "perf_hooks"
import { MarketoClient } from "../api/client"
import { SyncMode } from "../api/lead_calls"
import { reasonsOf, unknownStatus } from "../api/record_results"
import { RecordResult } from "../api/types"
import { LEAD_ALREADY_EXISTS, MarketoError, RunStoppedError } from "../errors"
import { HalvingBudget } from "../quota/halving"
import { backOff, isTimedOut, longestUpsertMs, mayBeOneRecord, MOST_FAILURES } from "../quota/retry_policy"
import { QueuedLead } from "../report/lead"
import { LeadOutcome, NO_LEAD_ID } from "../report/outcomes"
import { BatchParking } from "./batch_parking"
import { LeadLosses } from "./lead_losses"
import { LostUpserts } from "./lost_upsert"
import { OutgrownError } from "./outgrown_error"
import { UpsertLimits } from "./upsert_limits"

/** How the leads of a run are upserted. */
export interface SyncSettings {
  mode: SyncMode
  lookupField: string
  partitionName?: string
}

/** What brings batches of leads to Marketo, or asks what would become of them. */
export interface LeadSender {
  /** The outcome of each lead, in any order. Never rejects for what Marketo says. */
  send(leads: QueuedLead[], onParked: (isParked: boolean) => void): Promise<LeadOutcome[]>
}

/** Attempts at a call over which Marketo ran out of time, before it is halved. Source: "Error Codes", 604. */
const MOST_TIMEOUTS = 2

/** One batch on its way. */
interface Batch {
  /** Reports the waits of the batch's upserts to its parking. */
  client: MarketoClient
  parking: BatchParking
  losses: LeadLosses
}

/**
 * Result of one call: an answer for each lead; nothing, since it was not sent; or a failure, and the time of sending.
 */
type UpsertAttempt =
  { kind: "answered", results: RecordResult[] } |
  { kind: "outgrown" } |
  { kind: "failed", failure: MarketoError | RunStoppedError, sentAt: number }

/**
 * Upserts batches of leads for one run.
 *
 * - A call that is refused as a whole for what one record may cause, or for its size, is split in halves until the
 *   guilty records are alone; when nothing ever passes, the search ends soon.
 * - A call that got no usable answer is repeated as soon as that can create nobody twice; see LostUpserts.
 * - Calls that turn out to be too large make the following ones smaller; see UpsertLimits.
 */
export class LeadSync implements LeadSender {
  private readonly budget = new HalvingBudget()
  private readonly limits = new UpsertLimits()
  private readonly lostUpserts: LostUpserts
  private readonly mayCreate: boolean

  constructor(private readonly client: MarketoClient, private readonly settings: SyncSettings) {
    this.lostUpserts = new LostUpserts(client, settings.lookupField)
    this.mayCreate = settings.mode !== "updateOnly"
  }

  async send(leads: QueuedLead[], onParked: (isParked: boolean) => void): Promise<LeadOutcome[]> {
    const parking = new BatchParking(onParked)
    const client = this.client.watchedBy({ callParked: (isParked) => parking.callWaits(isParked) })
    return this.upsert(leads, { client, parking, losses: new LeadLosses(this.mayCreate) })
  }

  /** Upserts leads in calls of the size that the run has learned, or smaller. */
  private async upsert(leads: QueuedLead[], batch: Batch, mostLeads?: number): Promise<LeadOutcome[]> {
    const calls = this.limits.split(leads, mostLeads)
    return joined(await Promise.all(calls.map(async (call) => this.call(call, batch))))
  }

  private async call(leads: QueuedLead[], batch: Batch): Promise<LeadOutcome[]> {
    const attempt = await this.attempt(leads, batch)
    if (attempt.kind === "outgrown") {
      return this.upsert(leads, batch)
    }
    if (attempt.kind === "answered") {
      this.limits.passed(leads)
      return attempt.results.map((result, index) => batch.losses.settle(outcomeOf(leads[index], result)))
    }
    const { failure, sentAt } = attempt
    if (failure instanceof RunStoppedError) {
      return leads.map((lead) => batch.losses.settle({ kind: "notSent", lead }))
    }
    if (isTimedOut(failure)) {
      this.limits.timedOut(leads)
    } else if (failure.kind === "tooLarge") {
      this.limits.tooLarge(leads)
    }
    return failure.maybeExecuted ? this.afterLoss(leads, failure, sentAt, batch) :
      this.afterRefusal(leads, failure, batch)
  }

  private async attempt(leads: QueuedLead[], { client, parking }: Batch): Promise<UpsertAttempt> {
    let sentAt: number | undefined
    try {
      const results = await parking.duringCall(this.budget.follow(client.leads.sync({
        mode: this.settings.mode,
        lookupField: this.settings.lookupField,
        partitionName: this.settings.partitionName,
        leads: leads.map((lead) => lead.json),
        beforeAttempt: () => {
          sentAt = undefined
          if (!this.limits.allow(leads)) {
            throw new OutgrownError()
          }
        },
        onSent: () => { sentAt = performance.now() },
      })))
      return { kind: "answered", results }
    } catch (failure) {
      if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
        // A request that did not leave in full may have left by now.
        return { kind: "failed", failure, sentAt: sentAt ?? performance.now() }
      }
      if (failure instanceof OutgrownError) {
        return { kind: "outgrown" }
      }
      throw failure
    }
  }

  /** Marketo surely did nothing of the call. */
  private async afterRefusal(leads: QueuedLead[], error: MarketoError, batch: Batch): Promise<LeadOutcome[]> {
    if (mayBeOneRecord(error) && leads.length > 1 && await this.budget.take()) {
      return this.upsert(leads, batch, Math.ceil(leads.length / 2))
    }
    const [lead] = leads
    if (leads.length === 1 && error.kind === "rejected" && !batch.losses.has(lead)) {
      return [{ kind: "skipped", lead, reasons: [{ code: error.code ?? "", message: error.message }] }]
    }
    return this.failed(leads, error, batch)
  }

  /** Marketo may have done the call, wholly or in part, and may be at it. */
  private async afterLoss(
    leads: QueuedLead[], error: MarketoError, sentAt: number, batch: Batch,
  ): Promise<LeadOutcome[]> {
    const { losses, parking } = batch
    losses.note(leads, sentAt, error.maybeRunning ? sentAt + longestUpsertMs(this.client.pace) : undefined)
    const attempts = losses.attempts(leads)
    let mostLeads: number | undefined
    if (!mayPass(error) || attempts >= (isTimedOut(error) && leads.length > 1 ? MOST_TIMEOUTS : MOST_FAILURES)) {
      const isWorthHalving = (mayBeOneRecord(error) || isTimedOut(error)) && leads.length > 1
      if (!isWorthHalving || !await this.budget.take()) {
        return this.failed(leads, error, batch)
      }
      mostLeads = Math.ceil(leads.length / 2)
      losses.restart(leads)
    }

    const repeated: Promise<LeadOutcome[]>[] = []
    const repeat = (some: QueuedLead[]) => {
      const repetition = this.repeat(some, batch, mostLeads)
      // Until it is waited for below.
      repetition.catch(() => undefined)
      repeated.push(repetition)
    }
    const unrepeated = await parking.duringWait(this.untilRepeated(leads, error, attempts, losses, repeat))
    const outcomes = joined(await Promise.all(repeated))
    return outcomes.concat(unrepeated.map((lead) => losses.settle({ kind: "notSent", lead })))
  }

  /** Returns the leads that were not repeated, since the run was told to stop. */
  private async untilRepeated(
    leads: QueuedLead[], error: MarketoError, attempts: number, losses: LeadLosses,
    repeat: (leads: QueuedLead[]) => void,
  ): Promise<QueuedLead[]> {
    if (attempts > 1 || !this.mayCreate) {
      try {
        await this.client.waitAfter(error, backOff(attempts, this.client.pace))
      } catch (stopped) {
        if (stopped instanceof RunStoppedError) {
          return leads
        }
        throw stopped
      }
    }
    if (this.mayCreate) {
      return this.lostUpserts.untilRepeatable(leads, losses, error, repeat)
    }
    repeat(leads)
    return []
  }

  private async repeat(leads: QueuedLead[], batch: Batch, mostLeads?: number): Promise<LeadOutcome[]> {
    // To create those who exist changes nothing: the answer is known.
    const existing = this.settings.mode === "createOnly" ? leads.filter((lead) => batch.losses.isFound(lead)) : []
    const others = leads.filter((lead) => !existing.includes(lead))
    const reasons = [{ code: LEAD_ALREADY_EXISTS, message: "Lead already exists" }]
    return existing.map((lead) => batch.losses.settle({ kind: "skipped", lead, reasons }))
      .concat(others.length === 0 ? [] : await this.upsert(others, batch, mostLeads))
  }

  private failed(leads: QueuedLead[], error: MarketoError, batch: Batch): LeadOutcome[] {
    return leads.map((lead) => batch.losses.settle({ kind: "failed", lead, error }))
  }
}

/** Returns true for failures that may not be met again. */
function mayPass(error: MarketoError): boolean {
  return error.kind === "unavailable" || error.kind === "throttled"
}

/** Reads one element. Without a status, its id says enough. A status that is in no document leaves the outcome open. */
function outcomeOf(lead: QueuedLead, result: RecordResult): LeadOutcome {
  const status = result.status ?? (result.id === undefined ? "skipped" : "updated")
  if (status === "created" || status === "updated") {
    return { kind: status, lead, leadId: result.id ?? NO_LEAD_ID }
  }
  return status === "skipped" || (result.reasons ?? []).length > 0 ?
    { kind: "skipped", lead, reasons: reasonsOf(result) } :
    { kind: "failed", lead, error: unknownStatus(result.status) }
}

function joined<T>(lists: T[][]): T[] {
  return lists.reduce((all, list) => all.concat(list), [])
}
