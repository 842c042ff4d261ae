import { expect } from "chai"
import * as fc from "fast-check"
import { FaultEffect, FaultRule } from "../../sandbox/marketo/faults/faults"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { ALL, fault, SYNC } from "./arbitrary_faults"
import { expectTruth, Intention } from "./oracle"
import { RowValues, runAgainst, startSandbox } from "./run_under_test"
import { accountOf } from "../actions/marketo/support/account_of"

/** Whole runs per property; the soak test runs thousands. */
const RUNS = Number(process.env.SOAK_RUNS ?? 30)

/** Whole runs take too long for a search of smaller counterexamples. */
const PROPERTY = { numRuns: RUNS, endOnFailure: true }

const TIMEOUT_MS = 60000 + RUNS * 2000

/** Who is in Marketo, in the list and in the program before a run begins, of the people that rows may name. */
const KNOWN_PEOPLE = 12

const email = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 25 }).map((index) => `person${index}@example.org`) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 25 }).map((index) => ` Person${index}@Example.org `) },
  { weight: 1, arbitrary: fc.constantFrom(...SEEDED.duplicateEmails) },
  { weight: 1, arbitrary: fc.constantFrom(null, "", "   ", undefined) },
)

const row: fc.Arbitrary<RowValues> = fc.record({
  email,
  firstName: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).map((text) => `n${text}`),
  leadScore: fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 100 }) },
    { weight: 1, arbitrary: fc.constant("many") }),
})

const quotaReached: fc.Arbitrary<FaultRule> = fc.record({
  match: fc.constant({ operation: ALL }),
  nth: fc.integer({ min: 1, max: 10 }),
  effect: fc.constant<FaultEffect>({ kind: "dailyQuotaReached" }),
})

const scenario = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 60 }),
  sync: fc.integer({ min: 1, max: 9 }),
  list: fc.integer({ min: 1, max: 9 }),
  campaign: fc.integer({ min: 1, max: 9 }),
  subaction: fc.constantFrom("none", "addList", "addCampaign", "removeList", "addProgram", "removeProgram"),
  leadMode: fc.constantFrom("createOrUpdate", "createOrUpdate", "createOnly", "updateOnly"),
  latency: fc.constantFrom(0, 1, 8),
  seed: fc.nat(),
  concurrentCalls: fc.integer({ min: 1, max: 6 }),
  keyRaceWindowMs: fc.constantFrom(Infinity, 2),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

/** What a sub-action is to bring about, and where. */
function intend(subaction: string): Omit<Intention, "rows"> {
  switch (subaction) {
    case "addList":
      return { listId: SEEDED.lists.empty }
    case "addCampaign":
      return { campaignId: SEEDED.campaigns.welcome }
    case "removeList":
      return { leftListId: SEEDED.lists.doNotDisturb }
    case "addProgram":
      return { programId: SEEDED.programs.webinar }
    case "removeProgram":
      return { leftProgramId: SEEDED.programs.webinar }
    default:
      return {}
  }
}

function addKnownPeople(sandbox: MarketoSandbox): void {
  const seededAt = Date.parse("2026-01-05T09:00:00Z")
  for (let index = 0; index < KNOWN_PEOPLE; index++) {
    const { id } = sandbox.store.addLead({ email: `person${index * 2}@example.org`, firstName: "before" })
    sandbox.lists.get(SEEDED.lists.doNotDisturb)?.members.add(id)
    if (index % 2 === 0) {
      sandbox.programs.get(SEEDED.programs.webinar)?.members.set(id, {
        statusName: "Invited", step: 10, reachedSuccess: false, membershipDate: seededAt, updatedAt: seededAt,
        values: {},
      })
    }
  }
}

/** Runs one scenario and compares the report with what the sandbox saw. */
async function expectTruthFor(given: Scenario, faults: FaultRule[], knobs: object = {}): Promise<void> {
  const sandbox = await startSandbox({
    latency: given.latency,
    latencyJitter: 0.9,
    randomSeed: given.seed,
    keyRaceWindowMs: given.keyRaceWindowMs,
    ...knobs,
  })
  try {
    faults.forEach((rule) => sandbox.addFault(rule))
    const intention = intend(given.subaction)
    const formParams: { [name: string]: string } = {
      lookupField: "email", subaction: given.subaction, leadMode: given.leadMode, programStatus: "Registered",
    }
    const [target] = Object.values(intention)
    if (target !== undefined) {
      formParams.campaignId = String(target)
    }
    addKnownPeople(sandbox)
    const response = await runAgainst(sandbox, {
      rows: given.rows,
      formParams,
      batchSizes: { sync: given.sync, list: given.list, campaign: given.campaign },
      share: { concurrentCalls: given.concurrentCalls },
    })
    expectTruth(response, sandbox, { rows: given.rows, ...intention })
  } finally {
    await sandbox.stop()
  }
}

describe("Any run, compared with the sandbox's ledger", function() {
  this.timeout(TIMEOUT_MS)

  it("tells the truth when nothing goes wrong", async () => {
    await fc.assert(fc.asyncProperty(scenario, async (given) => expectTruthFor(given, [])), PROPERTY)
  })

  it("tells the truth whatever Marketo answers, and whenever connections break", async () => {
    await fc.assert(fc.asyncProperty(scenario, fc.array(fault, { minLength: 1, maxLength: 4 }),
      async (given, faults) => expectTruthFor(given, faults)), PROPERTY)
  })

  it("tells the truth when the day's quota ends in the middle", async () => {
    await fc.assert(fc.asyncProperty(scenario, quotaReached,
      async (given, rule) => expectTruthFor(given, [rule])), PROPERTY)
  })

  it("tells the truth when other integrations use up the instance", async () => {
    const tenant = fc.record({ callsPerWindow: fc.integer({ min: 0, max: 98 }), slots: fc.integer({ min: 0, max: 9 }) })
    await fc.assert(fc.asyncProperty(scenario, tenant,
      async (given, backgroundTenant) => expectTruthFor(given, [], { backgroundTenant })), PROPERTY)
  })

  it("finds the records that make a whole call fail, and names them alone", async () => {
    const poisoned = fc.uniqueArray(fc.integer({ min: 0, max: 39 }), { minLength: 1, maxLength: 3 })
    await fc.assert(fc.asyncProperty(poisoned, fc.integer({ min: 5, max: 40 }), async (indexes, sync) => {
      const rows = Array.from({ length: 40 }, (_unused, index) => ({ email: `p${index}@example.org`, firstName: "x" }))
      const sandbox = await startSandbox()
      try {
        for (const index of indexes) {
          sandbox.addFault({
            match: { operation: SYNC, lookupValue: `p${index}@example.org` },
            effect: { kind: "error", code: "1003", message: "Invalid value" },
          })
        }
        const response = await runAgainst(sandbox, {
          rows, formParams: { lookupField: "email", subaction: "none" }, batchSizes: { sync },
        })
        const { skipped } = accountOf(response.message) as { skipped: { [reason: string]: string[] } }
        expect(skipped["Invalid value"].sort()).to.deep.equal(indexes.map((index) => `p${index}@example.org`).sort())
        expectTruth(response, sandbox, { rows })
      } finally {
        await sandbox.stop()
      }
    }), { numRuns: Math.ceil(RUNS / 3) })
  })
})
