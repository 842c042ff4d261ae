import { performance } from "perf_hooks"
import { LeadIdSet } from "../membership/lead_id_set"
import { cutOffError, MembershipDelivery } from "../membership/membership_delivery"
import { Lead, QueuedLead } from "../report/lead"
import { LeadOutcome } from "../report/outcomes"
import { RunReport } from "../report/run_report"
import { MembershipChange } from "../settings/membership_change"
import { RunControl } from "../stopping/run_control"
import { AwaitedMoment } from "./awaited_moment"
import { BatchSending } from "./batch_sending"
import { Delivery } from "./delivery"
import { DeliveryMemory } from "./delivery_memory"
import { LeadBatch, LeadBatcher } from "./lead_batcher"
import { stopMessageOf, UpsertJudgement } from "./upsert_judgement"
import { WorkInFlight } from "./work_in_flight"

/** Batches kept ready in addition to those on the wire, so a free place is filled at once. */
const BATCHES_READY = 2

/**
 * Follow-up calls, for each call at once, that may wait before the reading of rows waits, too. They wait while there
 * are upserts to send, so none of them has to wait for the last upserts at the end of a run.
 */
const FOLLOW_UPS_WAITING = 4

/** Batches that may wait for a repetition without holding up the reading of rows. */
const MOST_PARKED = 16

/** Leads that may wait for another upsert of their lookup value before the reading of rows waits, too. */
const MOST_WAITING = 10000

/** The same in bytes of their JSON. */
const MOST_WAITING_BYTES = 32 * 1024 * 1024

/** Parts that a delivery is put together from. */
export interface LeadDeliveryParts {
  run: RunControl
  report: RunReport
  batcher: LeadBatcher
  sending: BatchSending
  memberships: MembershipDelivery
  work: WorkInFlight
  /** Shared by all deliveries of the process. */
  memory: DeliveryMemory
  /** Calls that may be on the wire at once. */
  concurrentCalls: number
  /** How long Marketo may work on an upsert at most, in ms. */
  longestUpsertMs: number
}

/**
 * Takes leads as they are read, upserts them in batches and changes memberships, several calls at once, and enters
 * every outcome into the report. Reading may go on while `add` returns nothing; otherwise it waits for the promise.
 */
export class LeadDelivery implements Delivery {
  private readonly judgement: UpsertJudgement
  private readonly mostUpserts: number
  private readonly mostFollowUps: number
  private readonly room = new AwaitedMoment()
  private readonly idle = new AwaitedMoment()
  /** Upserts among the work under way. */
  private upserts = 0
  /** No more leads will be added. */
  private isEnded = false
  private isAdvanceDue = false
  /** Bytes that the shared memory knows of. */
  private notedBytes = 0
  private readonly leaveMemory: () => void

  constructor(private readonly parts: LeadDeliveryParts) {
    const { run, report, memberships, batcher, work, memory, concurrentCalls } = parts
    this.judgement = new UpsertJudgement(run, report, memberships)
    this.mostUpserts = concurrentCalls + BATCHES_READY
    this.mostFollowUps = concurrentCalls * FOLLOW_UPS_WAITING
    work.onChange(() => this.advance())
    batcher.onMovedUp(() => this.advanceSoon())
    this.leaveMemory = memory.onRoom(() => this.advanceSoon())
  }

  /** Takes one lead. The promise, which never rejects, resolves when there is room for more. */
  add(lead: Lead): Promise<void> | undefined {
    if (this.parts.batcher.add(lead) === "tooLarge") {
      this.parts.report.rowSkipped("Lead is larger than one call to Marketo may be (1 MB)", lead.lookupValue)
      return undefined
    }
    this.sendClosedBatches()
    this.noteMemory()
    if (this.isCrowded()) {
      this.advance()
    }
    return this.isFull() ? this.room.wait() : undefined
  }

  /** Returns Marketo's ids of the leads that were handed to a membership change. */
  leadIdsFor(change: MembershipChange): LeadIdSet {
    return this.parts.memberships.leadIdsFor(change)
  }

  /** Sends what is left; resolves when every lead has its outcome, or when the run's grace after a stop is over. */
  async finish(stopGraceMs: number): Promise<void> {
    this.isEnded = true
    this.advance()
    if (!this.isIdle()) {
      await this.idleOrOutOfGrace(stopGraceMs)
    }
    this.parts.work.close()
    this.reportUnsent()
    this.leaveMemory()
    this.parts.memory.change(-this.notedBytes)
  }

  private async idleOrOutOfGrace(stopGraceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const idle = this.idle.wait()
    const unsubscribe = this.parts.run.onStop(() => {
      timer = setTimeout(() => this.idle.hasCome(), stopGraceMs)
      this.advance()
    })
    await idle
    unsubscribe()
    if (timer !== undefined) {
      clearTimeout(timer)
    }
  }

  private sendClosedBatches(): void {
    const { batcher, work } = this.parts
    for (let batch = batcher.take(); batch !== undefined; batch = batcher.take()) {
      const taken = batch
      work.start(this.upsert(taken), () => this.reportCutOff(taken))
    }
  }

  private async upsert(batch: LeadBatch): Promise<void> {
    const { batcher, sending, work } = this.parts
    this.upserts++
    let outcomes: LeadOutcome[] = []
    try {
      outcomes = await sending.send(batch, (isParked) => work.park(isParked))
    } finally {
      this.upserts--
      batcher.answered(batch, batch.isOnTheWire ? runningUntil(batch.leads, outcomes, this.latestEnd()) : undefined)
    }
    if (!work.isOver) {
      this.judgement.enter(outcomes)
    }
  }

  private reportCutOff({ leads, isOnTheWire }: LeadBatch): void {
    const { run, report } = this.parts
    for (const lead of leads) {
      report.leadOutcome(isOnTheWire ?
        { kind: "failed", lead, error: cutOffError(), runningUntil: this.latestEnd() } : { kind: "notSent", lead },
      stopMessageOf(run))
    }
  }

  /** Moves on after something has ended: sends what has become possible, and lets those who wait go on. */
  private advance(): void {
    const { batcher, memberships, work } = this.parts
    if (work.isOver) {
      return
    }
    this.sendClosedBatches()
    this.noteMemory()
    const isNothingToComeSoon = work.active === work.parked
    if (this.isEnded && !batcher.isAwaitingAnswers ||
      isNothingToComeSoon && (this.isEnded || this.isCrowded())) {
      batcher.close()
      this.sendClosedBatches()
    }
    if (this.isEnded && this.upserts === 0 && batcher.openLeads === 0 && batcher.waitingLeads === 0) {
      memberships.sendPending()
    }
    if (!this.isFull()) {
      this.room.hasCome()
    }
    if (this.isIdle()) {
      this.idle.hasCome()
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

  private isFull(): boolean {
    const { work } = this.parts
    const parked = Math.min(work.parked, MOST_PARKED)
    const followUps = work.active - this.upserts
    return this.upserts - parked >= this.mostUpserts || followUps - parked >= this.mostFollowUps ||
      this.upserts > 0 && this.parts.memory.isFull || this.isCrowded()
  }

  private isCrowded(): boolean {
    const { run, batcher, memory } = this.parts
    return run.stopReason === undefined && (batcher.waitingLeads >= MOST_WAITING ||
      batcher.waitingBytes >= MOST_WAITING_BYTES || batcher.waitingLeads > 0 && memory.isFull)
  }

  private noteMemory(): void {
    const { batcher, memberships, memory } = this.parts
    const bytes = batcher.heldBytes + memberships.heldBytes
    const more = bytes - this.notedBytes
    this.notedBytes = bytes
    memory.change(more)
  }

  /** After a stop nothing more is sent: what has not been sent is reported by `finish`. */
  private isIdle(): boolean {
    const { run, batcher, memberships, work } = this.parts
    return this.isEnded && work.active === 0 && (run.stopReason !== undefined ||
      batcher.openLeads === 0 && batcher.waitingLeads === 0 && memberships.pendingLeads === 0)
  }

  /** When an upsert that is on its way now has surely ended in Marketo, in ms of `performance.now()`. */
  private latestEnd(): number {
    return performance.now() + this.parts.longestUpsertMs
  }

  private reportUnsent(): void {
    const { run, report, batcher, memberships } = this.parts
    const stopMessage = stopMessageOf(run)
    for (const lead of batcher.drain()) {
      report.leadOutcome({ kind: "notSent", lead }, stopMessage)
    }
    memberships.reportUnsent(stopMessage)
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
