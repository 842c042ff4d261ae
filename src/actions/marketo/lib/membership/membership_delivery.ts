import { MarketoClient } from "../api/client"
import { BatchSizes } from "../configuration/limits"
import { MarketoError, RunStoppedError } from "../errors"
import { MembershipLead, MembershipOutcome, NO_LEAD_ID } from "../report/outcomes"
import { RunReport } from "../report/run_report"
import { MembershipChange } from "../settings/membership_change"
import { RunControl } from "../stopping/run_control"
import { marketoUnavailable, quotaReturns, quotaSpent } from "../stopping/stop_reasons"
import { LeadIdSet } from "./lead_id_set"
import { MembershipCalls } from "./membership_calls"
import { failedAll, MembershipStrategy } from "./membership_outcome"
import { membershipStrategy } from "./strategies"

/** One membership change of the run, with the leads that wait for their call. */
interface MembershipQueue {
  change: MembershipChange
  strategy: MembershipStrategy
  calls: MembershipCalls
  /** Leads that were handed to a call, or wait for one. */
  seen: LeadIdSet
  pending: MembershipLead[]
}

/** Follows the calls of a run to their end. */
export interface WorkFollower {
  /** True if the report is closed: what still comes back is too late for it. */
  readonly isOver: boolean
  /** Follows one piece of work; `abandon` reports it if the run is cut off before its end. */
  start(work: Promise<void>, abandon: () => void): void
}

/**
 * Changes the memberships of leads that have been upserted: gathers them across upserts into full calls, hands each
 * lead to each change once, and enters every outcome into the report.
 */
export class MembershipDelivery {
  private readonly queues: MembershipQueue[]

  constructor(
    client: MarketoClient,
    changes: MembershipChange[],
    private readonly run: RunControl,
    private readonly report: RunReport,
    batchSizes: BatchSizes,
    private readonly work: WorkFollower,
  ) {
    this.queues = changes.map((change) => {
      const strategy = membershipStrategy(client, change, batchSizes)
      return { change, strategy, calls: new MembershipCalls(change, strategy), seen: new LeadIdSet(), pending: [] }
    })
  }

  /** True if there is anything to be found or made before the first lead is sent. */
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
      this.enter(change, failedAll(pending.splice(0), new RunStoppedError(reason)))
    }
  }

  private send(queue: MembershipQueue): void {
    const leads = queue.pending
    queue.pending = []
    if (leads.length > 0) {
      this.work.start(this.apply(queue, leads), () => this.enter(queue.change, failedAll(leads, cutOffError())))
    }
  }

  private async apply({ change, calls }: MembershipQueue, leads: MembershipLead[]): Promise<void> {
    const outcomes = await calls.apply(leads)
    if (this.work.isOver) {
      return
    }
    this.enter(change, outcomes.map(withAdvice))
    const spent = outcomes.map(errorOf).find((error) => error?.kind === "quota")
    if (spent !== undefined) {
      this.run.stop(quotaSpent(spent))
    } else if (calls.unreachable !== undefined) {
      this.run.stop(marketoUnavailable(calls.unreachable))
    }
  }

  private enter(change: MembershipChange, outcomes: MembershipOutcome[]): void {
    for (const outcome of outcomes) {
      this.report.membershipOutcome(change, outcome)
    }
  }
}

function errorOf(outcome: MembershipOutcome): MarketoError | undefined {
  return outcome.kind === "failed" && outcome.error instanceof MarketoError ? outcome.error : undefined
}

/** Adds to a spent quota when there are calls again; other errors have their own advice. */
function withAdvice(outcome: MembershipOutcome): MembershipOutcome {
  if (outcome.kind !== "failed" || !(outcome.error instanceof MarketoError) || outcome.error.kind !== "quota") {
    return outcome
  }
  const { code, requestId, maybeExecuted } = outcome.error
  const message = `${quotaReturns(outcome.error)} Send these rows again then.`
  return { ...outcome, error: new MarketoError("quota", message, { code, requestId, maybeExecuted }) }
}

/** Returns the error for work whose answer the run could not wait for. */
export function cutOffError(): MarketoError {
  return new MarketoError("unavailable", "The run was ended before Marketo had answered.", { maybeExecuted: true })
}

function idMissing(): MarketoError {
  return new MarketoError("unavailable", "Marketo did not return the lead's ID, so this change was not attempted.")
}
