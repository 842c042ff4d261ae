import { expect } from "chai"
import * as fc from "fast-check"
import { FaultEffect } from "../../sandbox/marketo/faults/faults"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { USUAL_MESSAGES } from "../../sandbox/marketo/calls/usual_messages"
import { expectTruth } from "./oracle"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

const RUNS = Number(process.env.SOAK_RUNS ?? 12)

/** Most calls that a lasting refusal may cost, whatever the number of rows: halving, and what is under way at once. */
const MOST_CALLS = 45

/** The same for memberships, of which more calls wait at once. */
const MOST_MEMBERSHIP_CALLS = 65

/** The first with the repetitions of calls that Marketo does not refuse, but fails to answer. */
const MOST_ATTEMPTS = 160

/** What passes by itself is waited for, which is no refusal. */
const BUSY = ["606", "608", "615", "1016", "1019"]
/** What one record of a call may cause. */
const OF_RECORDS = ["609", "1001", "1002", "1003", "1004", "1005", "1007", "1008", "1010", "1012", "1021"]
/** What concerns every call. */
const OF_CALLS = ["605", "610", "612", "613", "616", "701", "702", "703", "709", "710", "711", "1006", "1009", "1011",
  "1013", "1018", "1025"]

/** Slow enough for calls of 300 leads to be answered in time on a busy machine. */
const SPEED = 50

const LIST = { subaction: "addList", campaignId: String(SEEDED.lists.empty) }
const LEAVING = { subaction: "removeList", campaignId: String(SEEDED.lists.doNotDisturb) }
const CAMPAIGN = { subaction: "addCampaign", campaignId: String(SEEDED.campaigns.welcome) }
const PROGRAM = {
  subaction: "addProgram", campaignId: String(SEEDED.programs.webinar), programStatus: "Registered",
}
const MEMBERSHIPS: [string, { [name: string]: string }][] = [
  ["addToList", LIST], ["removeFromList", LEAVING], ["requestCampaign", CAMPAIGN], ["setProgramStatus", PROGRAM],
]
const NONE = { subaction: "none" }

function people(count: number): RowValues[] {
  return Array.from({ length: count }, (_unused, index) => ({ email: `p${index}@example.org`, firstName: "x" }))
}

describe("Calls that are refused as a whole", function() {
  this.timeout(60000 + RUNS * 4000)

  let sandbox: MarketoSandbox

  beforeEach(async () => { sandbox = await startSandbox({ rateWindowMs: 20000 / SPEED }) })

  afterEach(async () => sandbox.stop())

  async function anew(): Promise<void> {
    await sandbox.stop()
    sandbox = await startSandbox({ rateWindowMs: 20000 / SPEED })
  }

  async function run(rows: RowValues[], formParams: { [name: string]: string }, more: object = {}) {
    return runAgainst(sandbox, { rows, formParams: { lookupField: "email", ...formParams }, speed: SPEED, ...more })
  }

  function refuse(operation: string, effect: FaultEffect, lookupValue?: string | number): void {
    sandbox.addFault({ match: { operation, lookupValue }, effect })
  }

  describe("for good", () => {
    const lasting = fc.constantFrom(...Object.keys(USUAL_MESSAGES).filter((code) => !BUSY.includes(code)))
    const rowCount = fc.constantFrom(1, 2, 40, 301, 9000)

    it("end a run of any size after few calls, whatever the code, and every row has its place", async () => {
      const operation = fc.constantFrom("syncLeads", "filterLeads")
      await fc.assert(fc.asyncProperty(lasting, rowCount, operation, async (code, count, refused) => {
        await anew()
        refuse(refused, { kind: "error", code })
        const response = await run(people(count), { ...NONE, dryRun: refused === "syncLeads" ? "no" : "yes" })
        const isRefusal = [...OF_RECORDS, ...OF_CALLS].includes(code)
        expect(sandbox.ledger.callsOf(refused).length, code).to.be.at.most(isRefusal ? MOST_CALLS : MOST_ATTEMPTS)
        const { failed, skipped, notSent } = failureOf(response).rows
        expect(failed + skipped + notSent).to.equal(count)
        if (count <= 40) {
          expectTruth(response, sandbox, { rows: people(count) })
        }
      }), { numRuns: RUNS })
    })

    for (const code of ["610", "1006", "1009", "605", "612", "613", "616"]) {
      it(`with ${code} end the run with its reason, and say what to do`, async () => {
        const message = `Refused '${code}'`
        refuse("syncLeads", { kind: "error", code, message })
        const failure = failureOf(await run(people(9000), NONE))
        const [[reason]] = Object.entries(failure.notSent ?? {})
        expect(reason).to.contain(message.slice(0, 7)).and.to.contain("Remove the cause, then send the rows")
        expect(failure.leadErrors?.[0]).to.include({ code })
        expect(failure.rows.failed + failure.rows.notSent).to.equal(9000)
        expect(sandbox.ledger.callsOf("syncLeads").length).to.be.at.most(15)
      })
    }

    it("for the partition end the run, although a record might be the cause", async () => {
      refuse("syncLeads", { kind: "error", code: "1003", message: "Partition 'EMEA' does not exist" })
      const failure = failureOf(await run(people(9000), NONE))
      expect(Object.keys(failure.notSent ?? {})[0]).to.contain("Partition 'EMEA' does not exist. The run was ended")
      expect(sandbox.ledger.callsOf("syncLeads").length).to.be.at.most(MOST_CALLS)
    })

    it("end the run even when each time other words are used", async () => {
      for (let call = 1; call <= 300; call++) {
        const message = `Not now, ${"abcdefghij"[call % 10].repeat(call % 7 + 1)}`
        const effect: FaultEffect = { kind: "error", code: "1006", message }
        sandbox.addFault({ match: { operation: "syncLeads" }, times: 1, effect })
      }
      const failure = failureOf(await run(people(30000), NONE))
      expect(sandbox.ledger.callsOf("syncLeads").length).to.be.at.most(20)
      expect(failure.rows.failed + failure.rows.notSent).to.equal(30000)
    })

    it("do not end the run while others pass in between", async () => {
      sandbox.addFault({ match: { operation: "syncLeads" }, every: 2, effect: { kind: "error", code: "1006" } })
      const failure = failureOf(await run(people(6000), NONE, { share: { concurrentCalls: 1 } }))
      expect(failure.rows).to.include({ notSent: 0, created: 3000, failed: 3000 })
    })

    for (const [operation, formParams] of MEMBERSHIPS) {
      it(`by ${operation} cost few calls, and are told for every lead`, async () => {
        await fc.assert(fc.asyncProperty(fc.constantFrom(...OF_RECORDS, ...OF_CALLS, "603"), async (code) => {
          await anew()
          refuse(operation, { kind: "error", code })
          const failure = failureOf(await run(people(4000), formParams))
          expect(failure.rows).to.include({ created: 4000 })
          expect(failure.membership?.[0]).to.include({ changed: 0, already: 0 })
          expect(Number(failure.membership?.[0].failed) + Number(failure.membership?.[0].skipped)).to.equal(4000)
          expect(sandbox.ledger.callsOf(operation).length, code).to.be.at.most(MOST_MEMBERSHIP_CALLS)
        }), { numRuns: Math.ceil(RUNS / 4) })
      })
    }
  })

  describe("because of single records", () => {
    const guilty = fc.uniqueArray(fc.integer({ min: 0, max: 899 }), { minLength: 1, maxLength: 4 })

    it("cost no other row, one in every batch included", async () => {
      for (let index = 7; index < 3000; index += 300) {
        const effect: FaultEffect = { kind: "error", code: "1003", message: `Invalid value 'v${index}'` }
        refuse("syncLeads", effect, `p${index}@example.org`)
      }
      const response = await run(people(3000), NONE, { share: { concurrentCalls: 2 } })
      expect(failureOf(response).rows).to.include({ created: 2990, skipped: 10, failed: 0, notSent: 0 })
      expectTruth(response, sandbox, { rows: people(3000) })
    })

    for (const [operation, formParams] of MEMBERSHIPS.filter(([name]) => name !== "removeFromList")) {
      it(`cost no other lead by ${operation}, and are named with lead ID and Marketo's reason`, async () => {
        const code = fc.constantFrom(...OF_RECORDS)
        const batch = fc.constantFrom(7, 100, 300)
        await fc.assert(fc.asyncProperty(guilty, code, batch, async (indexes, refusal, size) => {
          await anew()
          const ids = indexes.map((index) => sandbox.store.addLead({ email: `p${index}@example.org` }).id)
          for (const id of ids) {
            refuse(operation, { kind: "error", code: refusal, message: "Not this one" }, id)
          }
          const batchSizes = { list: size, campaign: Math.min(100, size), program: size }
          const failure = failureOf(await run(people(900), formParams, { batchSizes }))
          expect(failure.membership?.[0]).to.include({ changed: 900 - ids.length, failed: 0, skipped: ids.length })
          const [entry] = failure.membershipErrors ?? []
          expect(entry.message).to.equal(refusal === "1004" ? "Lead not found" : "Not this one")
          expect(entry).to.include({ code: refusal, leads: ids.length })
          expect(entry.lookupValues?.slice().sort()).to.deep.equal(indexes.map((each) => `p${each}@example.org`).sort())
          expect(entry.leadIds?.slice().sort()).to.deep.equal(ids.slice().sort())
        }), { numRuns: Math.ceil(RUNS / 3) })
      })
    }

    it("are found one in every call, though many calls are made at once", async () => {
      const ids: number[] = []
      for (let index = 3; index < 6000; index += 300) {
        ids.push(sandbox.store.addLead({ email: `p${index}@example.org` }).id)
      }
      ids.forEach((id) => refuse("addToList", { kind: "error", code: "1008" }, id))
      const failure = failureOf(await run(people(6000), LIST, { share: { concurrentCalls: 30, callsPerWindow: 1000 } }))
      expect(failure.membership?.[0]).to.include({ changed: 5980, skipped: 20, failed: 0 })
    })
  })

  describe("by something between the hub and Marketo", () => {
    const between: [string, FaultEffect][] = [
      ["403", { kind: "http", status: 403 }], ["404", { kind: "http", status: 404 }],
      ["302", { kind: "http", status: 302 }], ["407", { kind: "http", status: 407 }],
      ["HTML", { kind: "malformed", text: "<html>Maintenance</html>" }],
    ]
    for (const [name, effect] of between) {
      it(`once (${name}) do not end the list for the run`, async () => {
        sandbox.failNext("addToList", effect)
        const rows = people(9000)
        const response = await run(rows, LIST)
        const added = sandbox.lists.get(SEEDED.lists.empty)?.members.size ?? 0
        expect(added, response.message).to.be.at.least(8700)
        expect(response.success).to.equal(added === 9000)
      })

      it(`for good (${name}) end the run after few calls, and nothing is lost`, async () => {
        refuse("addToList", effect)
        const failure = failureOf(await run(people(30000), LIST))
        expect(sandbox.ledger.callsOf("addToList").length).to.be.at.most(MOST_ATTEMPTS)
        const { created, notSent } = failure.rows
        expect(created + notSent).to.equal(30000)
        expect(failure.membership?.[0]).to.include({ changed: 0, failed: created })
      })
    }
  })
})
