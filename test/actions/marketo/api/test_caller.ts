
import * as chai from "chai"
import { MarketoCall } from "../../../../src/actions/marketo/lib/api/call"
import { MarketoCaller } from "../../../../src/actions/marketo/lib/api/caller"
import { MarketoConnection } from "../../../../src/actions/marketo/lib/api/connection"
import { Operation } from "../../../../src/actions/marketo/lib/api/operations"
import { Pace } from "../../../../src/actions/marketo/lib/configuration/limits"
import { RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { RunControl, StopReason } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { connectionTo, rejectionOf, WatcherLog } from "../support/connect"
import { failure, FakeMarketo, FakeReply, LoggedCall, success } from "../support/fake_marketo"

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

  type CallParts = Partial<Omit<Operation, "name">> & Omit<Partial<MarketoCall>, "operation">

  function call(parts: CallParts = {}): MarketoCall {
    const { method = "GET", path = PATH, repetition = "always", goesFirst, needsOwnConnection, ...more } = parts
    return { operation: { name: "read usage", method, path, repetition, goesFirst, needsOwnConnection }, ...more }
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

    for (const code of ["603", "605", "607", "609", "610", "799", "1003"]) {
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

    const uncertain: [string, object][] = [
      ["604", failure("604")], ["611", failure("611")], ["500", failure("500")], ["502", failure(502)],
      ["a code that nobody knows", failure("31337")], ["an empty code", failure("")],
      ["an error beside another that was surely not executed", {
        json: { success: false, errors: [{ code: "1003", message: "Bad" }, { code: "604", message: "Late" }] },
      }],
      ["a refused token beside another error", {
        json: { success: false, errors: [{ code: "604", message: "Late" }, { code: "601", message: "Token" }] },
      }],
      ["a success that is told as a text", { json: { requestId: "a", success: "true", result: [{ id: 1 }] } }],
      ["JSON of somebody else's", { json: { message: "blocked" } }],
      ["HTTP 502", { status: 502, text: "<html>" }],
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

    for (const status of [302, 403, 404, 407, 451]) {
      it(`takes place after HTTP ${status} from something before Marketo, even of a campaign request`, async () => {
        const away = { status, text: "<html>" }
        marketo.answer("POST", PATH, away, away, away, away, success())
        await caller.send(call({ method: "POST", body: "{}", repetition: "ifNotExecuted" }))
        expect(marketo.calls).to.have.length(5)
      })
    }

    it("of what is turned away again and again ends after five attempts, and says who answered", async () => {
      marketo.always("GET", PATH, { status: 403, text: "<html>" })
      const error = await rejectionOf(caller.send(call()))
      expect([error.kind, error.origin, marketo.calls.length]).to.deep.equal(["unavailable", "between", 5])
      expect(error.message).to.contain("HTTP 403").and.contain("proxy")
    })

    it("of a campaign request that did not get an answer in time does not take place", async () => {
      marketo.answer("POST", PATH, { silent: true })
      const error = await rejectionOf(caller.send(
        call({ method: "POST", body: "{}", repetition: "ifNotExecuted", answerTimeoutMs: 50 })))
      expect([error.maybeExecuted, marketo.calls.length]).to.deep.equal([true, 1])
    })

    it("tells when the call begins to wait, and when it goes on", async () => {
      const told: boolean[] = []
      marketo.answer("GET", PATH, failure("713"))
      await caller.watchedBy({ callParked: (isParked) => { told.push(isParked) } }).send(call())
      expect(told).to.deep.equal([true, false])
    })
  })

  describe("long queries", () => {
    const long = `${PATH}?id=${new Array(1500).fill("123456").join(",")}&nextPageToken=A%2B%3D&name=a%20b`

    it("go out in the body, as a form", async () => {
      marketo.answer("POST", PATH, success([{ id: 1 }]))
      expect((await caller.send(call({ path: long }))).result).to.deep.equal([{ id: 1 }])
      const [sent] = marketo.calls
      expect([sent.method, sent.url]).to.deep.equal(["POST", `${PATH}?_method=GET`])
      expect(sent.headers["content-type"]).to.match(/^application\/x-www-form-urlencoded/)
      expect(sent.form.id).to.match(/^(123456,){1499}123456$/)
      expect([sent.form.nextPageToken, sent.form.name]).to.deep.equal(["A+=", "a b"])
    })

    it("keep repeated parameters", async () => {
      marketo.answer("POST", PATH, success())
      const ids = new Array(900).fill(0).map((_zero, index) => String(1000000 + index))
      await caller.send(call({ path: `${PATH}?${ids.map((id) => `id=${id}`).join("&")}` }))
      expect(marketo.calls[0].form.id).to.deep.equal(ids)
    })

    it("of Marketo's limit stay in the address", async () => {
      const path = `${PATH}?name=${"x".repeat(7000 - PATH.length - 6)}`
      await caller.send(call({ path }))
      expect([path.length, marketo.calls[0].url]).to.deep.equal([7000, path])
    })

    it("go into the body when somebody on the way finds them too long already", async () => {
      const path = `${PATH}?name=${"x".repeat(5000)}`
      marketo.answer("GET", PATH, { status: 414, text: "<html>" })
      marketo.answer("POST", PATH, success())
      await caller.send(call({ path }))
      expect(marketo.calls.map((sent) => sent.url)).to.deep.equal([path, `${PATH}?_method=GET`])
    })

    it("that are too long even so are reported", async () => {
      marketo.always("GET", PATH, { status: 414, text: "<html>" })
      marketo.always("POST", PATH, { status: 414, text: "<html>" })
      const error = await rejectionOf(caller.send(call({ path: `${PATH}?name=x` })))
      expect([error.kind, marketo.calls.length]).to.deep.equal(["tooLarge", 2])
    })

    it("are a matter of reads alone", async () => {
      marketo.answer("POST", PATH, { status: 414, text: "<html>" })
      const error = await rejectionOf(caller.send(call({ method: "POST", path: long, body: "{}" })))
      expect([error.kind, marketo.calls[0].url]).to.deep.equal(["tooLarge", long])
    })
  })

  describe("an instance that is out of reach", () => {
    /** Makes a caller whose instance is gone, after it has been reached or before. */
    async function gone(pace: Partial<Pace> = {}, wasReached = true) {
      connection = connectionTo(marketo.origin, pace)
      caller = new MarketoCaller(connection, run, watcher)
      if (wasReached) {
        // No connection stays open that would be lost with the first call.
        const json = { access_token: "fake-token-1", expires_in: 3600 }
        marketo.answerIdentity({ json, headers: { Connection: "close" } })
        await connection.token.current(run)
      }
      await marketo.stop()
    }

    it("gets more patience than five attempts, and a campaign request, too", async () => {
      await gone()
      let waits = 0
      const watched = caller.watchedBy({
        callParked: (isParked) => {
          waits += isParked ? 1 : 0
          if (waits === 12) {
            run.stop({ category: "hub", readOn: true, message: "Enough." })
          }
        },
      })
      const error = await rejectionOf(watched.send(call({ method: "POST", body: "{}", repetition: "ifNotExecuted" })))
      expect(error).to.be.instanceOf(RunStoppedError)
      expect(waits).to.equal(12)
    })

    it("is given up when patience is at its end, as not sent", async () => {
      await gone({ patienceMs: 30 })
      const error = await rejectionOf(caller.send(call()))
      expect([error.kind, error.origin, error.unsent, error.maybeExecuted])
        .to.deep.equal(["unavailable", "network", "passing", false])
      expect(error.message).to.contain("nothing accepts connections there")
    })

    it("is so for identity, too: the call that wants a token was not sent", async () => {
      await gone({ patienceMs: 30 }, false)
      const error = await rejectionOf(caller.send(call({ method: "POST", body: "{}", repetition: "ifNotExecuted" })))
      expect([error.kind, error.unsent, error.maybeExecuted]).to.deep.equal(["unavailable", "passing", false])
    })

    it("costs neither calls of the report, nor of the day, nor of the window", async () => {
      await gone({ patienceMs: 30 })
      await rejectionOf(caller.send(call()))
      expect(watcher.sent).to.deep.equal([])
    })

    it("is given up after five attempts for a name that is unknown, when it was never reached", async () => {
      let waits = 0
      caller = new MarketoCaller(connectionTo("http://nobody.invalid"), run, watcher)
      const watched = caller.watchedBy({ callParked: (isParked) => { waits += isParked ? 1 : 0 } })
      const error = await rejectionOf(watched.send(call()))
      expect([error.unsent, waits]).to.deep.equal(["lasting", 4])
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
      run.stop({ category: "hub", readOn: true, message: "Enough." })
      expect(await rejectionOf(caller.send(call()))).to.be.instanceOf(RunStoppedError)
      expect(marketo.calls).to.deep.equal([])
    })

    it("does not wait for a repetition", async () => {
      connection = connectionTo(marketo.origin, { firstRetryMs: 60000, longestRetryMs: 60000 })
      caller = new MarketoCaller(connection, run, watcher)
      marketo.answer("GET", PATH, failure("713"))
      const enough: StopReason = { category: "hub", readOn: true, message: "Enough." }
      const watched = caller.watchedBy({ callParked: () => run.stop(enough) })
      const stopped = rejectionOf(watched.send(call()))
      expect(await stopped).to.be.instanceOf(RunStoppedError)
    })

    it("while an attempt that may have been executed is to be repeated, leaves the call uncertain", async () => {
      connection = connectionTo(marketo.origin, { firstRetryMs: 60000, longestRetryMs: 60000 })
      caller = new MarketoCaller(connection, run, watcher)
      marketo.answer("POST", PATH, failure("611", "System error"))
      const enough: StopReason = { category: "hub", readOn: true, message: "Enough." }
      const watched = caller.watchedBy({ callParked: () => run.stop(enough) })
      const error = await rejectionOf(watched.send(call({ method: "POST", body: "{}" })))
      expect(error.maybeExecuted).to.equal(true)
    })

    it("gets the answer of a call that is on the wire", async () => {
      marketo.answer("GET", PATH, () => {
        run.stop({ category: "hub", readOn: true, message: "Enough." })
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
