import * as chai from "chai"
import { MARKETO_PACE } from "../../../../src/actions/marketo/lib/configuration/limits"
import { MarketoError, MarketoErrorDetails, MarketoErrorKind } from "../../../../src/actions/marketo/lib/errors"
import {
  decideRetry, mayBeOneRecord, Repetition, RetryDecision,
} from "../../../../src/actions/marketo/lib/quota/retry_policy"
import { failureOf } from "../support/failure_of"

const expect = chai.expect

const NEVER = { kind: "giveUp" }

function codeError(code: string): MarketoError {
  const body = { success: false, errors: [{ code, message: code }] }
  return failureOf({ kind: "answer", status: 200, body })
}

function error(kind: MarketoErrorKind, details: MarketoErrorDetails = {}): MarketoError {
  return new MarketoError(kind, "text", details)
}

const LOST = error("unavailable", { maybeExecuted: true, maybeRunning: true })
const NOT_SENT = error("unavailable", { origin: "network", unsent: "passing" })
const NOT_SENT_LASTINGLY = error("unavailable", { origin: "network", unsent: "lasting" })
const TURNED_AWAY = failureOf({ kind: "unreadable", status: 403 })

function decide(
  failure: MarketoError, repetition: Repetition = "always", failures = 1, refusedForMs = 0,
  random = 1, wasReached = true,
): RetryDecision {
  const progress = { failures, refusals: failures, refusedForMs, wasReached }
  return decideRetry(failure, repetition, progress, MARKETO_PACE, () => random)
}

function waitOf(decision: RetryDecision): number {
  if (decision.kind !== "retry") {
    throw new Error("Expected a repetition")
  }
  return decision.waitMs
}

const REPETITIONS: Repetition[] = ["always", "ifNotExecuted"]

describe("repetition of failed calls", () => {

  describe("codes that no repetition can help", () => {
    const permanent = [
      "603", "605", "607", "609", "610", "612", "613", "616", "701", "702", "703", "709", "710", "711",
      "1001", "1002", "1003", "1004", "1005", "1006", "1007", "1008", "1010", "1011", "1013", "1018", "1021", "1025",
      "704", "712", "714", "718", "799", "1017", "1020", "1022", "1029", "1049", "1080", "1099",
    ]
    for (const code of permanent) {
      it(`${code} is given up at once`, () => {
        for (const repetition of REPETITIONS) {
          expect(decide(codeError(code), repetition)).to.deep.equal(NEVER)
        }
      })
    }
  })

  for (const kind of ["auth", "quota", "rejected", "settings", "tooLarge"] as MarketoErrorKind[]) {
    it(`gives up what is ${kind}`, () => {
      expect(decide(error(kind))).to.deep.equal(NEVER)
    })
  }

  describe("606 and 615", () => {
    for (const code of ["606", "615"]) {
      it(`${code} is repeated whatever the call, since it was not executed`, () => {
        for (const repetition of REPETITIONS) {
          expect(waitOf(decide(codeError(code), repetition))).to.be.greaterThan(0)
        }
      })

      it(`${code} is repeated any number of times while patience lasts`, () => {
        expect(decide(codeError(code), "ifNotExecuted", 100, MARKETO_PACE.patienceMs - 1).kind).to.equal("retry")
        expect(decide(codeError(code), "ifNotExecuted", 100, MARKETO_PACE.patienceMs)).to.deep.equal(NEVER)
      })
    }
  })

  describe("maintenance and imports, which end by themselves after minutes", () => {
    for (const code of ["608", "1016", "1019"]) {
      it(`${code} is repeated whatever the call, since it was not executed`, () => {
        for (const repetition of REPETITIONS) {
          expect(decide(codeError(code), repetition).kind).to.equal("retry")
        }
      })

      it(`${code} is repeated for as long as patience lasts`, () => {
        expect(decide(codeError(code), "always", 50, MARKETO_PACE.patienceMs - 1).kind).to.equal("retry")
        expect(decide(codeError(code), "always", 50, MARKETO_PACE.patienceMs)).to.deep.equal(NEVER)
      })
    }
  })

  describe("codes of passing trouble that were not executed", () => {
    for (const code of ["713", "1014", "699"]) {
      it(`${code} is repeated whatever the call, five attempts in all`, () => {
        for (const repetition of REPETITIONS) {
          expect(decide(codeError(code), repetition, 4).kind).to.equal("retry")
          expect(decide(codeError(code), repetition, 5)).to.deep.equal(NEVER)
        }
      })
    }

    it("614 is tried three times", () => {
      expect(decide(codeError("614"), "always", 2).kind).to.equal("retry")
      expect(decide(codeError("614"), "always", 3)).to.deep.equal(NEVER)
    })
  })

  describe("calls that surely were not sent", () => {
    it("are repeated whatever the call", () => {
      for (const repetition of REPETITIONS) {
        expect(decide(NOT_SENT, repetition).kind).to.equal("retry")
      }
    })

    it("do not wait for the server's time-out", () => {
      expect(waitOf(decide(NOT_SENT, "ifNotExecuted"))).to.be.at.most(MARKETO_PACE.firstRetryMs)
    })

    it("are repeated any number of times while patience lasts", () => {
      for (const repetition of REPETITIONS) {
        expect(decide(NOT_SENT, repetition, 1000, MARKETO_PACE.patienceMs - 1, 1, false).kind).to.equal("retry")
        expect(decide(NOT_SENT, repetition, 1000, MARKETO_PACE.patienceMs, 1, false)).to.deep.equal(NEVER)
      }
    })

    it("are tried often enough to go on soon after an outage", () => {
      expect(waitOf(decide(NOT_SENT, "always", 1000))).to.equal(MARKETO_PACE.longestRetryMs / 4)
    })

    it("are given up after five attempts for a lasting reason, if the instance was never reached", () => {
      expect(decide(NOT_SENT_LASTINGLY, "always", 4, 0, 1, false).kind).to.equal("retry")
      expect(decide(NOT_SENT_LASTINGLY, "always", 5, 0, 1, false)).to.deep.equal(NEVER)
    })

    it("are repeated while patience lasts for such a reason, once the instance was reached", () => {
      expect(decide(NOT_SENT_LASTINGLY, "always", 1000, MARKETO_PACE.patienceMs - 1).kind).to.equal("retry")
    })
  })

  describe("calls that something other than Marketo turned away", () => {
    it("are repeated whatever the call, five attempts in all", () => {
      for (const repetition of REPETITIONS) {
        expect(decide(TURNED_AWAY, repetition, 4).kind).to.equal("retry")
        expect(decide(TURNED_AWAY, repetition, 5)).to.deep.equal(NEVER)
      }
    })
  })

  describe("calls that may have been executed", () => {
    for (const code of ["500", "502", "503", "604", "611", "31337", "", "odd"]) {
      it(`${JSON.stringify(code)} is not repeated by itself for a campaign request or a creating upsert`, () => {
        expect(decide(codeError(code), "ifNotExecuted")).to.deep.equal(NEVER)
      })

      it(`${code} is repeated where that changes nothing`, () => {
        expect(decide(codeError(code), "always", 4).kind).to.equal("retry")
        expect(decide(codeError(code), "always", 5)).to.deep.equal(NEVER)
      })
    }

    it("is given up even if it would pass otherwise", () => {
      for (const kind of ["throttled", "unavailable"] as const) {
        expect(decide(error(kind, { code: "608", maybeExecuted: true }), "ifNotExecuted")).to.deep.equal(NEVER)
      }
    })

    it("a lost answer is never repeated for a campaign request", () => {
      expect(decide(LOST, "ifNotExecuted")).to.deep.equal(NEVER)
    })

    it("calls that leave the same state are repeated without waiting for the server's time-out", () => {
      expect(waitOf(decide(LOST, "always"))).to.be.at.most(MARKETO_PACE.firstRetryMs)
    })
  })

  describe("waits", () => {
    it("double", () => {
      expect([1, 2, 3, 4].map((failures) => waitOf(decide(TURNED_AWAY, "always", failures))))
        .to.deep.equal([2000, 4000, 8000, 16000])
    })

    it("do not grow beyond the longest", () => {
      expect(waitOf(decide(codeError("608"), "always", 1000))).to.equal(MARKETO_PACE.longestRetryMs)
    })

    it("spread, but are never nothing", () => {
      expect(waitOf(decide(TURNED_AWAY, "always", 3, 0, 0))).to.equal(1000)
      expect(waitOf(decide(TURNED_AWAY, "always", 3, 0, 0.5))).to.equal(4500)
    })
  })

  describe("a single record as the cause", () => {
    for (const code of ["609", "611", "1099", "1001", "1003", "1004", "1007", "1010", "1021"]) {
      it(`is possible for ${code}`, () => {
        expect(mayBeOneRecord(codeError(code))).to.equal(true)
      })
    }

    for (const code of ["603", "606", "607", "608", "610", "615", "702", "799", "1006", "1011", "1013", "31337"]) {
      it(`is not for ${code}`, () => {
        expect(mayBeOneRecord(codeError(code))).to.equal(false)
      })
    }

    it("is possible for a call that is too large", () => {
      expect(mayBeOneRecord(error("tooLarge"))).to.equal(true)
    })

    it("is not for a lost answer", () => {
      expect(mayBeOneRecord(LOST)).to.equal(false)
    })
  })
})
