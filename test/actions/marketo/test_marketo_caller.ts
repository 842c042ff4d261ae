
import * as chai from "chai"
import { RunStoppedError } from "../../../src/actions/marketo/lib/errors"
import { MarketoCall, MarketoCaller } from "../../../src/actions/marketo/lib/marketo_caller"
import { MarketoConnection } from "../../../src/actions/marketo/lib/marketo_connection"
import { RunControl } from "../../../src/actions/marketo/lib/run_control"
import { connectionTo, rejectionOf, WatcherLog } from "./support/connect"
import { failure, FakeMarketo, FakeReply, LoggedCall, success } from "./support/fake_marketo"

const expect = chai.expect

const PATH = "/rest/v1/stats/usage.json"

describe("caller of Marketo's API", () => {
  let marketo: FakeMarketo
  let connection: MarketoConnection
  let run: RunControl
  let watcher: WatcherLog
  let caller: MarketoCaller

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    connection = connectionTo(marketo.origin)
    run = new RunControl()
    watcher = new WatcherLog()
    caller = new MarketoCaller(connection, run, watcher)
  })

  afterEach(async () => { await marketo.stop() })

  function call(more: Partial<MarketoCall> = {}): MarketoCall {
    return { operation: "read usage", method: "GET", path: PATH, repetition: "always", ...more }
  }

  function tokenOf(logged: LoggedCall): string | undefined {
    return logged.headers.authorization
  }

  it("gives the successful envelope", async () => {
    marketo.answer("GET", PATH, success([{ id: 1 }]))
    expect((await caller.send(call())).result).to.deep.equal([{ id: 1 }])
  })

  it("sends the token in the header, and nowhere else", async () => {
    await caller.send(call())
    expect(tokenOf(marketo.calls[0])).to.equal("Bearer fake-token-1")
    expect(marketo.calls[0].url).to.equal(PATH)
  })

  it("sends JSON as JSON", async () => {
    marketo.answer("POST", PATH, success())
    await caller.send(call({ method: "POST", body: "{\"a\":1}" }))
    expect(marketo.calls[0].headers["content-type"]).to.equal("application/json")
    expect(marketo.calls[0].body).to.deep.equal({ a: 1 })
  })

  it("says who calls", async () => {
    await caller.send(call())
    expect(marketo.calls[0].headers["user-agent"]).to.contain("looker-action-hub")
  })

  it("tells the watcher of each attempt and each failure", async () => {
    marketo.answer("GET", PATH, failure("713"), failure("606"))
    await caller.send(call())
    expect(watcher.sent).to.deep.equal(["read usage", "read usage", "read usage"])
    expect(watcher.failed.map((error) => error.code)).to.deep.equal(["713", "606"])
  })

  it("does not count refusals for lack of room as failures of the call", async () => {
    marketo.answer("GET", PATH, ...new Array<FakeReply>(6).fill(failure("606")), failure("713"))
    await caller.send(call())
    expect(marketo.calls).to.have.length(8)
  })

  describe("refused tokens", () => {
    for (const code of ["601", "602"]) {
      it(`${code}: the same call is repeated with the new token, even a campaign request`, async () => {
        marketo.answer("GET", PATH, () => {
          marketo.token = "fake-token-2"
          return failure(code)
        })
        await caller.send(call({ repetition: "ifNotExecuted" }))
        expect(marketo.calls.map(tokenOf)).to.deep.equal(["Bearer fake-token-1", "Bearer fake-token-2"])
      })
    }

    it("602, then 601: the second round helps as well", async () => {
      marketo.answer("GET", PATH, failure("602"), failure("601"))
      await caller.send(call())
      expect(marketo.calls).to.have.length(3)
    })

    it("twice replaced in vain, fail as a matter of credentials", async () => {
      marketo.always("GET", PATH, failure("601", "Access token invalid"))
      const error = await rejectionOf(caller.send(call()))
      expect([error.kind, error.code, marketo.calls.length]).to.deep.equal(["auth", "601", 3])
    })

    it("of calls in flight together are replaced once", async () => {
      marketo.always("GET", PATH, (logged) => {
        marketo.token = "fake-token-2"
        return tokenOf(logged) === "Bearer fake-token-1" ? failure("602") : success()
      })
      await Promise.all([1, 2, 3, 4].map(async () => caller.send(call())))
      expect(marketo.identityCalls).to.have.length(2)
    })
  })

  describe("repetition", () => {
    it("overcomes passing failures", async () => {
      marketo.answer("GET", PATH, failure("713"), { status: 502, text: "<html>" }, { reset: true })
      await caller.send(call())
      expect(marketo.calls).to.have.length(4)
    })

    it("ends after five attempts, with the last failure", async () => {
      marketo.always("GET", PATH, failure("713", "Transient error"))
      const error = await rejectionOf(caller.send(call()))
      expect([error.code, marketo.calls.length]).to.deep.equal(["713", 5])
    })

    for (const code of ["603", "605", "607", "609", "610", "1003", "31337"]) {
      it(`does not take place after ${code}`, async () => {
        marketo.always("GET", PATH, failure(code, "No", "b2#18f"))
        const error = await rejectionOf(caller.send(call()))
        expect([error.code, error.requestId, marketo.calls.length]).to.deep.equal([code, "b2#18f", 1])
      })
    }

    for (const code of ["606", "608", "615"]) {
      it(`takes place after ${code}, even of a campaign request`, async () => {
        marketo.answer("POST", PATH, failure(code), failure(code), success())
        await caller.send(call({ method: "POST", body: "{}", repetition: "ifNotExecuted" }))
        expect(marketo.calls).to.have.length(3)
      })
    }

    const uncertain: Array<[string, object]> = [
      ["604", failure("604")], ["611", failure("611")], ["HTTP 502", { status: 502, text: "<html>" }],
      ["a reset", { reset: true }], ["an answer that is no JSON", { text: "<html>" }],
      ["an answer cut short", { ...success([{ text: "x".repeat(2000) }]), truncate: true }],
    ]
    for (const [name, reply] of uncertain) {
      it(`of a campaign request does not take place after ${name}, which leaves it uncertain`, async () => {
        marketo.answer("POST", PATH, reply)
        const error = await rejectionOf(caller.send(call({ method: "POST", body: "{}", repetition: "ifNotExecuted" })))
        expect([error.kind, error.maybeExecuted, marketo.calls.length]).to.deep.equal(["unavailable", true, 1])
      })
    }

    it("of a campaign request that did not get an answer in time does not take place", async () => {
      marketo.answer("POST", PATH, { silent: true })
      const error = await rejectionOf(caller.send(
        call({ method: "POST", body: "{}", repetition: "ifNotExecuted", answerTimeoutMs: 50 })))
      expect([error.maybeExecuted, marketo.calls.length]).to.deep.equal([true, 1])
    })

    it("tells when the call begins to wait, and when it goes on", async () => {
      const told: boolean[] = []
      marketo.answer("GET", PATH, failure("713"))
      await caller.send(call({ onParked: (isParked) => { told.push(isParked) } }))
      expect(told).to.deep.equal([true, false])
    })
  })

  describe("an attempt that may have been executed", () => {
    it("leaves the call uncertain, even when a later attempt surely failed", async () => {
      marketo.answer("POST", PATH, failure("604", "Request timed out", "c3#18f"), failure("1003", "Bad"))
      const error = await rejectionOf(caller.send(call({ method: "POST", body: "{}", repetition: "always" })))
      expect([error.code, error.maybeExecuted, error.requestId]).to.deep.equal(["1003", true, "c3#18f"])
    })

    it("leaves nothing uncertain when a later one succeeds", async () => {
      marketo.answer("POST", PATH, failure("604"), success([{ id: 1 }]))
      expect((await caller.send(call({ method: "POST", body: "{}" }))).success).to.equal(true)
    })
  })

  describe("a run that stops", () => {
    it("makes no call any more", async () => {
      run.stop({ readOn: true, message: "Enough." })
      expect(await rejectionOf(caller.send(call()))).to.be.instanceOf(RunStoppedError)
      expect(marketo.calls).to.deep.equal([])
    })

    it("does not wait for a repetition", async () => {
      connection = connectionTo(marketo.origin, { firstRetryMs: 60000, longestRetryMs: 60000 })
      caller = new MarketoCaller(connection, run, watcher)
      marketo.answer("GET", PATH, failure("713"))
      const stopped = rejectionOf(caller.send(call({ onParked: () => run.stop({ readOn: true, message: "Enough." }) })))
      expect(await stopped).to.be.instanceOf(RunStoppedError)
    })

    it("while an attempt that may have been executed is to be repeated, leaves the call uncertain", async () => {
      connection = connectionTo(marketo.origin, { firstRetryMs: 60000, longestRetryMs: 60000 })
      caller = new MarketoCaller(connection, run, watcher)
      marketo.answer("POST", PATH, failure("611", "System error"))
      const error = await rejectionOf(caller.send(call({
        method: "POST", body: "{}", onParked: () => run.stop({ readOn: true, message: "Enough." }),
      })))
      expect(error.maybeExecuted).to.equal(true)
    })

    it("gets the answer of a call that is on the wire", async () => {
      marketo.answer("GET", PATH, () => {
        run.stop({ readOn: true, message: "Enough." })
        return success([{ id: 1 }])
      })
      expect((await caller.send(call())).result).to.deep.equal([{ id: 1 }])
    })
  })

  it("keeps to the quota's number of calls at once", async () => {
    marketo.always("GET", PATH, { ...success(), delayMs: 5 })
    await Promise.all(new Array(30).fill(0).map(async () => caller.send(call())))
    expect(marketo.calls).to.have.length(30)
    expect(marketo.mostAtOnce).to.be.at.most(connection.quota.concurrentCalls)
  })
})
