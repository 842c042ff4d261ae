import { expect } from "chai"
import * as zlib from "zlib"

import * as Hub from "../../src/hub"
import { HubUnderTest, ScriptedAction, rejecting } from "./hub_under_test"

class OauthAction extends Hub.OAuthAction {
  name = "login with/slash"
  label = "Login"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []
  received: unknown[] = []

  async oauthCheck(_request: Hub.ActionRequest) {
    return true
  }

  async oauthUrl(redirectUri: string, state: string) {
    return `https://login.example.com/?to=${encodeURIComponent(redirectUri)}&state=${state}`
  }

  async oauthFetchInfo(urlParams: { [key: string]: string }, redirectUri: string) {
    this.received.push({ ...urlParams }, redirectUri)
    if (urlParams.code === "text") {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- as actions do
      throw "The login was refused."
    }
    if (urlParams.code === "error") {
      throw new Error("POST https://login.example.com/token?client_secret=hush failed for jo@example.com")
    }
  }
}

class OauthActionV2 extends Hub.OAuthActionV2 {
  name = "login2"
  label = "Login 2"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  async oauthCheck(_request: Hub.ActionRequest) {
    return false
  }

  async oauthUrl(_redirectUri: string, state: string) {
    return `https://login.example.com/${state}`
  }

  async oauthHandleRedirect(urlParams: { [key: string]: string }, _redirectUri: string) {
    return urlParams.next ?? ""
  }

  async oauthFetchAccessToken(request: Hub.ActionRequest) {
    return new Hub.ActionToken({ for: request.fetchTokenState }, "https://back") as unknown as Hub.TokenPayload
  }
}

class DelegateAction extends Hub.DelegateOAuthAction {
  name = "delegate"
  label = "Delegate"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  async oauthCheck(_request: Hub.ActionRequest) {
    return formOf("connection")
  }

  async form(_request: Hub.ActionRequest) {
    return formOf("usual")
  }
}

const oauth = new OauthAction()
const young = new ScriptedAction({ name: "young", minimumSupportedLookerVersion: "24.0.0" })
const withForm = new ScriptedAction({
  name: "with form", params: [{ name: "key", label: "Key", required: true, sensitive: true }],
  form: async () => formOf("field"),
})

describe("The routes for Looker", () => {
  const hub = new HubUnderTest()

  before(async () => hub.start([
    new ScriptedAction(), young, withForm, oauth, new OauthActionV2(), new DelegateAction(),
  ]))
  after(async () => hub.stop())

  describe("POST / (list)", () => {
    it("answers with the label and every action in the order of registration", async () => {
      const answer = await hub.post("/", {})
      expect(answer.status).to.equal(200)
      expect(answer.headers["content-type"]).to.equal("application/json; charset=utf-8")
      const list = JSON.parse(answer.body) as { label: string, integrations: Array<{ name: string }> }
      expect(Object.keys(list)).to.deep.equal(["integrations", "label"])
      expect(list.label).to.equal("Test Hub")
      expect(list.integrations.map(({ name }) => name)).to.deep.equal(
        ["scripted", "young", "with form", "login with/slash", "login2", "delegate"])
    })

    it("takes a request without any body", async () => {
      expect((await hub.ask("POST", "/", { headers: { authorization: hub.lookerHeaders.authorization } })).status)
        .to.equal(200)
    })

    it("offers each Looker what its version can use, whoever asked before", async () => {
      const count = async (userAgent: string) => {
        const { body } = await hub.post("/", {}, { "user-agent": userAgent })
        return (JSON.parse(body) as { integrations: unknown[] }).integrations.length
      }
      expect(await count("LookerOutgoingWebhook/7.3.0")).to.equal(5)
      expect(await count("LookerOutgoingWebhook/24.2.0")).to.equal(6)
      expect(await count("Mozilla/5.0")).to.equal(6)
      expect(await count("LookerOutgoingWebhook/5.5.0")).to.equal(5)
      expect(await count("LookerOutgoingWebhook/5.0.0")).to.equal(0)
    })

    it("offers an action that was registered after the first list", async () => {
      await hub.post("/", {})
      Hub.addAction(new ScriptedAction({ name: "late" }))
      const { body } = await hub.post("/", {})
      Hub.actions.pop()
      expect(body).to.include("\"late\"")
    })

    it("leaves out an action that fails to describe itself, and says so in the log", async () => {
      Hub.addAction(new ScriptedAction({ name: "mute", supportedFormats: () => { throw new Error("no idea") } }))
      const { status, body } = await hub.post("/", {})
      Hub.actions.pop()
      expect(status).to.equal(200)
      expect(body).to.include("\"scripted\"").and.not.include("\"mute\"")
      expect(hub.logText).to.include("Action mute is left out of the list")
    })
  })

  describe("POST /actions/:actionId (describe)", () => {
    it("answers with the action's definition and its absolute addresses", async () => {
      const definition = JSON.parse((await hub.post("/actions/with%20form")).body) as Record<string, unknown>
      expect(definition.name).to.equal("with form")
      expect(definition.url).to.equal("https://hub.example.com/actions/with%20form/execute")
      expect(definition.form_url).to.equal("https://hub.example.com/actions/with%20form/form")
      const login = JSON.parse((await hub.post("/actions/login2")).body) as Record<string, unknown>
      expect(login.token_url).to.equal("https://hub.example.com/actions/login2/oauth_token")
    })

    it("finds an action whose name needs encoding", async () => {
      expect((await hub.post("/actions/login%20with%2Fslash")).status).to.equal(200)
    })
  })

  describe("POST /actions/:actionId/form", () => {
    it("answers with the form, chunked, as JSON without a charset", async () => {
      const answer = await hub.post("/actions/with%20form/form", { type: "query", data: { key: "k" } })
      expect(answer.status).to.equal(200)
      expect(answer.headers["content-type"]).to.equal("application/json")
      expect(answer.headers["transfer-encoding"]).to.equal("chunked")
      expect(JSON.parse(answer.body)).to.deep.equal({ fields: [{ name: "field", type: "string" }] })
    })

    it("names a missing setting", async () => {
      const answer = await hub.post("/actions/with%20form/form")
      expect(answer.status).to.equal(200)
      expect(JSON.parse(answer.body)).to.deep.equal({
        error: "Required setting \"Key\" not specified in action settings.",
      })
    })

    it("says 404 for an action without a form", async () => {
      const answer = await hub.post("/actions/scripted/form")
      expect(answer.status).to.equal(404)
      expect(JSON.parse(answer.body)).to.deep.equal({ success: false, error: "No form defined for action." })
    })

    it("shows the connection of a delegate action when it is tested", async () => {
      const { body: usual } = await hub.post("/actions/delegate/form")
      const { body: tested } = await hub.post("/actions/delegate/form", { type: "query", data: { test: "yes" } })
      expect(usual).to.include("usual")
      expect(tested).to.include("connection")
    })

    for (const [what, thrown] of Object.entries({ "a text": "No luck.", "an Error": new Error("No luck.") })) {
      it(`answers with the message when the form throws ${what}`, async () => {
        Hub.addAction(new ScriptedAction({ name: "failing", form: async () => rejecting(thrown) }))
        const answer = await hub.post("/actions/failing/form")
        Hub.actions.pop()
        expect(answer.status).to.equal(200)
        expect(JSON.parse(answer.body)).to.deep.equal({ error: "No luck." })
      })
    }
  })

  describe("OAuth", () => {
    const path = "/actions/login%20with%2Fslash"

    it("starts a login with a redirect to the action's URL", async () => {
      const answer = await hub.get(`${path}/oauth?state=abc`)
      expect(answer.status).to.equal(302)
      expect(answer.headers.location).to.equal("https://login.example.com/?to=" + encodeURIComponent(
        "https://hub.example.com/actions/login%20with%2Fslash/oauth_redirect") + "&state=abc")
    })

    it("hands what comes back to the action and closes the window", async () => {
      const answer = await hub.get(`${path}/oauth_redirect?code=1&state=abc`)
      expect(answer.status).to.equal(200)
      expect(answer.headers["content-type"]).to.match(/^text\/html/)
      expect(answer.body).to.include("window.close()")
      expect(oauth.received.slice(-2)).to.deep.equal([
        { code: "1", state: "abc" }, "https://hub.example.com/actions/login%20with%2Fslash/oauth_redirect",
      ])
    })

    it("says 404 and the text when the action refuses what came back", async () => {
      const answer = await hub.get(`${path}/oauth_redirect?code=text`)
      expect(answer.status).to.equal(404)
      expect(JSON.parse(answer.body)).to.deep.equal({ success: false, error: "The login was refused." })
    })

    it("says 500 when it fails, and logs no secret of it", async () => {
      const answer = await hub.get(`${path}/oauth_redirect?code=error&state=confidential`)
      expect(answer.status).to.equal(500)
      expect(JSON.parse(answer.body)).to.deep.equal({ success: false, error: "Internal server error." })
      expect(hub.logText).to.include("oauth_redirect failed").and.include("500")
      expect(hub.logText).to.not.include("confidential").and.not.include("hush").and.not.include("jo@example")
    })

    it("sends a login of version 2 on to where the action says", async () => {
      const answer = await hub.get("/actions/login2/oauth_redirect?next=https%3A%2F%2Flk%2Fback")
      expect(answer.status).to.equal(302)
      expect(answer.headers.location).to.equal("https://lk/back")
      expect((await hub.get("/actions/login2/oauth_redirect")).body).to.include("window.close()")
    })

    it("checks a login", async () => {
      expect((await hub.get(`${path}/oauth_check`, hub.lookerHeaders)).body).to.equal("true")
      expect((await hub.get("/actions/login2/oauth_check", hub.lookerHeaders)).body).to.equal("false")
    })

    it("fetches tokens", async () => {
      const answer = await hub.post("/actions/login2/oauth_token", { state: "cipher" })
      expect(JSON.parse(answer.body)).to.deep.equal({ tokens: { for: "cipher" }, redirect: "https://back" })
    })

    for (const [method, route] of [["GET", "oauth"], ["GET", "oauth_redirect"], ["GET", "oauth_check"],
      ["POST", "oauth_token"]]) {
      it(`says 404 at ${route} of an action without OAuth, and of one that is unknown`, async () => {
        const headers = hub.lookerHeaders
        const without = await hub.ask(method, `/actions/scripted/${route}`, { headers })
        expect(without.status).to.equal(404)
        expect(JSON.parse(without.body)).to.deep.equal({ success: false, error: "Action does not support OAuth." })
        const unknown = await hub.ask(method, `/actions/nope/${route}`, { headers })
        expect(unknown.status).to.equal(404)
        expect(JSON.parse(unknown.body)).to.deep.equal({ success: false, error: "No action found with name nope." })
      })
    }
  })

  describe("when something is wrong with the request", () => {
    for (const route of ["", "/execute", "/form"]) {
      it(`says 404 for an unknown action at /actions/nope${route}`, async () => {
        const answer = await hub.post(`/actions/nope${route}`)
        expect(answer.status).to.equal(404)
        expect(JSON.parse(answer.body)).to.deep.equal({ success: false, error: "No action found with name nope." })
      })
    }

    it("says 404 for an action that this Looker's version is not offered", async () => {
      const answer = await hub.post("/actions/young/execute", {}, { "user-agent": "LookerOutgoingWebhook/7.0.0" })
      expect(answer.status).to.equal(404)
    })

    for (const body of ["{broken", "\"text\"", "12", "null", "{\"a\":1}}", "\u0000"]) {
      it(`says 400 for the body ${JSON.stringify(body)}`, async () => {
        const answer = await hub.post("/actions/scripted/execute", body)
        expect(answer.status).to.equal(400)
        expect((JSON.parse(answer.body) as { success: boolean }).success).to.equal(false)
      })
    }

    it("says 400 for a body that is no gzip though it claims to be", async () => {
      expect((await hub.post("/", "plain", { "content-encoding": "gzip" })).status).to.equal(400)
    })

    it("says 415 for an encoding it does not know", async () => {
      expect((await hub.post("/", "{}", { "content-encoding": "compress" })).status).to.equal(415)
      expect((await hub.post("/", "{}", { "content-type": "application/json; charset=klingon" })).status).to.equal(415)
    })

    it("says 400 for a path that is not properly encoded", async () => {
      const answer = await hub.post("/actions/%E0%A4%A/execute")
      expect(answer.status).to.equal(400)
      expect((JSON.parse(answer.body) as { success: boolean }).success).to.equal(false)
    })

    for (const [method, path] of [["GET", "/nope"], ["POST", "/nope"], ["GET", "/actions/scripted"],
      ["DELETE", "/"], ["GET", "/../package.json"], ["GET", "/%2e%2e/package.json"]]) {
      it(`says 404 in JSON for ${method} ${path}`, async () => {
        const answer = await hub.ask(method, path)
        expect(answer.status).to.equal(404)
        expect((JSON.parse(answer.body) as { success: boolean }).success).to.equal(false)
      })
    }
  })

  describe("bodies", () => {
    it("may be compressed", async () => {
      const received: Hub.ActionRequest[] = []
      Hub.addAction(new ScriptedAction({ name: "reader", execute: async (request) => {
        received.push(request)
        return new Hub.ActionResponse()
      } }))
      const body = { type: "query", form_params: { a: "é" } }
      const { status } = await hub.ask("POST", "/actions/reader/execute", {
        body: zlib.gzipSync(JSON.stringify(body)), headers: { ...hub.lookerHeaders, "content-encoding": "gzip" },
      })
      Hub.actions.pop()
      expect(status).to.equal(200)
      expect(received[0].formParams).to.deep.equal({ a: "é" })
    })

    it("may be large", async () => {
      let received = 0
      Hub.addAction(new ScriptedAction({ name: "reader", execute: async (request) => {
        received = request.attachment?.dataBuffer?.length ?? 0
        return new Hub.ActionResponse()
      } }))
      const data = "x".repeat(30 * 1024 * 1024)
      const { status } = await hub.post("/actions/reader/execute", {
        type: "query", attachment: { mimetype: "text/plain", extension: "txt", data },
      })
      Hub.actions.pop()
      expect(status).to.equal(200)
      expect(received).to.equal(data.length)
    })

    it("of another content type count as empty", async () => {
      const answer = await hub.post("/actions/scripted/execute", "a=b", {
        "content-type": "application/x-www-form-urlencoded",
      })
      expect(answer.status).to.equal(200)
      expect(answer.body).to.include("No request type specified.")
    })
  })
})

describe("A body over the limit", () => {
  const hub = new HubUnderTest()

  before(async () => hub.start([new ScriptedAction()], { bodyLimitMb: 1 }))
  after(async () => hub.stop())

  it("is answered with 413 in JSON, whether its length is announced or not", async () => {
    const body = JSON.stringify({ a: "x".repeat(2 * 1024 * 1024) })
    for (const headers of [{ "content-length": body.length }, { "transfer-encoding": "chunked" }]) {
      const answer = await hub.post("/", body, headers)
      expect(answer.status).to.equal(413)
      expect((JSON.parse(answer.body) as { success: boolean }).success).to.equal(false)
    }
  })

  it("counts after decompression", async () => {
    const answer = await hub.ask("POST", "/", {
      body: zlib.gzipSync(JSON.stringify({ a: "x".repeat(2 * 1024 * 1024) })),
      headers: { ...hub.lookerHeaders, "content-encoding": "gzip" },
    })
    expect(answer.status).to.equal(413)
  })
})

function formOf(name: string): Hub.ActionForm {
  const form = new Hub.ActionForm()
  form.fields = [{ name, type: "string" }]
  return form
}
