/* eslint-disable @typescript-eslint/no-unsafe-member-access -- The contract has asJson() return any. */
import { expect } from "chai"
import { HTTP_ERROR } from "../../src/error_types/http_errors"
import * as Hub from "../../src/hub"
import type { Error as ResponseError } from "../../src/hub/action_response"
import { Error } from "../../src/hub/action_response"

describe("ActionResponse", () => {
  it("starts as a success with exactly three members", () => {
    expect(Object.keys(new Hub.ActionResponse()).sort()).to.deep.equal(["refreshQuery", "success", "validationErrors"])
    expect(new Hub.ActionResponse()).to.deep.equal({ refreshQuery: false, success: true, validationErrors: [] })
  })

  it("takes any of its members at the start", () => {
    expect(new Hub.ActionResponse({ success: false, message: "No." }))
      .to.deep.equal({ refreshQuery: false, success: false, validationErrors: [], message: "No." })
  })

  it("takes a state at the start, though its type does not say so", () => {
    const state = { data: "reset" }
    const response = new Hub.ActionResponse({ state } as { success?: boolean })
    expect(response.state).to.equal(state)
  })

  describe("as JSON", () => {
    it("is all inside looker", () => {
      const response = new Hub.ActionResponse({ message: "Saved", refreshQuery: true, webhookId: "abc" })
      expect(JSON.parse(JSON.stringify(response.asJson()))).to.deep.equal({
        looker: { message: "Saved", refresh_query: true, success: true, validation_errors: {}, webhookId: "abc" },
      })
    })

    it("leaves out what is not set", () => {
      expect(JSON.stringify(new Hub.ActionResponse().asJson()))
        .to.equal('{"looker":{"refresh_query":false,"success":true,"validation_errors":{}}}')
    })

    it("has the very error object that was given", () => {
      const error: ResponseError = Hub.errorWith(HTTP_ERROR.not_found, "No list 7.")
      const response = new Hub.ActionResponse({ success: false, error })
      expect(response.asJson().looker.error).to.equal(error)
      expect(response.asJson().looker.success).to.equal(false)
    })

    it("has no error when none was given", () => {
      const response = new Hub.ActionResponse({ success: false })
      expect(response.asJson().looker.success).to.equal(false)
      expect(response.asJson().looker.error).to.equal(undefined)
    })

    it("tells validation errors by field, the last of several for one", () => {
      const response = new Hub.ActionResponse({ validationErrors: [
        { field: "email", message: "is required" },
        { field: "list", message: "is no number" },
        { field: "email", message: "is no address" },
      ] })
      expect(response.asJson().looker.validation_errors)
        .to.deep.equal({ email: "is no address", list: "is no number" })
    })

    it("tells them of fields with any name", () => {
      const names = ["__proto__", "constructor", "toString"]
      const response = new Hub.ActionResponse({
        validationErrors: names.map((field) => ({ field, message: `no ${field}` })),
      })
      expect(JSON.stringify((response.asJson() as { looker: { validation_errors: object } }).looker.validation_errors))
        .to.equal("{\"__proto__\":\"no __proto__\",\"constructor\":\"no constructor\",\"toString\":\"no toString\"}")
    })

    it("has the very state object when it does not ask to be refreshed", () => {
      const response = new Hub.ActionResponse()
      response.state = new Hub.ActionState()
      response.state.data = "reset"
      expect(response.asJson().looker.state).to.equal(response.state)
      expect(response.asJson().looker.state).to.deep.equal({ data: "reset" })
    })

    it("says under both names when the state is to be refreshed", () => {
      const response = new Hub.ActionResponse()
      response.state = new Hub.ActionState()
      response.state.data = "opaque"
      response.state.refreshTime = 3600
      expect(response.asJson().looker.state).to.deep.equal({ data: "opaque", refreshTime: 3600, refresh_time: 3600 })
    })

    it("does so for a state that came from another process, too", () => {
      const response = Object.assign(new Hub.ActionResponse(), { state: { refreshTime: 600 } as Hub.ActionState })
      expect(response.asJson().looker.state).to.deep.equal({ refreshTime: 600, refresh_time: 600 })
    })
  })
})

describe("ActionState", () => {
  it("starts without any member", () => {
    expect(Object.keys(new Hub.ActionState())).to.deep.equal([])
  })

  it("has a JSON form with Looker's documented names", () => {
    const state = new Hub.ActionState()
    state.data = "opaque"
    state.refreshTime = 600
    expect(state.asJson()).to.deep.equal({ data: "opaque", refresh_time: 600 })
  })
})

describe("errorWith", () => {
  it("joins the kind of error with the action's own words", () => {
    expect(Hub.errorWith(HTTP_ERROR.invalid_argument, "List 7 is gone.")).to.deep.equal({
      http_code: 400,
      status_code: "INVALID_ARGUMENT",
      message: "Client specified an invalid argument. List 7 is gone.",
      location: "ActionContainer",
      documentation_url: "TODO",
    })
  })
})

describe("the name Error of hub/action_response", () => {
  it("is the global constructor, for files that import the type and still throw", () => {
    expect(Error).to.equal(globalThis.Error)
    expect(new Error("e")).to.be.instanceOf(globalThis.Error)
  })
})

describe("ActionForm", () => {
  it("starts with an empty list of fields, and nothing else", () => {
    expect({ ...new Hub.ActionForm() }).to.deep.equal({ fields: [] })
  })

  it("is its fields and its state as JSON", () => {
    const form = new Hub.ActionForm()
    form.fields = [{ name: "message", label: "Message", type: "textarea", required: true }]
    form.state = new Hub.ActionState()
    form.state.data = "opaque"
    expect(form.asJson()).to.deep.equal({ fields: form.fields, state: { data: "opaque" } })
  })

  it("sends no state without one, and an empty one that clears the kept one", () => {
    const form = new Hub.ActionForm()
    expect(JSON.stringify(form.asJson())).to.equal('{"fields":[]}')
    form.state = new Hub.ActionState()
    expect(JSON.stringify(form.asJson())).to.equal('{"fields":[],"state":{}}')
  })

  it("says under both names when its state is to be refreshed", () => {
    const form = new Hub.ActionForm()
    form.state = new Hub.ActionState()
    form.state.refreshTime = 600
    expect(form.asJson().state).to.deep.equal({ refreshTime: 600, refresh_time: 600 })
  })

  it("is only the text of its error when there is one", () => {
    const form = new Hub.ActionForm()
    form.fields = [{ name: "message" }]
    form.error = "Sign in again."
    expect(form.asJson()).to.deep.equal({ error: "Sign in again." })
    form.error = new globalThis.Error("Sign in once more.")
    expect(form.asJson()).to.deep.equal({ error: "Sign in once more." })
  })
})

describe("ActionToken", () => {
  it("is its tokens and the redirect as JSON", () => {
    const tokens = { access_token: "t" }
    expect(new Hub.ActionToken(tokens, "https://hub/redirect").asJson())
      .to.deep.equal({ tokens, redirect: "https://hub/redirect" })
  })
})

describe("TokenPayload", () => {
  it("leaves reading to its subclasses", () => {
    expect(() => Hub.TokenPayload.fromJson({})).to.throw(globalThis.Error, "Not implemented: fromJson")
  })
})
