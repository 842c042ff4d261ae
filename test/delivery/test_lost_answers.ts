import { expect } from "chai"
import * as fc from "fast-check"
import { FaultEffect, FaultRule } from "../../sandbox/marketo/faults/faults"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { ActionResponse } from "../../src/hub"
import { expectNoLeadTwice, expectTruth } from "./oracle"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"
import { accountOf } from "../actions/marketo/support/account_of"

const RUNS = Number(process.env.SOAK_RUNS ?? 30)
const TIMEOUT_MS = 60000 + RUNS * 2000

const SYNC = "syncLeads"
const FILTER = "filterLeads"
const NONE = { lookupField: "email", subaction: "none" }
const LONG_AGO = Date.parse("2026-01-05T09:00:00Z")

/** Marketo's own pace: a run that waits for the time limit of a lost upsert does not end within a test. */
const REAL_TIME = { speed: 1, share: { callsPerWindow: 1000 } }

function people(count: number): RowValues[] {
  return Array.from({ length: count }, (_unused, index) => ({ email: `person${index}@example.org`, firstName: "now" }))
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Counts of the message, be it a sentence or a document. */
function countsOf({ success, message = "" }: ActionResponse): { [outcome: string]: number } {
  if (!success) {
    return (accountOf(message) as { rows: { [outcome: string]: number } }).rows
  }
  const figure = (pattern: RegExp) => Number((pattern.exec(message)?.[1] ?? "0").replace(/,/g, ""))
  return {
    received: figure(/^([\d,]+) row/), created: figure(/([\d,]+) leads? created[,.]/),
    updated: figure(/created, ([\d,]+) updated/), createdOrUpdated: figure(/([\d,]+) created or updated/),
    merged: figure(/([\d,]+) rows? merged/),
  }
}

describe("A run whose answers are lost", function() {
  this.timeout(20000)

  let sandbox: MarketoSandbox

  beforeEach(() => forgetConnections())
  afterEach(async () => sandbox.stop())

  const lost: Array<[string, FaultEffect]> = [
    ["the connection is reset", { kind: "reset", when: "after" }],
    ["the connection is closed in the middle of the answer", { kind: "truncate" }],
    ["a gateway gives up", { kind: "http", status: 502, executes: true }],
    ["Marketo answers 502 in its envelope", { kind: "error", code: "502", executes: true }],
    ["Marketo runs out of time after it was done", { kind: "error", code: "604", executes: true }],
    ["the answer has no body", { kind: "emptyBody" }],
    ["the answer lacks a result", { kind: "resultLength", difference: -1 }],
  ]
  for (const [name, effect] of lost) {
    it(`waits for no time limit when ${name}, although the leads are new`, async () => {
      sandbox = await startSandbox()
      sandbox.failNext(SYNC, effect)
      const rows = people(600)
      const response = await runAgainst(sandbox, { ...REAL_TIME, rows, formParams: NONE })
      expect(response.success, response.message).to.equal(true)
      expectTruth(response, sandbox, { rows })
      expect(sandbox.ledger.leadsCreated).to.equal(600)
      expect(sandbox.ledger.callsOf(FILTER).map((call) => call.batchSize)).to.deep.equal([300])
      const { created, updated, createdOrUpdated } = countsOf(response)
      expect([created + createdOrUpdated, updated]).to.deep.equal([600, 0])
    })
  }

  it("tells those who were there before as updated", async () => {
    sandbox = await startSandbox()
    people(5).forEach((values) => sandbox.store.addLead(values as { email: string }, { createdAt: LONG_AGO }))
    sandbox.failNext(SYNC, { kind: "reset", when: "before" })
    const response = await runAgainst(sandbox, { ...REAL_TIME, rows: people(5), formParams: NONE })
    expect(response.message).to.equal("5 rows received: 0 leads created, 5 updated.")
  })

  it("tells those who were made by an upsert that took its time as created", async () => {
    sandbox = await startSandbox()
    sandbox.failNext(SYNC, { kind: "reset", when: "before", commitsAfterMs: 1000 })
    const response = await runAgainst(sandbox, { ...REAL_TIME, rows: people(5), formParams: NONE })
    expect(response.message).to.equal("5 rows received: 5 leads created, 0 updated.")
    expect(sandbox.ledger.callsOf(FILTER)).to.have.length(2)
  })

  it("gives the leads that it only creates to what follows, though Marketo says that they exist", async () => {
    sandbox = await startSandbox()
    // Two seconds, since `createdAt` has whole ones.
    sandbox.addFault({ match: { operation: SYNC }, nth: 1, effect: { kind: "delay", ms: 2200 } })
    sandbox.failNext(SYNC, { kind: "reset", when: "after" })
    const rows = people(5)
    const response = await runAgainst(sandbox, {
      ...REAL_TIME, rows,
      formParams: { ...NONE, leadMode: "createOnly", subaction: "addList", campaignId: String(SEEDED.lists.empty) },
    })
    expect(response.message).to.equal("5 rows received: 5 leads created, 0 updated. List 1005: 5 leads added.")
    expectTruth(response, sandbox, { rows, listId: SEEDED.lists.empty })
  })

  it("sends a later row of the same person only when the lost upsert can no longer overtake it", async () => {
    sandbox = await startSandbox()
    sandbox.store.addLead({ email: "person0@example.org", firstName: "before" }, { createdAt: LONG_AGO })
    sandbox.failNext(SYNC, { kind: "reset", when: "before", commitsAfterMs: 120 })
    const rows = [{ email: "person0@example.org", firstName: "first" }, { email: "other@example.org", firstName: "x" },
      { email: "person0@example.org", firstName: "last" }]
    const response = await runAgainst(sandbox, { rows, formParams: NONE, batchSizes: { sync: 1 } })
    expect(response.success, response.message).to.equal(true)
    await until(() => sandbox.ledger.callsOf(SYNC)[0].executed)
    expectTruth(response, sandbox, { rows })
  })

  it("and is stopped says when its rows may be sent again, and keeps other runs from it until then", async () => {
    sandbox = await startSandbox()
    const stop = new AbortController()
    // The work begins at once; it is done when the second run has begun.
    sandbox.failNext(SYNC, { kind: "reset", when: "before", commitsAfterMs: 2000 })
    const speed = 30
    const run = { rows: people(3), formParams: NONE, isShared: true, speed }
    const stopped = runAgainst(sandbox, { ...run, stopSignal: stop.signal })
    await until(() => sandbox.ledger.callsOf(FILTER).length > 0)
    stop.abort()
    const { requestErrors = [] } = failureOf(await stopped)
    expect(requestErrors[requestErrors.length - 1].message).to.match(/sending these rows again is safe from \d\d:\d\d UTC on, and not before/)
    const second = await runAgainst(sandbox, run)
    expect(second.message).to.equal("3 rows received: 0 leads created, 3 updated.")
    expectNoLeadTwice(sandbox)
  })

  it("goes on with smaller batches after Marketo ran out of time over one", async () => {
    sandbox = await startSandbox()
    sandbox.addFault({ match: { operation: SYNC, batchOver: 100 }, effect: { kind: "error", code: "604" } })
    const rows = people(3000)
    const response = await runAgainst(sandbox, { rows, formParams: NONE, share: { concurrentCalls: 1 } })
    expect(response.success, response.message).to.equal(true)
    expectTruth(response, sandbox, { rows })
    const sizes = sandbox.ledger.callsOf(SYNC).map((call) => call.batchSize)
    expect(sizes.filter((size) => size > 100).length, sizes.join(", ")).to.be.at.most(6)
    expect(sizes.slice(-20).every((size) => size === 75), sizes.join(", ")).to.equal(true)
  })

  it("goes on with smaller batches after one was refused for its size", async () => {
    sandbox = await startSandbox()
    sandbox.addFault({ match: { operation: SYNC, bodyBytesOver: 15000 }, effect: { kind: "http", status: 413 } })
    const rows = people(3000)
    const response = await runAgainst(sandbox, { rows, formParams: NONE, share: { concurrentCalls: 1 } })
    expect(response.success, response.message).to.equal(true)
    expectTruth(response, sandbox, { rows })
    expect(sandbox.ledger.rejectedByCode()["HTTP 413"]).to.be.at.most(4)
  })

  const never: [string, FaultEffect][] = [
    ["Marketo runs out of time over every one", { kind: "error", code: "604" }],
    ["every one is refused for its size", { kind: "http", status: 413 }],
  ]
  for (const [name, effect] of never) {
    it(`does not go on to ever smaller batches when ${name}`, async () => {
      // On a busy machine, the time of a whole run would be over before all rows are read at the usual speed.
      const speed = 100
      sandbox = await startSandbox({ rateWindowMs: 20000 / speed })
      sandbox.addFault({ match: { operation: SYNC }, effect })
      const rows = people(6000).map((values) => ({ ...values, mktoPersonNotes: "x".repeat(2000) }))
      const response = await runAgainst(sandbox, { rows, formParams: NONE, speed })
      const { received, created, failed, notSent } = failureOf(response).rows
      expect([received, created, failed + notSent]).to.deep.equal([6000, 0, 6000])
      expect(sandbox.ledger.callsOf(SYNC).length).to.be.at.most(160)
    })
  }
})

/** People by a few spellings of few addresses, and custom keys likewise. */
const lookupValue = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }).map((index) => `person${index}@example.org`) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }).map((index) => ` Person${index}@Example.ORG`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "Ünal-1", "ünal-1", "u\u0308nal-1", "ÜNAL-1", "ＡＢＣ", "abc", "ﬁ", "FI", "ß", "SS", "客"),
  },
  { weight: 1, arbitrary: fc.constantFrom("a,b", "A,B", "1", "01") },
)

const row: fc.Arbitrary<{ key: string, firstName: string }> = fc.record({
  key: lookupValue, firstName: fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }).map((text) => `n${text}`),
})

/** After about 189 ms an upsert counts as ended; Marketo's own limit would be 180. */
const commitsAfterMs = fc.integer({ min: 0, max: 140 })

const lostUpsert: fc.Arbitrary<FaultEffect> = fc.oneof(
  fc.constantFrom<FaultEffect>(
    { kind: "reset", when: "before" }, { kind: "reset", when: "after" }, { kind: "truncate" }, { kind: "malformed" },
    { kind: "emptyBody" }, { kind: "resultLength", difference: 1 }, { kind: "halfClose", executes: true },
    { kind: "http", status: 500 }, { kind: "http", status: 503, executes: true }, { kind: "hang" },
    { kind: "error", code: "604", executes: true }, { kind: "error", code: "611", executes: true },
  ),
  commitsAfterMs.map((ms): FaultEffect => ({ kind: "reset", when: "before", commitsAfterMs: ms })),
  commitsAfterMs.map((ms): FaultEffect => ({ kind: "http", status: 502, commitsAfterMs: ms })),
  commitsAfterMs.map((ms): FaultEffect => ({ kind: "error", code: "604", commitsAfterMs: ms })),
  commitsAfterMs.map((ms): FaultEffect => ({ kind: "hang", commitsAfterMs: ms })),
)

const troubledLookUp: fc.Arbitrary<FaultEffect> = fc.oneof(
  fc.constantFrom<FaultEffect>(
    { kind: "reset", when: "before" }, { kind: "http", status: 502 }, { kind: "hang" }, { kind: "malformed" },
    { kind: "error", code: "603" }, { kind: "error", code: "1011" }, { kind: "error", code: "1003" },
    { kind: "error", code: "606" }, { kind: "error", code: "604" }, { kind: "error", code: "607" },
  ),
  fc.integer({ min: 1, max: 250 }).map((ms): FaultEffect => ({ kind: "delay", ms })),
  fc.integer({ min: 1, max: 100 }).map((ms): FaultEffect => ({ kind: "stale", ms })),
)

const nth = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 6 })

const faults: fc.Arbitrary<FaultRule[]> = fc.tuple(
  fc.array(fc.record({ match: fc.constant({ operation: SYNC }), nth, effect: lostUpsert }),
    { minLength: 1, maxLength: 3 }),
  fc.array(fc.record({ match: fc.constant({ operation: FILTER }), nth, effect: troubledLookUp }), { maxLength: 2 }),
).map(([upserts, lookUps]) => [...upserts, ...lookUps])

const scenario = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 40 }),
  lookupField: fc.constantFrom("email", "customerNumber"),
  leadMode: fc.constantFrom("createOrUpdate", "createOrUpdate", "createOnly", "updateOnly"),
  sync: fc.integer({ min: 1, max: 9 }),
  concurrentCalls: fc.integer({ min: 1, max: 5 }),
  latency: fc.constantFrom(0, 1, 8),
  keyRaceWindowMs: fc.constantFrom(Infinity, 2),
  seed: fc.nat(),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

async function during<T>(
  given: Scenario, rules: FaultRule[], use: (sandbox: MarketoSandbox) => Promise<T>,
): Promise<T> {
  forgetConnections()
  const { latency, keyRaceWindowMs, seed } = given
  const sandbox = await startSandbox({ latency, latencyJitter: 0.9, keyRaceWindowMs, randomSeed: seed })
  try {
    for (let index = 0; index < 10; index++) {
      sandbox.store.addLead({ [given.lookupField]: `person${index * 2}@example.org`, firstName: "before" },
        { createdAt: LONG_AGO })
    }
    rules.forEach((rule) => sandbox.addFault(rule))
    return await use(sandbox)
  } finally {
    await sandbox.stop()
  }
}

function runOf(given: Scenario) {
  const { lookupField, leadMode, sync, concurrentCalls } = given
  const rows = given.rows.map(({ key, firstName }): RowValues => ({
    [lookupField]: lookupField === "email" && !key.includes("@") ? "somebody@example.org" : key, firstName,
  }))
  return {
    rows, formParams: { lookupField, leadMode, subaction: "none" }, batchSizes: { sync }, share: { concurrentCalls },
  }
}

describe("Any run whose answers are lost, compared with the sandbox's ledger", function() {
  this.timeout(TIMEOUT_MS)

  it("makes no lead twice, and tells the truth of every row", async () => {
    await fc.assert(fc.asyncProperty(scenario, faults, async (given, rules) =>
      during(given, rules, async (sandbox) => {
        const run = runOf(given)
        const leadsBefore = sandbox.ledger.leadsCreated
        const response = await runAgainst(sandbox, run)
        expectTruth(response, sandbox, { rows: run.rows, lookupField: given.lookupField })
        const { received, created, updated, createdOrUpdated = 0, failed = 0, ...others } = countsOf(response)
        const made = sandbox.ledger.leadsCreated - leadsBefore
        expect(received).to.equal(run.rows.length)
        const sum = Object.values(others).reduce((all, count) => all + count, 0)
        expect(created + updated + createdOrUpdated + failed + sum).to.equal(received)
        expect(made, "leads created, of those told so").to.be.at.most(created + createdOrUpdated + failed)
        if (rules.every(({ effect }) => (effect as FaultEffect).kind !== "stale")) {
          expect(created, "told as created").to.be.at.most(made)
        }
      })), { numRuns: RUNS, endOnFailure: true })
  })

  it("makes no lead twice with several runs at once, of which some are stopped", async () => {
    const stops = fc.array(fc.option(fc.integer({ min: 0, max: 250 }), { freq: 2 }), { minLength: 2, maxLength: 4 })
    await fc.assert(fc.asyncProperty(scenario, faults, stops, async (given, rules, stopsAfter) =>
      during(given, rules, async (sandbox) => {
        const responses = await Promise.all(stopsAfter.map(async (afterMs) => {
          const stop = new AbortController()
          const timer = afterMs === null ? undefined : setTimeout(() => stop.abort(), afterMs)
          const response = await runAgainst(sandbox, { ...runOf(given), stopSignal: stop.signal, isShared: true })
          clearTimeout(timer)
          return response
        }))
        // Whoever sends again must not race with what the stopped runs have left.
        responses.push(await runAgainst(sandbox, { ...runOf(given), isShared: true }))
        expectNoLeadTwice(sandbox)
        // A run that is stopped before its first row says so in a sentence.
        for (const response of responses.filter(({ success, message }) => success || message?.startsWith("{"))) {
          const { received, ...outcomes } = countsOf(response)
          expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0), response.message).to.equal(received)
        }
      })), { numRuns: RUNS, endOnFailure: true })
  })
})
