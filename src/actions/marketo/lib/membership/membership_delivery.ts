import { MarketoClient } from "../api/client"
import { BatchSizes, MAX_BODY_BYTES } from "../configuration/limits"
import { MarketoError, RunStoppedError } from "../errors"
import { MembershipLead, MembershipOutcome, NO_LEAD_ID } from "../report/outcomes"
import { RunReport } from "../report/run_report"
import { MembershipChange } from "../settings/membership_change"
import { RunControl } from "../stopping/run_control"
import { marketoUnavailable, quotaReturns, quotaSpent } from "../stopping/stop_reasons"
import { LeadIdSet } from "./lead_id_set"
import { MemberFieldQueue, put } from "./member_field_queue"
import { MembershipCalls } from "./membership_calls"
import { failedAll, MembershipStrategy } from "./membership_outcome"
import { membershipStrategy } from "./strategies"

/** A change, what makes it, and its calls. */
interface Changing {
  change: MembershipChange
  strategy: MembershipStrategy
  calls: MembershipCalls
}

/** The fields of the members of a program, which are written after the leads have become members. */
interface MemberFields extends Changing {
  values: MemberFieldQueue
}

/** One membership change of the run, with the leads that wait for their call. */
interface MembershipQueue extends Changing {
  /** Leads that were handed to a call, or wait for one. */
  seen: LeadIdSet
  /** By Marketo's id. */
  pending: Map<number, MembershipLead>
  /** Bytes of what these have for the fields of members. */
  pendingBytes: number
  /** Only where leads are added to a program. */
  fields?: MemberFields
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
 * lead to each change once, and enters every outcome into the report. Fields of program members are written after
 * their leads have become members, and again for each later row of a lead.
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
      const fields = change.kind !== "addToProgram" ? undefined : {
        ...changing(client, { kind: "writeProgramFields", target: change.target }, batchSizes),
        values: new MemberFieldQueue(batchSizes.program),
      }
      return {
        ...changing(client, change, batchSizes), seen: new LeadIdSet(), pending: new Map(), pendingBytes: 0, fields,
      }
    })
  }

  /** Bytes that are held for the fields of program members. */
  get heldBytes(): number {
    return this.queues.reduce((bytes, { pendingBytes, fields }) =>
      bytes + pendingBytes + (fields?.values.heldBytes ?? 0), 0)
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
    return this.queues.reduce((count, { pending, fields }) =>
      count + pending.size + (fields?.values.waitingLeads ?? 0), 0)
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
      if (this.report.isDryRun) {
        continue
      }
      const { fields } = queue
      if (fields !== undefined && lead.member !== undefined && !this.report.membership.has(fields.change)) {
        this.report.expect([fields.change])
      }
      if (isNew || lead.member !== undefined && queue.pending.has(lead.leadId)) {
        queue.pendingBytes += put(queue.pending, lead)
        if (queue.pending.size >= queue.strategy.batchSize || queue.pendingBytes >= MAX_BODY_BYTES) {
          this.send(queue)
        }
      } else if (fields !== undefined && lead.member !== undefined) {
        fields.values.add(lead)
        this.sendFieldsIfFull(fields)
      }
    }
  }

  /** Sends what waits, in calls that are not full. */
  sendPending(): void {
    for (const queue of this.queues) {
      this.send(queue)
      if (queue.fields !== undefined) {
        this.sendFields(queue.fields)
      }
    }
  }

  /** Enters what still waits into the report, as not done for this reason. */
  reportUnsent(reason: string): void {
    for (const queue of this.queues) {
      const { change, fields } = queue
      const leads = takePending(queue)
      this.enter(change, failedAll(leads, new RunStoppedError(reason)))
      // Whoever did not become a member is reported once.
      fields?.values.refuse(leads)
      if (fields !== undefined) {
        this.enter(fields.change, failedAll(fields.values.drain(), new RunStoppedError(reason)))
      }
    }
  }

  private send(queue: MembershipQueue): void {
    const leads = takePending(queue)
    if (leads.length === 0) {
      return
    }
    queue.fields?.values.begin(leads)
    const open = { leads, changing: queue as Changing }
    this.work.start(this.apply(queue, leads, open), () => {
      if (open.changing === queue) {
        queue.fields?.values.refuse(leads)
      }
      this.enter(open.changing.change, failedAll(open.leads, cutOffError()))
    })
  }

  /** Changes the memberships, then writes the fields of those who are members. `open`: what has no outcome yet. */
  private async apply(
    queue: MembershipQueue, leads: MembershipLead[], open: { leads: MembershipLead[], changing: Changing },
  ): Promise<void> {
    const { fields } = queue
    try {
      const outcomes = await this.make(queue, leads)
      const members = outcomes.filter(isDone).map(({ lead }) => lead)
      fields?.values.refuse(outcomes.filter((outcome) => !isDone(outcome)).map(({ lead }) => lead))
      open.leads = fields === undefined ? [] : members.filter(({ member }) => member !== undefined)
      if (fields !== undefined && open.leads.length > 0 && !this.work.isOver) {
        open.changing = fields
        await this.make(fields, open.leads)
        open.leads = []
      }
    } finally {
      fields?.values.end(leads)
    }
    if (fields !== undefined) {
      this.sendFieldsIfFull(fields)
    }
  }

  private sendFieldsIfFull(fields: MemberFields): void {
    if (fields.values.isFull && !this.work.isOver) {
      this.sendFields(fields)
    }
  }

  private sendFields(fields: MemberFields): void {
    const leads = fields.values.take()
    if (leads.length > 0) {
      this.work.start(this.write(fields, leads), () => this.enter(fields.change, failedAll(leads, cutOffError())))
    }
  }

  private async write(fields: MemberFields, leads: MembershipLead[]): Promise<void> {
    try {
      await this.make(fields, leads)
    } finally {
      fields.values.end(leads)
    }
    this.sendFieldsIfFull(fields)
  }

  /** Makes a change for leads, and enters what came of it while the report is open. */
  private async make({ change, calls }: Changing, leads: MembershipLead[]): Promise<MembershipOutcome[]> {
    const outcomes = await calls.apply(leads)
    if (this.work.isOver) {
      return outcomes
    }
    this.enter(change, outcomes.map(withAdvice))
    const spent = outcomes.map(errorOf).find((error) => error?.kind === "quota")
    if (spent !== undefined) {
      this.run.stop(quotaSpent(spent))
    } else if (calls.unreachable !== undefined) {
      this.run.stop(marketoUnavailable(calls.unreachable))
    }
    return outcomes
  }

  private enter(change: MembershipChange, outcomes: MembershipOutcome[]): void {
    for (const outcome of outcomes) {
      this.report.membershipOutcome(change, outcome)
    }
  }
}

function changing(client: MarketoClient, change: MembershipChange, batchSizes: BatchSizes): Changing {
  const strategy = membershipStrategy(client, change, batchSizes)
  return { change, strategy, calls: new MembershipCalls(change, strategy) }
}

function takePending(queue: MembershipQueue): MembershipLead[] {
  const leads = [...queue.pending.values()]
  queue.pending = new Map()
  queue.pendingBytes = 0
  return leads
}

function isDone({ kind }: MembershipOutcome): boolean {
  return kind === "changed" || kind === "already"
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
  const error = new MarketoError("quota", quotaReturns(outcome.error),
    { code, requestId, maybeExecuted, sendAgain: "Send these rows again then." })
  return { ...outcome, error }
}

/** Returns the error for work whose answer the run could not wait for. */
export function cutOffError(): MarketoError {
  return new MarketoError("unavailable", "The run was ended before Marketo had answered.", { maybeExecuted: true })
}

function idMissing(): MarketoError {
  return new MarketoError("unavailable", "Marketo did not return the lead's ID, so this change was not attempted.")
}
