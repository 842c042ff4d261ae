import { expect } from "chai"
import * as fc from "fast-check"
import { RowLine } from "../../src/actions/marketo/lib/report/hub_account"
import { MarketoTransaction } from "../../src/actions/marketo/marketo_transaction"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { FaultRule } from "../../sandbox/marketo/faults/faults"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { ALL, fault } from "./arbitrary_faults"
import { configuration, requestFor, RowValues, startSandbox } from "./run_under_test"

/** Whole runs per property; the soak test runs thousands. */
const RUNS = Number(process.env.SOAK_RUNS ?? 30)

const PROPERTY = { numRuns: RUNS, endOnFailure: true }
const TIMEOUT_MS = 60000 + RUNS * 2000

/** The ids that the sandbox has for each additional action. */
const TARGETS: { [subaction: string]: string } = {
  none: "", addList: "1005", removeList: "1001", mirrorList: "1001", addCampaign: "2001", addProgram: "3001",
}

const form = fc.record({
  leadMode: fc.constantFrom("createOrUpdate", "updateOnly", "createOnly", "membershipOnly"),
  severalMatches: fc.constantFrom("skip", "latest", "all"),
  partition: fc.constantFrom("", "Default", "EMEA"),
  emptyCells: fc.constantFrom("clear", "leave"),
  invalidValues: fc.constantFrom("leaveOut", "skipRow"),
  mostCleared: fc.constantFrom("", "0", "30", "100"),
  subaction: fc.constantFrom(...Object.keys(TARGETS)),
})

const title = fc.constantFrom<string | null>("A", "B", null)

const scenario = fc.record({
  form,
  /** In Marketo; several may be one person. */
  people: fc.array(fc.record({
    who: fc.nat(5), title, partition: fc.constantFrom("Default", "EMEA"), day: fc.integer({ min: 1, max: 3 }),
  }), { maxLength: 10 }),
  rows: fc.array(fc.record({
    who: fc.option(fc.nat(7)), isUpper: fc.boolean(), title: fc.option(title, { nil: undefined }),
    leadScore: fc.constantFrom<number | string | null>(5, "7", "many", null),
  }), { minLength: 1, maxLength: 12 }),
  sync: fc.integer({ min: 1, max: 5 }),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

function addPeople(sandbox: MarketoSandbox, { people }: Scenario): void {
  for (const { who, partition, day, ...values } of people) {
    const lead = sandbox.store.addLead({ email: `p${who}@example.org`, ...values }, { partition })
    lead.updatedAt = Date.UTC(2026, 0, day)
  }
}

function rowsOf({ rows }: Scenario): RowValues[] {
  return rows.map(({ who, isUpper, ...values }) =>
    ({ email: who === null ? null : `${isUpper ? "P" : "p"}${who}@example.org`, ...values }))
}

/** Sends, and returns the message with what the report of rows says of each row, in the order of the rows. */
async function send(sandbox: MarketoSandbox, given: Scenario, dryRun: "yes" | "no") {
  const lines: RowLine[] = []
  const { form: chosen, sync } = given
  const subaction = chosen.leadMode === "membershipOnly" && chosen.subaction === "none" ? "addList" : chosen.subaction
  const formParams = {
    lookupField: "email", programStatus: "Registered", mirrorLimit: "100", ...chosen, subaction,
    campaignId: TARGETS[subaction], dryRun,
  }
  const request = requestFor(sandbox, { rows: rowsOf(given), formParams })
  Object.assign(request, {
    runAccount: {
      rowReport: { link: "https://hub.example.org", wantsAllRows: true, add: (line: RowLine) => lines.push(line) },
      progress: () => undefined,
      conclude: () => undefined,
    },
  })
  forgetConnections()
  const { message = "" } = await new MarketoTransaction(configuration({ batchSizes: { sync } })).handleRequest(request)
  const ofLeads = lines.filter(({ target }) => target === undefined).sort((one, other) =>
    Number(one.row) - Number(other.row))
  expect(ofLeads.map(({ row }) => row), message).to.deep.equal(given.rows.map((_row, index) => index + 1))
  return { message, outcomes: ofLeads.map(({ outcome }) => outcome) }
}

/** Which of a person's rows are merged is a matter of time; how many people are created is not. */
function inShort(outcomes: string[]): { outcomes: string[], created: number } {
  const said = outcomes.map((outcome) => outcome.replace("would be ", ""))
  return {
    outcomes: said.map((outcome) => outcome.replace(/^(created|updated|found|merged)$/, "applied")),
    created: said.filter((outcome) => outcome === "created").length,
  }
}

function stateOf({ store }: MarketoSandbox): string {
  const lists = [...store.lists.values()].map(({ id, members }) => [id, [...members]])
  return JSON.stringify([[...store.leads.all()], lists])
}

describe("Whatever the form says", function() {
  this.timeout(TIMEOUT_MS)

  it("every row has one outcome, which a dry run foretells without writing anything", async () => {
    await fc.assert(fc.asyncProperty(scenario, async (given) => {
      const sandbox = await startSandbox()
      try {
        addPeople(sandbox, given)
        const before = stateOf(sandbox)
        const leads = sandbox.store.leads.size
        const dry = await send(sandbox, given, "yes")
        expect(stateOf(sandbox)).to.equal(before)
        expect(sandbox.ledger.calls.filter(({ operation }) => ALL.includes(operation))).to.deep.equal([])
        const real = await send(sandbox, given, "no")
        const isStopped = real.message.includes("Nothing was written. The form allows")
        expect(dry.message.includes("A real run would write nothing."), dry.message + real.message)
          .to.equal(isStopped)
        if (isStopped) {
          expect(stateOf(sandbox)).to.equal(before)
        } else {
          expect(inShort(dry.outcomes), dry.message + real.message).to.deep.equal(inShort(real.outcomes))
        }
        if (given.form.leadMode === "membershipOnly") {
          expect([sandbox.ledger.callsOf("syncLeads"), sandbox.store.leads.size]).to.deep.equal([[], leads])
        }
      } finally {
        await sandbox.stop()
      }
    }), PROPERTY)
  })

  it("every row has one outcome, and nobody is created twice, whatever goes wrong", async () => {
    const lookUpFault = fault.map((rule): FaultRule => ({ ...rule, match: { operation: "filterLeads" } }))
    const faults = fc.array(fc.oneof(fault, lookUpFault), { minLength: 1, maxLength: 4 })
    await fc.assert(fc.asyncProperty(scenario, faults, async (given, rules) => {
      const sandbox = await startSandbox()
      try {
        addPeople(sandbox, given)
        const known = new Set([...sandbox.store.leads.all()].map(({ id }) => id))
        rules.forEach((rule) => sandbox.addFault(rule))
        const { message } = await send(sandbox, given, "no")
        const created = [...sandbox.store.leads.all()].filter(({ id }) => !known.has(id))
          .map(({ values }) => String(values.email).toLowerCase())
        expect(new Set(created).size, message).to.equal(created.length)
        expect(["createOrUpdate", "createOnly"].includes(given.form.leadMode) || created.length === 0).to.equal(true)
      } finally {
        await sandbox.stop()
      }
    }), PROPERTY)
  })
})
