import * as chai from "chai"
import {
  ERROR_CODES, errorFromReply, MarketoError, MarketoErrorKind, meaningOf, problemsOf,
} from "../../../src/actions/marketo/lib/errors"
import { MarketoReply } from "../../../src/actions/marketo/lib/marketo_http"

const expect = chai.expect

function errorOfReply(reply: MarketoReply): MarketoError {
  const error = errorFromReply(reply)
  if (error === undefined) {
    throw new Error("Expected an error")
  }
  return error
}

function answer(body: { [member: string]: unknown }, status = 200): MarketoReply {
  return { kind: "answer", status, body }
}

function refused(code: string | number, message = "Text"): MarketoReply {
  return answer({ requestId: "a1#18f", success: false, errors: [{ code, message }] })
}

describe("errors of Marketo's replies", () => {

  describe("at HTTP level", () => {
    it("a call that was not sent was surely not executed", () => {
      const cause = new Error("refused")
      const error = errorOfReply({ kind: "notSent", explanation: "Nobody there.", cause })
      expect([error.kind, error.message, error.maybeExecuted, error.maybeRunning])
        .to.deep.equal(["unavailable", "Nobody there.", false, false])
      expect(error.original).to.equal(cause)
    })

    it("a lost answer leaves open what was done, and whether it is still being done", () => {
      const error = errorOfReply({ kind: "lost", explanation: "Broke.", cause: undefined })
      expect([error.kind, error.maybeExecuted, error.maybeRunning]).to.deep.equal(["unavailable", true, true])
    })

    const statuses: Array<[number, MarketoErrorKind, boolean]> = [
      [400, "rejected", false], [401, "auth", false], [403, "rejected", false], [404, "rejected", false],
      [301, "rejected", false], [302, "rejected", false],
      [413, "tooLarge", false], [414, "tooLarge", false], [429, "throttled", false],
      [200, "unavailable", true], [408, "unavailable", true],
      [500, "unavailable", true], [502, "unavailable", true], [503, "unavailable", true], [504, "unavailable", true],
    ]
    for (const [status, kind, maybeExecuted] of statuses) {
      it(`${status} with an unreadable body is ${kind}${maybeExecuted ? ", perhaps executed" : ""}`, () => {
        const error = errorOfReply({ kind: "unreadable", status })
        expect([error.kind, error.maybeExecuted]).to.deep.equal([kind, maybeExecuted])
        if (status !== 200) {
          expect(error.message).to.contain(String(status))
        }
      })
    }

    it("an unknown path of the host tells to check the URL", () => {
      expect(errorOfReply({ kind: "unreadable", status: 404 }).message).to.contain("Check the URL")
    })

    for (const status of [413, 414]) {
      it(`${status} is too large, too, when a gateway explains it in JSON of its own`, () => {
        expect(errorOfReply(answer({ error: "Request Entity Too Large" }, status)).kind).to.equal("tooLarge")
      })
    }

    it("404 is a refusal, too, when a gateway explains it in JSON of its own", () => {
      expect(errorOfReply(answer({ message: "no Route matched" }, 404)).kind).to.equal("rejected")
    })

    it("a server fault is perhaps executed, too, when it comes as JSON", () => {
      const error = errorOfReply(answer({ message: "oops" }, 500))
      expect([error.kind, error.maybeExecuted]).to.deep.equal(["unavailable", true])
    })
  })

  describe("at response level", () => {
    it("a success is none", () => {
      expect(errorFromReply(answer({ success: true, result: [] }))).to.equal(undefined)
    })

    it("a success needs no result", () => {
      expect(errorFromReply(answer({ requestId: "a", success: true }))).to.equal(undefined)
    })

    it("an answer without `success` is none to rely on", () => {
      const error = errorOfReply(answer({ result: [] }))
      expect([error.kind, error.maybeExecuted]).to.deep.equal(["unavailable", true])
    })

    it("`success` must be true itself", () => {
      expect(errorOfReply(answer({ success: "true" })).kind).to.equal("unavailable")
    })

    it("keeps code, text and requestId", () => {
      const error = errorOfReply(refused("607", "Max daily quota '50000' reached"))
      expect([error.code, error.requestId]).to.deep.equal(["607", "a1#18f"])
      expect(error.message).to.contain("Max daily quota '50000' reached")
    })

    it("takes codes that are numbers", () => {
      expect(errorOfReply(refused(606)).kind).to.equal("throttled")
      expect(errorOfReply(refused(606)).code).to.equal("606")
    })

    it("tells all texts when there are several errors", () => {
      const errors = [{ code: "1003", message: "One" }, { code: "1003", message: "Two" }]
      expect(errorOfReply(answer({ success: false, errors })).message).to.contain("One").and.contain("Two")
    })

    for (const errors of [undefined, null, [], "no", [null], {}]) {
      it(`is uncertain when \`errors\` is ${JSON.stringify(errors)}`, () => {
        const error = errorOfReply(answer({ success: false, errors }))
        expect([error.kind, error.maybeExecuted]).to.deep.equal(["unavailable", true])
        expect(error.message).to.contain("without giving a reason")
      })
    }

    const kinds: Array<[string, MarketoErrorKind, boolean]> = [
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
      ["1025", "rejected", false], ["99999", "rejected", false], ["", "rejected", false],
    ]
    for (const [code, kind, maybeExecuted] of kinds) {
      it(`${JSON.stringify(code)} is ${kind}${maybeExecuted ? ", perhaps executed" : ""}`, () => {
        const error = errorOfReply(refused(code))
        expect([error.kind, error.maybeExecuted]).to.deep.equal([kind, maybeExecuted])
      })
    }

    for (const code of ["603", "610", "614"]) {
      it(`${code} tells what to do`, () => {
        expect(errorOfReply(refused(code, "Text")).message.length).to.be.greaterThan("Text".length + 20)
      })
    }
  })

  it("takes a gateway's own codes for nothing of Marketo's, and looks at the status", () => {
    for (const [status, kind] of [[413, "tooLarge"], [502, "unavailable"], [429, "throttled"]] as const) {
      const body = { success: false, errors: [{ code: String(status), message: "gateway" }] }
      expect(errorOfReply({ kind: "answer", status, body }).kind).to.equal(kind)
    }
  })

  it("says so when Marketo gives a code without a text", () => {
    const body = { success: false, errors: [{ code: 606 }] }
    const { message } = errorOfReply({ kind: "answer", status: 200, body })
    expect(message).to.match(/^Marketo gave error 606 without a text\. Other integrations/)
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

    it("that are unknown are refusals", () => {
      expect(meaningOf("31337").kind).to.equal("rejected")
      expect(meaningOf(undefined).kind).to.equal("rejected")
    })

    it("that are names of object members are unknown, too", () => {
      expect(meaningOf("constructor").kind).to.equal("rejected")
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
