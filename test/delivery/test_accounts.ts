import { expect } from "chai"
import * as fc from "fast-check"
import { MarketoError } from "../../src/actions/marketo/lib/errors"
import { QueuedLead } from "../../src/actions/marketo/lib/report/lead"
import { MembershipOutcome } from "../../src/actions/marketo/lib/report/outcomes"
import { MembershipChange } from "../../src/actions/marketo/lib/settings/membership_change"
import { ErrorEntry, RunReport } from "../../src/actions/marketo/lib/report/run_report"

const RUNS = Number(process.env.SOAK_RUNS ?? 40)

const CHANGES: MembershipChange[] = [
  { kind: "requestCampaign", target: { id: "2001" } }, { kind: "addToList", target: { id: "1001" } },
  { kind: "removeFromProgram", target: { id: "3001" } },
]

/** Few texts, or so many that they cannot be told apart. */
const problem = fc.tuple(fc.constantFrom("1003", "1008", "", undefined), fc.oneof(
  fc.nat({ max: 3 }), fc.nat({ max: 500 })).map((number) => `Problem ${number}`))

const failure = fc.record({
  /** Undefined for the upsert. */
  change: fc.constantFrom(undefined, ...CHANGES), problem, isUncertain: fc.boolean(), isSkip: fc.boolean(),
})

type Failure = typeof failure extends fc.Arbitrary<infer T> ? T : never

function lead(index: number): QueuedLead {
  return { lookupValue: `lead ${index}`, record: {}, rows: [index], json: "{}", bytes: 2, reservation: `lead ${index}` }
}

function enter(report: RunReport, { change, problem: [code, message], isUncertain, isSkip }: Failure, index: number) {
  const error = new MarketoError("rejected", message, { code, maybeExecuted: isUncertain })
  if (change === undefined) {
    report.leadOutcome({ kind: "failed", lead: lead(index), error }, "")
  } else {
    const member = { leadId: index, lookupValue: `lead ${index}` }
    report.membershipOutcome(change, isSkip ?
      { kind: "skipped", lead: member, reasons: [{ code: code ?? "", message }] } :
      { kind: "failed", lead: member, error })
  }
}

/** As what a failure is told: a skip is certain, and has a code. */
function told({ change, problem: [code, message], isUncertain, isSkip }: Failure): object {
  return change !== undefined && isSkip ? { change, code: code ?? "", message, isUncertain: false } :
    { change, code, message, isUncertain }
}

function sumByChange(entries: ErrorEntry[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { change, isUncertain, group } of entries) {
    const key = JSON.stringify([change, isUncertain])
    sums.set(key, (sums.get(key) ?? 0) + group.count)
  }
  return sums
}

describe("The account of any failures", function() {
  this.timeout(60000 + RUNS * 100)

  it("counts each under its change and its certainty, and gives none the code or words of another", () => {
    fc.assert(fc.property(fc.array(failure, { maxLength: 1500, size: "max" }), (failures) => {
      const report = new RunReport(CHANGES)
      failures.forEach((each, index) => enter(report, each, index))
      const entries = [...report.leadErrors, ...report.membershipErrors]

      const entered = new Map<string, number>()
      for (const each of failures) {
        const { change, isUncertain } = told(each) as ErrorEntry
        const key = JSON.stringify([change, isUncertain])
        entered.set(key, (entered.get(key) ?? 0) + 1)
      }
      expect(sumByChange(entries)).to.deep.equal(entered)
      expect(entries.length, "entries").to.be.at.most(160)

      for (const entry of entries) {
        const leads = entry.group.lookupValues.map((value) => failures[Number(value.slice(5))])
        const { change, code, message, isUncertain } = entry
        for (const each of leads) {
          if (message === "Other failures") {
            expect(told(each)).to.include({ change, isUncertain })
            expect(entry.requestId).to.equal(undefined)
            expect(code ?? "").to.equal("")
          } else {
            expect(told(each)).to.deep.equal({ change, code, message, isUncertain })
          }
        }
        entry.leadIds.forEach((id) => expect(entry.group.lookupValues).to.include(`lead ${id}`))
      }
      for (const change of CHANGES) {
        const own = failures.filter((each) => each.change === change)
        const skipped = own.filter((each) => each.isSkip).length
        expect(report.membership.get(change)).to.include({ skipped, failed: own.length - skipped })
        if (own.length > 0) {
          expect(entries.some((each) => each.change === change && each.message !== "Other failures")).to.equal(true)
        }
      }
      expect(report.isSuccess).to.equal(failures.length === 0)
    }), { numRuns: RUNS })
  })

  it("has a skip without a reason, and one with several, and is no success with either", () => {
    const reasons = fc.array(fc.record({ code: fc.constantFrom("", "1004"), message: fc.constantFrom("", "a", "b") }))
    fc.assert(fc.property(fc.array(reasons, { minLength: 1 }), (skips) => {
      const report = new RunReport(CHANGES)
      skips.forEach((each, index) => {
        const outcome: MembershipOutcome = {
          kind: "skipped", lead: { leadId: index, lookupValue: `lead ${index}` }, reasons: each,
        }
        report.membershipOutcome(CHANGES[1], outcome)
        report.leadOutcome({ kind: "skipped", lead: lead(index), reasons: each }, "")
      })
      expect(report.isSuccess).to.equal(false)
      skips.forEach((each, index) => {
        const value = `lead ${index}`
        const kinds = new Set(each.map((reason) => JSON.stringify(reason))).size
        const named = report.membershipErrors.filter((entry) => entry.group.lookupValues.includes(value))
        expect(named.length, "entries").to.equal(Math.max(1, kinds))
        named.forEach((entry) => {
          expect(entry.group.lookupValues.filter((other) => other === value)).to.have.length(1)
          expect(entry.leadIds).to.include(index)
        })
        const texts = new Set(each.map((reason) => reason.message)).size
        expect(report.skipped.entries().filter(([, group]) => group.lookupValues.includes(value)))
          .to.have.length(Math.max(1, texts))
      })
    }), { numRuns: RUNS })
  })
})
