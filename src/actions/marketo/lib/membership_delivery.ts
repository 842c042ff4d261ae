import { MarketoError, RunStoppedError } from "./errors"
import { LeadIdSet } from "./lead_id_set"
import { NO_LEAD_ID } from "./lead_sync"
import { BatchSizes } from "./limits"
import { MarketoClient } from "./marketo_client"
import { membershipStrategy } from "./membership"
import { MembershipChange } from "./membership_change"
import { MembershipLead, MembershipOutcome, MembershipStrategy } from "./membership_outcome"
import { mayBeOneRecord } from "./retry_policy"
import { RunControl } from "./run_control"
import { RunReport } from "./run_report"
import { quotaReturns, quotaSpent } from "./stop_reasons"

/** So many calls that were refused one after the other, for a reason which may lie in their leads, are enough. */
const MOST_REFUSALS_IN_A_ROW = 3

/** One membership change of the run, with the leads that wait for their call. */
interface MembershipQueue {
  change: MembershipChange
  strategy: MembershipStrategy
  /** Leads that were handed to a call, or wait for one. */
  seen: LeadIdSet
  pending: MembershipLead[]
  /** Why Marketo refuses every call for this change; further calls are spared. */
  refusal?: MarketoError
  /** Calls in a row that were refused for a reason which may lie in their leads. */
  refusalsInARow: number
}

/** Follows one piece of work to its end; `abandon` reports it when the run is cut off before. */
export type StartWork = (work: Promise<void>, abandon: () => void) => void

/**
 * Changes the memberships of leads that have been upserted: gathers them across upserts into full calls, hands each
 * lead to each change once, and enters every outcome into the report.
 */
export class MembershipDelivery {
  private readonly queues: MembershipQueue[]
  /** The report is closed: what still comes back is too late for it. */
  private isOver = false

  constructor(
    client: MarketoClient,
    changes: MembershipChange[],
    private readonly run: RunControl,
    private readonly report: RunReport,
    batchSizes: BatchSizes,
    private readonly start: StartWork,
  ) {
    this.queues = changes.map((change) => ({
      change, strategy: membershipStrategy(client, change, batchSizes), seen: new LeadIdSet(), pending: [],
      refusalsInARow: 0,
    }))
  }

  /** Whether there is anything to be found or made before the first lead is sent. */
  get needsPreparation(): boolean {
    return !this.report.isDryRun && this.queues.some(({ strategy }) => strategy.prepare !== undefined)
  }

  /** Finds or makes what leads are to be added to. Throws as MarketoCaller.send does. */
  async prepare(): Promise<void> {
    await Promise.all(this.queues.map(async ({ strategy }) => strategy.prepare?.()))
  }

  /** Leads that wait for their call to fill. */
  get pendingLeads(): number {
    return this.queues.reduce((count, queue) => count + queue.pending.length, 0)
  }

  /** Marketo's ids of the leads that were handed to a change. */
  leadIdsFor(change: MembershipChange): LeadIdSet {
    const queue = this.queues.find((each) => each.change === change)
    return queue === undefined ? new LeadIdSet() : queue.seen
  }

  /** Takes a lead that has been upserted. A dry run only takes note of it. */
  add(lead: MembershipLead): void {
    for (const queue of this.queues) {
      if (lead.leadId === NO_LEAD_ID && !this.report.isDryRun) {
        this.report.membershipOutcome(queue.change, { kind: "failed", lead, error: idMissing() })
        continue
      }
      const isNew = queue.seen.add(lead.leadId)
      if (isNew && !this.report.isDryRun) {
        queue.pending.push(lead)
        if (queue.pending.length >= queue.strategy.batchSize) {
          this.send(queue)
        }
      }
    }
  }

  /** Sends what waits, in calls that are not full. */
  sendPending(): void {
    for (const queue of this.queues) {
      this.send(queue)
    }
  }

  /** Enters what still waits into the report, as not done for this reason. */
  reportUnsent(reason: string): void {
    for (const { change, pending } of this.queues) {
      for (const lead of pending.splice(0)) {
        this.report.membershipOutcome(change, { kind: "failed", lead, error: new RunStoppedError(reason) })
      }
    }
  }

  /** Outcomes that come back from now on are not reported any more. */
  close(): void {
    this.isOver = true
  }

  private send(queue: MembershipQueue): void {
    const leads = queue.pending
    queue.pending = []
    if (leads.length > 0) {
      this.start(this.apply(queue, leads), () => this.reportFailed(queue, leads, cutOffError()))
    }
  }

  private async apply(queue: MembershipQueue, leads: MembershipLead[]): Promise<void> {
    if (queue.refusal !== undefined) {
      this.reportFailed(queue, leads, queue.refusal)
      return
    }
    const outcomes = await queue.strategy.apply(leads)
    if (this.isOver) {
      return
    }
    for (const outcome of outcomes) {
      this.report.membershipOutcome(queue.change, withAdvice(outcome))
    }
    this.learnFrom(queue, outcomes)
  }

  /** Spares the further calls for a change when every one would be refused as these were. */
  private learnFrom(queue: MembershipQueue, outcomes: MembershipOutcome[]): void {
    const errors = outcomes.map((outcome) => outcome.kind === "failed" ? outcome.error : undefined)
      .filter((error): error is MarketoError => error instanceof MarketoError)
    const spent = errors.find((error) => error.kind === "quota")
    if (spent !== undefined) {
      this.run.stop(quotaSpent(spent))
    }
    const refusal = errors.find((error) => ["rejected", "auth"].includes(error.kind) && !error.maybeExecuted)
    if (refusal === undefined) {
      queue.refusalsInARow = 0
      return
    }
    queue.refusalsInARow++
    if (!mayBeOneRecord(refusal) || queue.refusalsInARow >= MOST_REFUSALS_IN_A_ROW) {
      queue.refusal = refusal
    }
  }

  private reportFailed(queue: MembershipQueue, leads: MembershipLead[], error: MarketoError): void {
    for (const lead of leads) {
      this.report.membershipOutcome(queue.change, { kind: "failed", lead, error })
    }
  }
}

/** A spent quota is told with when there are calls again; other errors tell what to do by themselves. */
function withAdvice(outcome: MembershipOutcome): MembershipOutcome {
  if (outcome.kind !== "failed" || !(outcome.error instanceof MarketoError) || outcome.error.kind !== "quota") {
    return outcome
  }
  const { code, requestId, maybeExecuted } = outcome.error
  const message = `${quotaReturns(outcome.error)} Send these rows again then.`
  return { ...outcome, error: new MarketoError("quota", message, { code, requestId, maybeExecuted }) }
}

/** For work whose answer the run could not wait for. */
export function cutOffError(): MarketoError {
  return new MarketoError("unavailable", "The run was ended before Marketo had answered.", { maybeExecuted: true })
}

function idMissing(): MarketoError {
  return new MarketoError("unavailable", "Marketo did not tell the ID of the lead, so that this was not tried.")
}
