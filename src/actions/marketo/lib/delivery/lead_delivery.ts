import { performance } from "perf_hooks"
import { MarketoClient } from "../api/client"
import { syncLeadsBody } from "../api/lead_calls"
import { BatchSizes, MAX_BODY_BYTES } from "../configuration/limits"
import { MarketoError, RunStoppedError } from "../errors"
import { LeadIdSet } from "../membership/lead_id_set"
import { cutOffError, MembershipDelivery } from "../membership/membership_delivery"
import { LeadReservations } from "../quota/lead_reservations"
import { longestUpsertMs } from "../quota/retry_policy"
import { Lead, QueuedLead } from "../report/lead"
import { isApplied, LeadOutcome } from "../report/outcomes"
import { RunReport } from "../report/run_report"
import { MembershipChange } from "../settings/membership_change"
import { RunSettings } from "../settings/run_settings"
import { RunControl } from "../stopping/run_control"
import { listMissing, quotaSpent, unexpectedFailure } from "../stopping/stop_reasons"
import { LeadBatch, LeadBatcher } from "./lead_batcher"
import { LeadLookup } from "./lead_lookup"
import { LeadSender, LeadSync } from "./lead_sync"
import { comparisonFor } from "./lookup_comparison"
import { isRunEnding, RunProspects } from "./run_prospects"

/** Batches kept ready beside those on the wire, so that a free place is filled at once. */
const BATCHES_READY = 2

/**
 * Follow-up calls, for each call at once, that may wait before the reading of rows waits, too. They wait while there
 * are upserts to send, so that none of them has to wait for the last upserts at the end of a run.
 */
const FOLLOW_UPS_WAITING = 4

/** Batches that may wait for a repetition without holding up the reading of rows. */
const MOST_PARKED = 16

/** Leads that may wait for another upsert of their lookup value before the reading of rows waits, too. */
const MOST_WAITING = 10000

/** The same in bytes of their JSON. */
const MOST_WAITING_BYTES = 32 * 1024 * 1024

/**
 * Takes leads as they are read, upserts them in batches and changes memberships, several calls at once, and enters
 * every outcome into the report. Reading may go on while `add` gives back nothing; otherwise it waits for the promise.
 */
export class LeadDelivery {
  private readonly batcher: LeadBatcher
  private readonly sender: LeadSender
  private readonly memberships: MembershipDelivery
  private readonly prospects = new RunProspects()
  private readonly mostUpserts: number
  private readonly mostFollowUps: number
  private active = 0
  /** Upserts among the calls under way. */
  private upserts = 0
  private parked = 0
  /** No more leads will be added. */
  private isEnded = false
  /** The report is closed: what still comes back is too late for it. */
  private isOver = false
  /** For each piece of work under way, how to report it when it is cut off. */
  private readonly underWay = new Set<() => void>()
  private roomPromise: Promise<void> | undefined
  private announceRoom: (() => void) | undefined
  private announceIdle: (() => void) | undefined
  private isAdvanceDue = false

  constructor(
    private readonly client: MarketoClient,
    settings: RunSettings,
    private readonly run: RunControl,
    private readonly report: RunReport,
    batchSizes: BatchSizes,
    concurrentCalls: number,
    reservations = new LeadReservations(),
  ) {
    const emptyBody = syncLeadsBody({ ...settings, leads: [] })
    this.batcher = new LeadBatcher(
      { leads: batchSizes.sync, bytes: MAX_BODY_BYTES - Buffer.byteLength(emptyBody) },
      comparisonFor(settings.lookupField),
      settings.isDryRun ? new LeadReservations() : reservations,
      () => this.advanceSoon())
    this.sender = settings.isDryRun ? new LeadLookup(client, settings) : new LeadSync(client, settings)
    this.memberships = new MembershipDelivery(client, settings.changes, run, report, batchSizes,
      (work, abandon) => this.start(work, abandon))
    this.mostUpserts = concurrentCalls + BATCHES_READY
    this.mostFollowUps = concurrentCalls * FOLLOW_UPS_WAITING
  }

  /** Takes one lead. The promise, which never rejects, resolves when there is room for more. */
  add(lead: Lead): Promise<void> | undefined {
    if (this.batcher.add(lead) === "tooLarge") {
      this.report.rowSkipped("Lead is larger than one call to Marketo may be (1 MB)", lead.lookupValue)
      return undefined
    }
    this.sendClosedBatches()
    if (this.isCrowded()) {
      this.advance()
    }
    return this.isFull() ? this.room() : undefined
  }

  /** Marketo's ids of the leads that were handed to a membership change. */
  leadIdsFor(change: MembershipChange): LeadIdSet {
    return this.memberships.leadIdsFor(change)
  }

  /** Sends what is left; resolves when every lead has its outcome, or when the run's grace after a stop is over. */
  async finish(stopGraceMs: number): Promise<void> {
    this.isEnded = true
    this.advance()
    if (!this.isIdle()) {
      await this.idleOrOutOfGrace(stopGraceMs)
    }
    this.isOver = true
    this.memberships.close()
    for (const abandon of [...this.underWay]) {
      abandon()
    }
    this.reportUnsent()
  }

  private async idleOrOutOfGrace(stopGraceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.announceIdle = resolve
      this.run.onStop(() => {
        timer = setTimeout(resolve, stopGraceMs)
        this.advance()
      })
    })
    if (timer !== undefined) {
      clearTimeout(timer)
    }
  }

  private sendClosedBatches(): void {
    for (let batch = this.batcher.take(); batch !== undefined; batch = this.batcher.take()) {
      const { leads } = batch
      this.start(this.upsert(batch), () => {
        for (const lead of leads) {
          this.report.leadOutcome({ kind: "failed", lead, error: cutOffError(), runningUntil: this.latestEnd() }, "")
        }
      })
    }
  }

  private async upsert(batch: LeadBatch): Promise<void> {
    this.upserts++
    let outcomes: LeadOutcome[] = []
    try {
      outcomes = this.memberships.needsPreparation && !await this.isPrepared() ?
        batch.leads.map((lead): LeadOutcome => ({ kind: "notSent", lead })) :
        await this.sender.send(batch.leads, (isParked) => this.park(isParked))
    } finally {
      this.upserts--
      this.batcher.answered(batch, runningUntil(batch.leads, outcomes, this.latestEnd()))
    }
    if (this.isOver) {
      return
    }
    const stopReason = this.prospects.learnFrom(outcomes)
    if (stopReason !== undefined) {
      this.run.stop(stopReason)
    }
    const stopMessage = this.stopMessage()
    for (const outcome of outcomes) {
      const isRefusedUnsent = outcome.kind === "failed" && isRunEnding(outcome.error) && !outcome.error.maybeExecuted
      this.report.leadOutcome(isRefusedUnsent ? { kind: "notSent", lead: outcome.lead } : outcome, stopMessage)
      if (isApplied(outcome)) {
        this.memberships.add({ leadId: outcome.leadId, lookupValue: outcome.lead.lookupValue })
      }
    }
  }

  /** Whether what the leads are to be added to is there; if it cannot be, the run ends before a lead is sent. */
  private async isPrepared(): Promise<boolean> {
    try {
      await this.memberships.prepare()
      return true
    } catch (failure) {
      if (failure instanceof MarketoError) {
        this.run.stop(failure.kind === "quota" ? quotaSpent(failure) : listMissing(failure))
      } else if (!(failure instanceof RunStoppedError)) {
        throw failure
      }
      return false
    }
  }

  /** Follows one piece of work to its end; an unforeseen failure of ours ends the run and is reported, not lost. */
  private start(work: Promise<void>, abandon: () => void): void {
    this.active++
    this.underWay.add(abandon)
    const ended = work.catch((failure: unknown) => {
      if (!this.isOver) {
        const message = failure instanceof Error ? failure.message : String(failure)
        this.report.runErrors.push(`An unexpected error occurred in the Marketo action: ${message}`)
        this.run.stop(unexpectedFailure())
        abandon()
      }
    })
    void ended.then(() => {
      this.active--
      this.underWay.delete(abandon)
      this.advance()
    })
  }

  /** Moves on after something has ended: sends what has become possible, and tells those who wait. */
  private advance(): void {
    if (this.isOver) {
      return
    }
    this.sendClosedBatches()
    const isNothingToComeSoon = this.active === this.parked
    if (this.isEnded && !this.batcher.isAwaitingAnswers ||
      isNothingToComeSoon && (this.isEnded || this.isCrowded())) {
      this.batcher.close()
      this.sendClosedBatches()
    }
    if (this.isEnded && this.upserts === 0 && this.batcher.openLeads === 0 && this.batcher.waitingLeads === 0) {
      this.memberships.sendPending()
    }
    if (!this.isFull() && this.announceRoom !== undefined) {
      this.announceRoom()
      this.announceRoom = undefined
      this.roomPromise = undefined
    }
    if (this.isIdle() && this.announceIdle !== undefined) {
      this.announceIdle()
    }
  }

  /** Moves on after what is happening just now: leads that waited, perhaps for another run, have moved up. */
  private advanceSoon(): void {
    if (!this.isAdvanceDue) {
      this.isAdvanceDue = true
      setImmediate(() => {
        this.isAdvanceDue = false
        this.advance()
      })
    }
  }

  private park(isParked: boolean): void {
    this.parked += isParked ? 1 : -1
    this.advance()
  }

  private isFull(): boolean {
    const parked = Math.min(this.parked, MOST_PARKED)
    const followUps = this.active - this.upserts
    return this.upserts - parked >= this.mostUpserts || followUps - parked >= this.mostFollowUps || this.isCrowded()
  }

  private isCrowded(): boolean {
    return this.run.stopReason === undefined &&
      (this.batcher.waitingLeads >= MOST_WAITING || this.batcher.waitingBytes >= MOST_WAITING_BYTES)
  }

  /** After a stop nothing more is sent: what has not been sent is reported by `finish`. */
  private isIdle(): boolean {
    return this.isEnded && this.active === 0 && (this.run.stopReason !== undefined ||
      this.batcher.openLeads === 0 && this.batcher.waitingLeads === 0 && this.memberships.pendingLeads === 0)
  }

  private async room(): Promise<void> {
    if (this.roomPromise === undefined) {
      this.roomPromise = new Promise<void>((resolve) => { this.announceRoom = resolve })
    }
    return this.roomPromise
  }

  /** When an upsert that is on its way now has surely ended in Marketo, in ms of `performance.now()`. */
  private latestEnd(): number {
    return performance.now() + longestUpsertMs(this.client.pace)
  }

  private stopMessage(): string {
    return this.run.stopReason === undefined ? "The run was ended" : this.run.stopReason.message
  }

  private reportUnsent(): void {
    const stopMessage = this.stopMessage()
    for (const lead of this.batcher.drain()) {
      this.report.leadOutcome({ kind: "notSent", lead }, stopMessage)
    }
    this.memberships.reportUnsent(stopMessage)
  }
}

/** Leads of which an upsert may be running even now, and until when; `unknown` for those that have no outcome. */
function runningUntil(leads: QueuedLead[], outcomes: LeadOutcome[], unknown: number): Map<QueuedLead, number> {
  const until = new Map(leads.map((lead): [QueuedLead, number] => [lead, unknown]))
  for (const outcome of outcomes) {
    if (outcome.runningUntil === undefined) {
      until.delete(outcome.lead)
    } else {
      until.set(outcome.lead, outcome.runningUntil)
    }
  }
  return until
}
