import { MarketoClient } from "../api/client"
import { LARGEST_BATCHES } from "../configuration/limits"
import { MarketoError } from "../errors"
import { MembershipLead, MembershipOutcome } from "../report/outcomes"
import { RunReport } from "../report/run_report"
import { MembershipChange, quotedNameOrId } from "../settings/membership_change"
import { amount, figure } from "../words/amounts"
import { sentence } from "../words/sentence"
import { LeadIdSet } from "./lead_id_set"
import { MembershipCalls } from "./membership_calls"
import { failedAll } from "./membership_outcome"
import { membershipStrategy } from "./strategies"

type MirrorChange = MembershipChange & { kind: "mirrorList" }

/**
 * Reads the members of each list that is to be mirrored, before the run adds anyone. Throws as MarketoCaller.send does.
 */
export async function readMirrors(
  client: MarketoClient, changes: MembershipChange[], report: RunReport,
): Promise<ListMirror[]> {
  const mirrors: ListMirror[] = []
  for (const change of changes) {
    if (change.kind === "mirrorList") {
      const mirror = new ListMirror(client, change, report)
      await mirror.readMembers()
      mirrors.push(mirror)
    }
  }
  return mirrors
}

/**
 * Makes a static list hold exactly the leads of a run: the run adds them, and this removes the members that were
 * there before and are not among them. Nothing is removed unless every row was applied, since a lead that Marketo
 * skipped may be a member; nor when the result may be cut off, when more members would go than the form allows, nor all
 * of them.
 */
export class ListMirror {
  private readonly before = new LeadIdSet()

  constructor(
    private readonly client: MarketoClient,
    readonly change: MirrorChange,
    private readonly report: RunReport,
  ) {}

  /** Reads the members of the list; to be called before the run adds anyone. Throws as MarketoCaller.send does. */
  async readMembers(): Promise<void> {
    // A list that is yet to be created has no members.
    const { id } = this.change.target
    if (id !== undefined) {
      await this.client.lists.eachMember(id, (leadId) => { this.before.add(leadId) })
    }
  }

  /** Removes the members that are not among the leads of the run; what is not done is entered into the report. */
  async removeOthers(present: LeadIdSet): Promise<void> {
    const others: number[] = []
    this.before.forEach((leadId) => {
      if (!present.has(leadId)) {
        others.push(leadId)
      }
    })
    const { id } = this.change.target
    if (others.length === 0 || id === undefined) {
      return
    }
    const objection = this.objectionTo(others.length)
    if (this.report.isDryRun) {
      this.report.notes.push(objection ?? `A real run would remove ${figure(others.length)} of the ` +
        `${figure(this.before.size)} members of list ${this.name()}, since they are not in the query result.`)
      return
    }
    if (objection !== undefined) {
      this.report.runFailed(objection, "rows")
      return
    }
    await this.remove(id, others.map((leadId) => ({ leadId, lookupValue: `lead ${leadId}` })))
  }

  private objectionTo(removals: number): string | undefined {
    const members = this.before.size
    const { isDryRun } = this.report
    const what = isDryRun ? `A real run would remove no lead from list ${this.name()}` :
      `No lead was removed from list ${this.name()}`
    if (!this.report.isEveryRowSent) {
      return `${what}, since not every row ${isDryRun ? "would be" : "was"} applied: a lead that ` +
        `${isDryRun ? "is" : "was"} skipped may be among its members.`
    }
    if (this.report.rows.received === 0) {
      return `${what}: the query result has no rows, and mirroring it would empty the list, which has ` +
        `${amount(members, "member")}.`
    }
    if (this.report.cutOff !== undefined) {
      return `${what}, since ${this.report.cutOff}: members that are missing from it may be among the rows that were ` +
        "left out. Choose \"All Results\" when sending, or raise the query's row limit."
    }
    if (removals > members * this.change.mostRemovedPercent / 100) {
      return `${what}: ${figure(removals)} of its ${figure(members)} members ${removals === 1 ? "is" : "are"} not in ` +
        "the query result, which is more than the " +
        `${this.change.mostRemovedPercent} % that the form allows to be removed. Check the query, or raise the limit.`
    }
    return undefined
  }

  private name(): string {
    return quotedNameOrId(this.change.target)
  }

  private async remove(listId: string, members: MembershipLead[]): Promise<void> {
    const removal: MembershipChange = { kind: "removeFromList", target: { id: listId } }
    const strategy = membershipStrategy(this.client, removal, LARGEST_BATCHES)
    const calls = new MembershipCalls(removal, strategy)
    for (let first = 0; first < members.length; first += strategy.batchSize) {
      const part = members.slice(first, first + strategy.batchSize)
      const outcomes = calls.unreachable === undefined ? await calls.apply(part) :
        failedAll(part, notTried(calls.unreachable))
      outcomes.forEach((outcome) => this.enter(outcome))
    }
  }

  private enter(outcome: MembershipOutcome): void {
    if (outcome.kind === "changed" || outcome.kind === "already") {
      // Who was no member any more has left since the run began.
      this.report.memberRemoved(this.change)
    } else {
      this.report.membershipOutcome(this.change, outcome)
    }
  }
}

function notTried(error: MarketoError): MarketoError {
  return new MarketoError("unavailable", `${sentence(error.message)} After several calls like that, the removal of ` +
    "these members was not tried.")
}
