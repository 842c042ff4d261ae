import * as chai from "chai"
import { outcomeOf } from "../../../../src/actions/marketo/lib/api/call_outcome"
import { MarketoReply } from "../../../../src/actions/marketo/lib/api/http"
import {
  ERROR_CODES, isAccessDenied, MarketoErrorKind, meaningOf, problemsOf,
} from "../../../../src/actions/marketo/lib/errors"
import { failureOf } from "../support/failure_of"

const expect = chai.expect

function answer(body: { [member: string]: unknown }, status = 200): MarketoReply {
  return { kind: "answer", status, body }
}

function refused(code: string | number, message = "Text"): MarketoReply {
  return answer({ requestId: "a1#18f", success: false, errors: [{ code, message }] })
}

describe("outcomeOf", () => {

  describe("at HTTP level", () => {
    it("a call that was not sent was surely not executed", () => {
      const cause = new Error("refused")
      const error = failureOf({ kind: "notSent", explanation: "Nobody there.", isLasting: false, cause })
      expect([error.kind, error.message, error.maybeExecuted, error.maybeRunning])
        .to.deep.equal(["unavailable", "Nobody there.", false, false])
      expect([error.original, error.origin, error.unsent]).to.deep.equal([cause, "network", "passing"])
    })

    it("what keeps a call from being sent lastingly is marked", () => {
      const error = failureOf({ kind: "notSent", explanation: "Unknown.", isLasting: true, cause: undefined })
      expect(error.unsent).to.equal("lasting")
    })

    it("a lost answer leaves open what was done, and whether it is still being done", () => {
      const error = failureOf({ kind: "lost", explanation: "Broke.", cause: undefined })
      expect([error.kind, error.maybeExecuted, error.maybeRunning]).to.deep.equal(["unavailable", true, true])
    })

    const statuses: [number, MarketoErrorKind, boolean][] = [
      [400, "unavailable", false], [401, "auth", false], [403, "unavailable", false], [404, "unavailable", false],
      [301, "unavailable", false], [302, "unavailable", false], [307, "unavailable", false],
      [405, "unavailable", false], [407, "unavailable", false], [451, "unavailable", false],
      [201, "unavailable", true], [204, "unavailable", true], [409, "unavailable", true], [418, "unavailable", true],
      [0, "unavailable", true], [511, "unavailable", true], [599, "unavailable", true],
      [413, "tooLarge", false], [414, "tooLarge", false], [429, "throttled", false],
      [200, "unavailable", true], [408, "unavailable", true],
      [500, "unavailable", true], [502, "unavailable", true], [503, "unavailable", true], [504, "unavailable", true],
    ]
    for (const [status, kind, maybeExecuted] of statuses) {
      it(`${status} with an unreadable body is ${kind}${maybeExecuted ? ", perhaps executed" : ""}`, () => {
        const error = failureOf({ kind: "unreadable", status })
        expect([error.kind, error.maybeExecuted, error.maybeRunning])
          .to.deep.equal([kind, maybeExecuted, maybeExecuted])
        expect(error.origin).to.equal("between")
        if (status !== 200) {
          expect(error.message).to.contain(`HTTP ${status}`)
        }
      })
    }

    it("an unknown path of the host tells to check the URL", () => {
      expect(failureOf({ kind: "unreadable", status: 404 }).message).to.contain("Check the URL")
    })

    for (const status of [413, 414]) {
      it(`${status} is too large, too, when a gateway explains it in JSON of its own`, () => {
        expect(failureOf(answer({ error: "Request Entity Too Large" }, status)).kind).to.equal("tooLarge")
      })
    }

    it("404 is not Marketo's either when a gateway explains it in JSON of its own", () => {
      const error = failureOf(answer({ message: "no Route matched" }, 404))
      expect([error.kind, error.origin, error.maybeExecuted]).to.deep.equal(["unavailable", "between", false])
    })

    for (const status of [302, 403, 404, 407]) {
      it(`${status} says that something else answered, and what to check`, () => {
        expect(failureOf({ kind: "unreadable", status }).message)
          .to.match(/^HTTP \d+ came back in place of Marketo's answer: a proxy, a firewall or another server/)
          .and.contain("Check the URL in the action's settings")
      })
    }

    it("a server fault is perhaps executed, too, when it comes as JSON", () => {
      const error = failureOf(answer({ message: "oops" }, 500))
      expect([error.kind, error.maybeExecuted]).to.deep.equal(["unavailable", true])
    })
  })

  describe("at response level", () => {
    it("a success gives Marketo's envelope", () => {
      const body = { success: true, result: [] }
      expect(outcomeOf(answer(body))).to.deep.equal({ kind: "success", envelope: body })
    })

    it("a success needs no result", () => {
      expect(outcomeOf(answer({ requestId: "a", success: true })).kind).to.equal("success")
    })

    it("an answer without `success` is none to rely on", () => {
      const error = failureOf(answer({ result: [] }))
      expect([error.kind, error.maybeExecuted]).to.deep.equal(["unavailable", true])
    })

    it("`success` must be true itself", () => {
      expect(failureOf(answer({ success: "true" })).kind).to.equal("unavailable")
    })

    it("keeps code, text and requestId", () => {
      const error = failureOf(refused("607", "Max daily quota '50000' reached"))
      expect([error.code, error.requestId]).to.deep.equal(["607", "a1#18f"])
      expect(error.message).to.contain("Max daily quota '50000' reached")
      expect(error.origin).to.equal("marketo")
    })

    for (const body of [{}, { message: "blocked" }, { success: "true" }, { success: 1, result: [] }, { errors: [] }]) {
      it(`is not what answers with ${JSON.stringify(body)}`, () => {
        const error = failureOf(answer(body))
        expect([error.kind, error.origin, error.maybeExecuted]).to.deep.equal(["unavailable", "between", true])
      })
    }

    it("is uncertain when a success comes with errors", () => {
      const error = failureOf(answer({ success: true, result: [], errors: [{ code: "1003", message: "Bad" }] }))
      expect([error.kind, error.maybeExecuted, error.message]).to.deep.equal(["unavailable", true, "Bad"])
    })

    it("is a failure whatever `success` is called when errors come with a request's id", () => {
      const error = failureOf(answer({ requestId: "a1#18f", success: "false", errors: [{ code: "606" }] }))
      expect([error.kind, error.origin]).to.deep.equal(["throttled", "marketo"])
    })

    it("stays uncertain when one of several errors is", () => {
      for (const others of [["1003"], ["606"], ["607"], ["601"], ["603"], ["713", "702"]]) {
        for (const codes of [["604", ...others], [...others, "604"]]) {
          const errors = codes.map((code) => ({ code, message: code }))
          const error = failureOf(answer({ success: false, errors }))
          expect([error.maybeExecuted, error.kind === "rejected"], codes.join()).to.deep.equal([true, false])
        }
      }
    })

    it("trims codes", () => {
      expect(failureOf(refused(" 606 ")).code).to.equal("606")
    })

    it("takes codes that are numbers", () => {
      expect(failureOf(refused(606)).kind).to.equal("throttled")
      expect(failureOf(refused(606)).code).to.equal("606")
    })

    it("tells all texts when there are several errors", () => {
      const errors = [{ code: "1003", message: "One" }, { code: "1003", message: "Two" }]
      expect(failureOf(answer({ success: false, errors })).message).to.contain("One").and.contain("Two")
    })

    for (const errors of [undefined, null, [], "no", [null], {}]) {
      it(`is uncertain when \`errors\` is ${JSON.stringify(errors)}`, () => {
        const error = failureOf(answer({ success: false, errors }))
        expect([error.kind, error.maybeExecuted]).to.deep.equal(["unavailable", true])
        expect(error.message).to.contain("without giving a reason")
      })
    }

    const kinds: [string, MarketoErrorKind, boolean][] = [
      ["600", "auth", false], ["601", "auth", false], ["602", "auth", false], ["603", "auth", false],
      ["604", "unavailable", true], ["605", "rejected", false], ["606", "throttled", false], ["607", "quota", false],
      ["608", "unavailable", false], ["609", "rejected", false], ["610", "rejected", false],
      ["611", "unavailable", true], ["612", "rejected", false], ["613", "rejected", false],
      ["614", "unavailable", false], ["615", "throttled", false], ["616", "rejected", false],
      ["701", "rejected", false], ["702", "rejected", false], ["703", "rejected", false], ["709", "rejected", false],
      ["710", "rejected", false], ["711", "rejected", false], ["713", "unavailable", false],
      ["1001", "rejected", false], ["1002", "rejected", false], ["1003", "rejected", false],
      ["1004", "rejected", false], ["1005", "rejected", false], ["1006", "rejected", false],
      ["1007", "rejected", false], ["1008", "rejected", false], ["1009", "rejected", false],
      ["1010", "rejected", false], ["1011", "rejected", false], ["1012", "rejected", false],
      ["1013", "rejected", false], ["1014", "unavailable", false], ["1016", "unavailable", false],
      ["1018", "rejected", false], ["1019", "unavailable", false], ["1021", "rejected", false],
      ["1025", "rejected", false], ["500", "unavailable", true], ["502", "unavailable", true],
      ["704", "rejected", false], ["712", "rejected", false], ["714", "rejected", false], ["718", "rejected", false],
      ["1017", "rejected", false], ["1029", "rejected", false], ["1037", "rejected", false],
      ["1080", "rejected", false],
      // Outside the table, by family.
      ["617", "unavailable", false], ["699", "unavailable", false], ["700", "rejected", false],
      ["799", "rejected", false], ["1023", "rejected", false], ["1999", "rejected", false],
      ["503", "unavailable", true], ["504", "unavailable", true], ["403", "unavailable", true],
      ["31337", "unavailable", true], ["2001", "unavailable", true], ["99999", "unavailable", true],
      ["", "unavailable", true], ["timeout", "unavailable", true], ["1003.5", "unavailable", true],
      ["-606", "unavailable", true],
    ]
    for (const [code, kind, maybeExecuted] of kinds) {
      it(`${JSON.stringify(code)} is ${kind}${maybeExecuted ? ", perhaps executed" : ""}`, () => {
        const error = failureOf(refused(code))
        expect([error.kind, error.maybeExecuted]).to.deep.equal([kind, maybeExecuted])
      })
    }

    for (const code of ["603", "610", "614"]) {
      it(`${code} tells what to do`, () => {
        expect(failureOf(refused(code, "Text")).message.length).to.be.greaterThan("Text".length + 20)
      })
    }
  })

  it("takes a gateway's own codes for nothing of Marketo's, and looks at the status", () => {
    for (const [status, kind] of [[413, "tooLarge"], [502, "unavailable"], [429, "throttled"]] as const) {
      const body = { success: false, errors: [{ code: String(status), message: "gateway" }] }
      expect(failureOf({ kind: "answer", status, body }).kind).to.equal(kind)
    }
  })

  it("says so when Marketo gives a code without a text", () => {
    const body = { success: false, errors: [{ code: 606 }] }
    const { message } = failureOf({ kind: "answer", status: 200, body })
    expect(message).to.match(/^Marketo gave error 606 without a text \(more than 100 calls [^)]*\)\. Other /)
  })

  describe("codes", () => {
    it("for a refused token are 600, 601, 602 and HTTP 401 alone", () => {
      const codes = Object.keys(ERROR_CODES).filter((code) => meaningOf(code).tokenRefused === true)
      expect(codes.sort()).to.deep.equal(["401", "600", "601", "602"])
    })

    it("for too many calls at once is 615 alone", () => {
      const codes = Object.keys(ERROR_CODES).filter((code) => meaningOf(code).concurrency === true)
      expect(codes).to.deep.equal(["615"])
    })

    it("that may still be running may have been executed", () => {
      for (const code of Object.keys(ERROR_CODES)) {
        const { maybeRunning, maybeExecuted } = meaningOf(code)
        expect(maybeRunning === true && maybeExecuted !== true, code).to.equal(false)
      }
    })

    it("that are unknown leave open what was done", () => {
      for (const code of ["31337", undefined, "constructor", "__proto__"]) {
        expect(meaningOf(code).maybeExecuted, code).to.equal(true)
      }
    })
  })

  describe("access denied", () => {
    it("is Marketo's own 603", () => {
      expect(isAccessDenied(failureOf(refused("603")))).to.equal(true)
      expect(isAccessDenied(failureOf(refused(603)))).to.equal(true)
    })

    it("is nothing that a proxy says", () => {
      const body = { requestId: "a1#18f", success: false, errors: [{ code: "603", message: "Access denied" }] }
      for (const reply of [answer(body, 403), answer({ error: "603" }), answer({}, 403)]) {
        expect(isAccessDenied(failureOf(reply))).to.equal(false)
      }
      expect(isAccessDenied(failureOf({ kind: "unreadable", status: 403 }))).to.equal(false)
    })

    it("is no other refusal of Marketo's", () => {
      expect([undefined, new Error("603"), failureOf(refused("601"))].some(isAccessDenied)).to.equal(false)
    })
  })

  describe("complaints", () => {
    it("are read leniently", () => {
      expect(problemsOf([{ code: 1003, message: "m" }, { code: "1004" }, "x", null, { message: 5 }])).to.deep.equal([
        { code: "1003", message: "m" }, { code: "1004", message: "" }, { code: "", message: "5" },
      ])
    })

    it("are none where no list is", () => {
      expect(problemsOf({ code: "1003" })).to.deep.equal([])
    })
  })
})
