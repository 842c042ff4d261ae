import { expect } from "chai"
import * as fc from "fast-check"
import { FaultRule } from "../../sandbox/marketo/faults/faults"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { MarketoTransaction } from "../../src/actions/marketo/marketo_transaction"
import { ActionResponse } from "../../src/hub"
import { Coordination } from "../../src/hub/coordination/coordination"
import { EmbeddedHome } from "../../src/hub/coordination/embedded_home"
import { attachCoordination } from "../../src/hub/coordination/request_coordination"
import { fault } from "../delivery/arbitrary_faults"
import { expectNoLeadTwice } from "../delivery/oracle"
import { configuration, requestFor, RowValues, startSandbox } from "../delivery/run_under_test"
import { HomesUnderTest } from "../hub/coordination/redis/homes_under_test"
import { describeWithRedis, RedisServer } from "../support/redis_server"
import { accountOf } from "../actions/marketo/support/account_of"

const RUNS = Number(process.env.SOAK_RUNS ?? 25)

/** Slow enough for a busy machine: whoever gives an answer up too early has more calls at once than allowed. */
const SPEED = 100

const people = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 })

const scenario = fc.record({
  /** Who is sent by each of the processes. */
  sends: fc.array(people, { minLength: 2, maxLength: 4 }),
  sync: fc.integer({ min: 1, max: 9 }),
  subaction: fc.constantFrom("none", "addList", "addCampaign"),
  latency: fc.constantFrom(1, 8),
  seed: fc.nat(),
  faults: fc.array(fault, { maxLength: 3 }),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

const TARGETS: { [subaction: string]: string } = {
  none: "", addList: String(SEEDED.lists.empty), addCampaign: String(SEEDED.campaigns.welcome),
}

/**
 * Sends from several processes at once, as far as the action can see: each has connections of its own, and only the
 * coordination is common to them.
 */
async function sendFromAll(
  sandbox: MarketoSandbox, given: Scenario, coordinations: Coordination[],
): Promise<ActionResponse[]> {
  const share = { callsPerWindow: 12, concurrentCalls: 3 }
  const runs = given.sends.map(async (sent, index) => {
    const rows: RowValues[] = sent.map((person) => ({ email: `p${person}@example.org`, firstName: `run ${index}` }))
    const request = requestFor(sandbox, {
      rows, formParams: { lookupField: "email", subaction: given.subaction, campaignId: TARGETS[given.subaction] },
    })
    attachCoordination(request, coordinations[index % coordinations.length])
    forgetConnections()
    const settings = configuration({ share, speed: SPEED, batchSizes: { sync: given.sync } })
    return new MarketoTransaction(settings).handleRequest(request)
  })
  return Promise.all(runs)
}

async function expectOneTruth(given: Scenario, coordinations: Coordination[]): Promise<void> {
  const sandbox = await startSandbox({
    latency: given.latency, latencyJitter: 0.9, randomSeed: given.seed, rateWindowMs: 20000 / SPEED,
  })
  try {
    given.faults.forEach((rule: FaultRule) => sandbox.faults.add(rule))
    const answers = await sendFromAll(sandbox, given, coordinations)
    const { ledger } = sandbox
    expectNoLeadTwice(sandbox)
    expect(ledger.overlappingUpserts, "overlapping upserts").to.deep.equal([])
    // Windows of 200 ms cannot be counted on a busy machine: test_two_hubs.ts counts longer ones.
    expect(ledger.highestConcurrency, "calls at once").to.be.at.most(3)
    answers.forEach(({ success, message = "" }, index) => {
      const [, received] = success ? /^(\d+) rows? received/.exec(message) ?? [] :
        ["", (accountOf(message) as { rows?: { received: number } }).rows?.received ?? 0]
      expect(Number(received), message).to.equal(given.sends[index].length)
    })
  } finally {
    await sandbox.stop()
  }
}

function propertyOf(coordinations: () => Coordination[]) {
  return async () => fc.assert(fc.asyncProperty(scenario, async (given) => expectOneTruth(given, coordinations())),
    { numRuns: RUNS, endOnFailure: true })
}

describe("Runs of several processes of one hub", function () {
  this.timeout(60_000 + RUNS * 2000)

  it("make nobody twice, whoever sends whom, and whatever becomes of calls and answers", propertyOf(() => {
    const home = new EmbeddedHome()
    return ["process 1", "process 2", "process 3"].map((owner) => home.of(owner))
  }))
})

describeWithRedis("Runs of two hubs with two processes each", function () {
  this.timeout(60_000 + RUNS * 2000)

  const server = new RedisServer()
  const homes = new HomesUnderTest(server)
  let coordinations: Coordination[]

  before(async () => {
    await server.start()
    await homes.begin()
    const [one, two] = [await homes.open(), await homes.open()]
    coordinations = [one.of("1"), two.of("1"), one.of("2"), two.of("2")]
  })
  after(async () => {
    await homes.close()
    await server.remove()
  })

  it("make nobody twice, whoever sends whom, and whatever becomes of calls and answers",
    propertyOf(() => coordinations))
})
