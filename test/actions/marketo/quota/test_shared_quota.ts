import * as chai from "chai"
import { connectionFor, forgetConnections } from "../../../../src/actions/marketo/lib/api/connection"
import { RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { SharedQuota } from "../../../../src/actions/marketo/lib/quota/shared_quota"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { FAST_CONFIGURATION, rejectionOf } from "../support/connect"
import { ScriptedCoordination } from "../support/scripted_coordination"

const expect = chai.expect

const CREDENTIALS = { origin: "https://123-abc-456.mktorest.com", clientId: "a", clientSecret: "b" }

describe("SharedQuota", () => {
  let hub: ScriptedCoordination
  let run: RunControl
  let quota: SharedQuota

  beforeEach(() => {
    hub = new ScriptedCoordination()
    run = new RunControl()
    const share = { callsPerWindow: 50, concurrentCalls: 5 }
    quota = new SharedQuota(hub.limit("m", { ...share, callsAtOnce: 5, windowMs: 1, slackMs: 1, aloneFrom: 95,
      lingerMs: 1 }), share, false)
  })

  afterEach(() => forgetConnections())

  it("asks in the name of the run, which stays the same and is nobody else's", async () => {
    await quota.acquire(run)
    await quota.acquire(run, true)
    await quota.acquire(new RunControl())
    const [first, second, other] = hub.turns
    expect(first.party).to.equal(second.party).and.not.equal(other.party)
    expect(hub.turns.map(({ goesFirst, isBrief }) => [goesFirst, isBrief]))
      .to.deep.equal([[false, false], [true, false], [false, false]])
  })

  it("passes on when a call was sent, and how it was received", async () => {
    const permit = await quota.acquire(run)
    permit.sent()
    permit.release("rateLimited")
    const unsent = await quota.acquire(run)
    unsent.release("notSent")
    expect(hub.received).to.deep.equal(["sent", "rateLimited", "accepted"])
  })

  it("counts the calls of a run that wait, and ends their wait when the run stops", async () => {
    hub.state = "silent"
    const waiting = [rejectionOf(quota.acquire(run)), rejectionOf(quota.acquire(run))]
    expect(quota.waitingOf(run)).to.equal(2)
    run.stop({ category: "hub", readOn: true, message: "Enough." })
    for (const failure of await Promise.all(waiting)) {
      expect(failure).to.be.instanceOf(RunStoppedError)
    }
    expect(quota.waitingOf(run)).to.equal(0)
    expect(await rejectionOf(quota.acquire(run))).to.be.instanceOf(RunStoppedError)
  })

  it("reports a day without calls as the reserve that the administrator has set", async () => {
    hub.state = "spent"
    const error = await rejectionOf(quota.acquire(run))
    expect(error.kind).to.equal("quota")
    expect(error.message).to.contain("MARKETO_DAILY_RESERVE")
  })

  it("stops the run when nobody can be asked, with the hub's reason and what to do", async () => {
    hub.state = "lost"
    expect(await rejectionOf(quota.acquire(run))).to.be.instanceOf(RunStoppedError)
    expect(run.stopReason).to.deep.equal({
      category: "hub", readOn: true,
      message: "The hub has lost touch with Redis. Send what was not sent again when that is mended.",
    })
  })

  describe("of a connection", () => {
    it("is one limit of the instance for runs and forms, by the rules of the configuration", () => {
      const configuration = { ...FAST_CONFIGURATION, share: { ...FAST_CONFIGURATION.share, dailyAllowance: 400 } }
      connectionFor(CREDENTIALS, configuration, "runs", hub)
      connectionFor(CREDENTIALS, configuration, "forms", hub)
      expect(hub.names.slice(1)).to.deep.equal(["marketo 123-abc-456.mktorest.com", "marketo 123-abc-456.mktorest.com"])
      expect(hub.rules[1]).to.deep.equal(hub.rules[2])
      expect(hub.rules[1]).to.include({
        callsPerWindow: 1000, callsAtOnce: 5, windowMs: 20000, slackMs: 300, callsPerPeriod: 400, lingerMs: 94500,
        dayBeginsAtMs: 21_600_000,
      })
    })

    it("lets calls of forms go first", async () => {
      await connectionFor(CREDENTIALS, FAST_CONFIGURATION, "forms", hub).quota.acquire(run)
      expect(hub.turns[0].isBrief).to.equal(true)
    })

    it("leaves the share whole, however many processes there are", () => {
      const { quota: shared } = connectionFor(CREDENTIALS, { ...FAST_CONFIGURATION, processes: 4 }, "runs", hub)
      expect([shared.callsPerWindow, shared.concurrentCalls]).to.deep.equal([1000, 5])
    })

    it("passes a reading of the day's usage on, limit or not, with the time until Marketo's day ends", () => {
      connectionFor(CREDENTIALS, FAST_CONFIGURATION, "runs", hub).daily.learn(123)
      const [[used, endsInMs]] = hub.periods
      expect(used).to.equal(123)
      expect(endsInMs).to.be.within(1, 23 * 3600000)
    })

    it("holds the lookup values of each field apart from those of others", () => {
      const { reservations } = connectionFor(CREDENTIALS, FAST_CONFIGURATION, "runs", hub)
      reservations("email")
      reservations("crmId")
      expect(hub.names.slice(2)).to.deep.equal([
        "marketo 123-abc-456.mktorest.com email", "marketo 123-abc-456.mktorest.com crmId",
      ])
      expect(hub.shownNames, "which no page shows")
        .to.deep.equal(["marketo 123-abc-456.mktorest.com", "marketo 123-abc-456.mktorest.com"])
    })
  })
})
