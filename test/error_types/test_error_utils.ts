import { expect } from "chai"
import { HTTP_ERROR, HttpErrorInfo } from "../../src/error_types/http_errors"
import { getHttpErrorType } from "../../src/error_types/utils"

describe("HTTP_ERROR", () => {
  const documented: [keyof typeof HTTP_ERROR, string, number][] = [
    ["bad_request", "BAD_REQUEST", 400],
    ["invalid_argument", "INVALID_ARGUMENT", 400],
    ["failed_precondition", "FAILED_PRECONDITION", 400],
    ["unauthenticated", "UNAUTHENTICATED", 401],
    ["permission_denied", "PERMISSION_DENIED", 403],
    ["not_found", "NOT_FOUND", 404],
    ["request_timeout", "REQUEST_TIMEOUT", 408],
    ["already_exists", "ALREADY_EXISTS", 409],
    ["payload_too_large", "PAYLOAD_TOO_LARGE", 413],
    ["resource_exhausted", "RESOURCE_EXHAUSTED", 429],
    ["internal", "INTERNAL", 500],
    ["internal_connreset", "INTERNAL_ECONNRESET", 500],
    ["bad_gateway", "BAD_GATEWAY", 502],
    ["unavailable", "UNAVAILABLE", 503],
    ["gateway_timeout", "GATEWAY_TIMEOUT", 504],
  ]

  it("lists the errors in the order that codes are resolved by", () => {
    expect(Object.keys(HTTP_ERROR)).to.deep.equal(documented.map(([name]) => name))
  })

  for (const [name, status, code] of documented) {
    it(`says ${status} and ${code} for ${name}, with a description for people`, () => {
      expect(HTTP_ERROR[name]).to.include({ status, code })
      expect(HTTP_ERROR[name].description).to.match(/^[A-Z].{20,}/)
    })
  }
})

describe("getHttpErrorType", () => {
  describe("for an action that is not Google's", () => {
    const byCode: [unknown, HttpErrorInfo][] = [
      [401, HTTP_ERROR.unauthenticated],
      ["404", HTTP_ERROR.not_found],
      ["RESOURCE_EXHAUSTED", HTTP_ERROR.resource_exhausted],
      [undefined, HTTP_ERROR.internal],
      [0, HTTP_ERROR.internal],
      ["", HTTP_ERROR.internal],
      [null, HTTP_ERROR.internal],
    ]
    for (const [code, expected] of byCode) {
      it(`takes ${expected.status} for the code ${JSON.stringify(code)}`, () => {
        expect(getHttpErrorType({ code }, "marketo")).to.equal(expected)
      })
    }

    it("takes the last listed error of those that share a code", () => {
      expect(getHttpErrorType({ code: 400 }, "marketo")).to.equal(HTTP_ERROR.failed_precondition)
      expect(getHttpErrorType({ code: 500 }, "marketo")).to.equal(HTTP_ERROR.internal_connreset)
    })

    it("keeps an unknown number, in digits or not, beside the words of an internal error", () => {
      const expected = { ...HTTP_ERROR.internal, code: 300 }
      expect(getHttpErrorType({ code: 300 }, "marketo")).to.deep.equal(expected)
      expect(getHttpErrorType({ code: "300" }, "marketo")).to.deep.equal(expected)
    })

    it("keeps an unknown status beside the words of an internal error", () => {
      expect(getHttpErrorType({ code: "ENOTFOUND" }, "marketo"))
        .to.deep.equal({ ...HTTP_ERROR.internal, status: "ENOTFOUND" })
    })

    it("leaves the shared list as it was", () => {
      getHttpErrorType({ code: 300 }, "marketo")
      getHttpErrorType({ code: "ENOTFOUND" }, "marketo")
      expect(HTTP_ERROR.internal).to.include({ status: "INTERNAL", code: 500 })
    })

    it("does not look at the message", () => {
      expect(getHttpErrorType(new Error("file not found"), "marketo")).to.equal(HTTP_ERROR.internal)
    })

    it("copes with nothing at all", () => {
      expect(getHttpErrorType(undefined, "google_drive")).to.equal(HTTP_ERROR.internal)
      expect(getHttpErrorType(null, "marketo")).to.equal(HTTP_ERROR.internal)
    })
  })

  describe("for a Google action", () => {
    const byMessage: [string, HttpErrorInfo][] = [
      ["Invalid opening quote at line 3", HTTP_ERROR.bad_request],
      ["invalid_grant", HTTP_ERROR.unauthenticated],
      ["Invalid Record Length", HTTP_ERROR.bad_request],
      ["File not found: 1a2b", HTTP_ERROR.not_found],
      ["Insufficient permissions for this file", HTTP_ERROR.permission_denied],
      ["Invalid Value", HTTP_ERROR.invalid_argument],
      ["connect ETIMEDOUT 10.0.0.1", HTTP_ERROR.request_timeout],
      ["Invalid request", HTTP_ERROR.bad_request],
      ["ESOCKETTIMEDOUT", HTTP_ERROR.internal_connreset],
      ["The user aborted a request", HTTP_ERROR.internal_connreset],
      ["read ECONNRESET", HTTP_ERROR.internal_connreset],
      ["write ECONNRESET", HTTP_ERROR.internal_connreset],
      ["Could not authenticate request", HTTP_ERROR.unauthenticated],
      ["socket hang up", HTTP_ERROR.internal_connreset],
      ["The caller does not have permission", HTTP_ERROR.permission_denied],
      ["Cannot send more than 10", HTTP_ERROR.bad_request],
      ["The service is currently unavailable.", HTTP_ERROR.unavailable],
    ]
    for (const [message, expected] of byMessage) {
      it(`takes ${expected.status} for "${message}"`, () => {
        expect(getHttpErrorType(new Error(message), "google_sheets")).to.equal(expected)
      })
    }

    it("reads the first of several errors before the message of them all", () => {
      const error = { errors: [{ message: "File not found" }], message: "invalid_grant" }
      expect(getHttpErrorType(error, "google_drive")).to.equal(HTTP_ERROR.not_found)
    })

    it("reads the error as a text when there is no message", () => {
      expect(getHttpErrorType({ toString: () => "Error: invalid_grant" }, "google_drive"))
        .to.equal(HTTP_ERROR.unauthenticated)
    })

    it("lets the first phrase in the list decide when several occur", () => {
      expect(getHttpErrorType(new Error("aborted: invalid value"), "google_ads")).to.equal(HTTP_ERROR.invalid_argument)
    })

    it("lets a known message win over the code", () => {
      expect(getHttpErrorType({ message: "invalid_grant", code: 404 }, "google_ads"))
        .to.equal(HTTP_ERROR.unauthenticated)
    })

    it("lets the code decide when the message says nothing", () => {
      expect(getHttpErrorType({ message: "what?", code: 404 }, "google_ads")).to.equal(HTTP_ERROR.not_found)
    })
  })
})
