import { expect } from "chai"
import { ActionResponse } from "../../src/hub"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { FailureMessage, RowValues } from "./run_under_test"
import { accountOf } from "../actions/marketo/support/account_of"

/** What a run was asked to do, for comparing its report with what the sandbox saw. */
export interface Intention {
  rows: RowValues[]
  /** `email` when absent. */
  lookupField?: string
  /** Leads are to be members of it. */
  listId?: number
  campaignId?: number
  /** Leads are to be members of it no longer. */
  leftListId?: number
  programId?: number
  leftProgramId?: number
}

/** What a report says of lookup values, read as a person would. */
class ReadReport {
  readonly failure: FailureMessage | undefined
  /** Lookup values that are named as not applied. */
  readonly named = new Set<string>()
  /** Lookup values of which the report says that it is not certain. */
  readonly uncertain = new Set<string>()
  readonly membershipNamed = new Set<string>()
  readonly membershipUncertain = new Set<string>()

  constructor(response: ActionResponse) {
    if (response.success) {
      return
    }
    this.failure = accountOf(response.message) as FailureMessage
    for (const values of [...Object.values(this.failure.skipped ?? {}), ...Object.values(this.failure.notSent ?? {})]) {
      values.forEach((value) => this.named.add(keyOf(value)))
    }
    for (const entry of [...this.failure.leadErrors ?? [], ...this.failure.requestErrors ?? []]) {
      const target = entry.message.includes("uncertain") ? this.uncertain : this.named
      entry.lookupValues?.forEach((value) => target.add(keyOf(value)))
    }
    for (const entry of this.failure.membershipErrors ?? []) {
      const target = entry.message.includes("uncertain") ? this.membershipUncertain : this.membershipNamed
      entry.lookupValues?.forEach((value) => target.add(keyOf(value)))
    }
  }
}

/**
 * Compares a report with the sandbox's ledger: the rows add up, nothing is lost in silence, no lead is doubled by us,
 * no campaign is requested twice for one lead, and what is reported as not applied was not.
 */
export function expectTruth(response: ActionResponse, sandbox: MarketoSandbox, intention: Intention): void {
  const report = new ReadReport(response)
  const { ledger } = sandbox
  expectNoLeadTwice(sandbox)
  expect(ledger.repeatedCampaignRequests(), "repeated campaign requests").to.deep.equal([])
  expectRowsAddUp(response, report, intention)

  const groups = new Map<string, RowValues[]>()
  for (const row of intention.rows) {
    const key = keyOf(row[intention.lookupField ?? "email"])
    if (key !== "") {
      groups.set(key, [...groups.get(key) ?? [], row])
    }
  }
  groups.forEach((rows, key) => {
    expectGroup(sandbox, report, intention, key, rows)
  })
}

/** No lead was made twice, and nothing was done that could make one twice. */
export function expectNoLeadTwice({ ledger }: MarketoSandbox): void {
  expect(ledger.duplicates, "duplicate leads made").to.deep.equal([])
  expect(ledger.overlappingUpserts.filter((overlap) => overlap.action !== "updateOnly" && !overlap.isKnown),
    "upserts of one new lookup value at once").to.deep.equal([])
}

function expectRowsAddUp(response: ActionResponse, report: ReadReport, intention: Intention): void {
  if (report.failure === undefined) {
    const received = Number(/^([\d,]+) row/.exec(response.message ?? "")?.[1].replace(/,/g, "") ?? "0")
    expect(received, response.message).to.equal(intention.rows.length)
    return
  }
  const { received, ...outcomes } = report.failure.rows
  expect(received).to.equal(intention.rows.length)
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0), "sum of outcomes").to.equal(received)
}

function expectGroup(
  sandbox: MarketoSandbox, report: ReadReport, intention: Intention, key: string, rows: RowValues[],
): void {
  const ids = sandbox.leads.find(intention.lookupField ?? "email", key)
  const isNamed = report.named.has(key)
  const isUncertain = report.uncertain.has(key)
  if (!isNamed && !isUncertain) {
    expect(ids, `lead of ${key}`).to.have.length(1)
    const [last] = rows.slice(-1)
    expect(sandbox.leads.get(ids[0])?.values.firstName, `first name of ${key}`).to.equal(last.firstName)
  } else if (rows.length === 1 && !isUncertain) {
    const wasWritten = ids.some((id) => sandbox.ledger.leadWrites(id).length > 0)
    expect(wasWritten, `${key} is reported as not applied`).to.equal(false)
  }
  const [id] = ids
  if (id === undefined || isUncertain) {
    return
  }
  const isMembershipNamed = report.membershipNamed.has(key)
  const isMembershipUncertain = report.membershipUncertain.has(key)
  if (intention.campaignId !== undefined && !isMembershipUncertain) {
    const requests = sandbox.ledger.campaignRequestCount(intention.campaignId, id)
    const isExpected = !isMembershipNamed && !isNamed
    expect(requests, `campaign requests for ${key}`).to.be.within(isExpected ? 1 : 0, isMembershipNamed ? 0 : 1)
  }
  if (!isMembershipUncertain && !isMembershipNamed && !isNamed) {
    expectMembership(sandbox, intention, key, id)
  }
}

function expectMembership(sandbox: MarketoSandbox, intention: Intention, key: string, id: number): void {
  const { listId, leftListId, programId, leftProgramId } = intention
  const isInList = (list: number) => sandbox.lists.get(list)?.members.has(id)
  const isInProgram = (program: number) => sandbox.programs.get(program)?.members.has(id)
  if (listId !== undefined) {
    expect(isInList(listId), `${key} in the list`).to.equal(true)
  }
  if (leftListId !== undefined) {
    expect(isInList(leftListId), `${key} in the list`).to.equal(false)
  }
  if (programId !== undefined) {
    expect(isInProgram(programId), `${key} in the program`).to.equal(true)
  }
  if (leftProgramId !== undefined) {
    expect(isInProgram(leftProgramId), `${key} in the program`).to.equal(false)
  }
}

function keyOf(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : ""
}
