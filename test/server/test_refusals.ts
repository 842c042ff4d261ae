import { expect } from "chai"
import type * as http from "http"
import * as net from "net"
import * as zlib from "zlib"

import * as Hub from "../../src/hub"
import { checkParts } from "../../src/server/request_parts"
import { HubUnderTest, ScriptedAction, failureMessage, rejecting } from "./hub_under_test"

class TokenAction extends Hub.OAuthActionV2 {
  name = "tokens"
  label = "Tokens"
  description = ""
  supportedActionTypes = [Hub.ActionType.Query]
  params = []

  async oauthCheck() {
    return true
  }

  async oauthUrl(_redirectUri: string, state: string) {
    return `https://login.example.com/?${state}`
  }

  async oauthHandleRedirect() {
    return ""
  }

  async oauthFetchAccessToken(request: Hub.ActionRequest) {
    return new Hub.ActionToken(request.fetchTokenState, "") as unknown as Hub.TokenPayload
  }
}

/** A body, and the sentence that refuses it. */
const MALFORMED: [body: object, sentence: string][] = [
  [{ attachment: { mimetype: 5, data: "x" } }, "The request's \"attachment.mimetype\" has to be text."],
  [{ attachment: { mimetype: "text/csv", data: 5 } },
    "The request's \"attachment.data\" has to be text, or JSON placed inline."],
  [{ attachment: { extension: ["csv"] } }, "The request's \"attachment.extension\" has to be text."],
  [{ attachment: "x" }, "The request's \"attachment\" has to be an object."],
  [{ scheduled_plan: [1] }, "The request's \"scheduled_plan\" has to be an object."],
  [{ scheduled_plan: { title: {} } }, "The request's \"scheduled_plan.title\" has to be text."],
  [{ scheduled_plan: { download_url: 5 } }, "The request's \"scheduled_plan.download_url\" has to be text."],
  [{ scheduled_plan: { query: "x" } }, "The request's \"scheduled_plan.query\" has to be an object."],
  [{ data: "x" }, "The request's \"data\" has to be an object."],
  [{ data: { url: { a: 1 } } }, "The value of \"url\" in the request's \"data\" has to be text."],
  [{ form_params: [] }, "The request's \"form_params\" has to be an object."],
  [{ form_params: { format: [] } }, "The value of \"format\" in the request's \"form_params\" has to be text."],
  [{ state: 5 }, "The request's \"state\" has to be text."],
  [{ type: ["query"] }, "The request's \"type\" has to be text."],
  [{ data: nested(1000) }, "The request's \"data\" is nested more than 100 levels deep."],
]

function nested(levels: number): object {
  return JSON.parse(`${"{\"a\":".repeat(levels)}1${"}".repeat(levels)}`) as object
}

describe("A request with a malformed part", () => {
  const hub = new HubUnderTest()

  before(async () => hub.start([
    new ScriptedAction({ form: async () => rejecting("the form was asked for") }), new TokenAction(),
  ]))
  after(async () => hub.stop())

  for (const [part, sentence] of MALFORMED) {
    describe(JSON.stringify(part).slice(0, 60), () => {
      const body = { type: "query", ...part }

      for (const path of ["/", "/actions/scripted", "/actions/tokens/oauth_token"]) {
        it(`is answered with 400 and its name at ${path}`, async () => {
          const answer = await hub.post(path, body)
          expect(answer.status).to.equal(400)
          expect(JSON.parse(answer.body)).to.deep.equal({ success: false, error: sentence })
        })
      }

      it("is told to the person in Looker by an execution and a form", async () => {
        const executed = await hub.post("/actions/scripted/execute", body)
        expect(executed.status).to.equal(200)
        expect(failureMessage(executed)).to.equal(sentence)
        const form = await hub.post("/actions/scripted/form", body)
        expect(form.status).to.equal(200)
        expect(JSON.parse(form.body)).to.deep.equal({ error: sentence })
      })

      it("matters less than an action that there is not", async () => {
        expect((await hub.post("/actions/nope/execute", body)).status).to.equal(404)
      })
    })
  }

  it("that is a bomb of JSON is refused before it has unpacked", async () => {
    const bomb = zlib.gzipSync(Buffer.concat([Buffer.from("{\"data\":"), Buffer.alloc(50 * 1024 * 1024, "[")]))
    const answer = await hub.ask("POST", "/", {
      body: bomb, headers: { ...hub.lookerHeaders, "content-encoding": "gzip" },
    })
    expect(answer.status).to.equal(400)
    expect(answer.body).to.include("The request's \\\"data\\\" is nested more than 100 levels deep.")
  })

  it("is none because it is empty, unknown or odd", async () => {
    for (const part of [{ attachment: false, data: 0, form_params: "", scheduled_plan: null, state: "" },
      { other: [[1]] },
      { scheduled_plan: { query_id: "abc", scheduled_plan_id: 5, filters_differ_from_look: null, other: {} } },
      { attachment: { mimetype: null, data: null, other: 1 } }, { data: { value: 5, flag: true, none: null } }]) {
      expect((await hub.post("/actions/scripted/execute", { type: "query", ...part })).body).to.include("done")
    }
    expect((await hub.post("/", [] as object)).status).to.equal(200)
  })

  it("gives actions texts where numbers and truth values were sent, also for odd names", () => {
    const body = JSON.parse("{\"data\":{\"value\":5,\"__proto__\":true,\"none\":null},\"form_params\":{\"n\":1.5}}") as
      { data: object, form_params: object }
    checkParts(body)
    expect(JSON.stringify(body.data)).to.equal("{\"value\":\"5\",\"__proto__\":\"true\",\"none\":null}")
    expect(body.form_params).to.deep.equal({ n: "1.5" })
  })

  it("at a login's address is a parameter that is given twice", async () => {
    for (const route of ["oauth", "oauth_redirect"]) {
      const answer = await hub.get(`/actions/tokens/${route}?state=a&state=b`)
      expect(answer.status).to.equal(400)
      expect(answer.body).to.include("The parameter \\\"state\\\" is given more than once.")
    }
  })
})

describe("A hub without descriptors", () => {
  const hub = new HubUnderTest()
  const exhausted = Object.assign(new Error("EMFILE: too many open files, open '/etc/hosts'"), { code: "EMFILE" })

  before(async () => hub.start([
    new ScriptedAction({ execute: async () => rejecting(exhausted), form: async () => rejecting(exhausted) }),
    new ScriptedAction({ name: "unlisted", supportedFormats: () => { throw exhausted } }),
  ]))
  after(async () => hub.stop())

  it("says so, and has it in the log", async () => {
    expect(failureMessage(await hub.post("/actions/scripted/execute"))).to.match(/^The hub has run out of file descriptors/)
    expect((await hub.post("/actions/scripted/form")).body).to.match(/^\{"error":"The hub has run out of file descriptors/)
    const described = await hub.post("/actions/unlisted")
    expect(described.status).to.equal(503)
    expect(described.headers["retry-after"]).to.equal("60")
    expect(described.body).to.include("run out of file descriptors")
    expect(hub.logText).to.match(/EMFILE/)
  })
})

describe("A refusal of a large body", () => {
  const hub = new HubUnderTest()

  before(async () => hub.start([new ScriptedAction()], { bodyLimitMb: 1 }))
  after(async () => hub.stop())

  /** Writes all of a body before it looks for an answer, as some senders do; `sent` counts what it got rid of. */
  async function sendBlindly(
    megabytes: number, headers: http.OutgoingHttpHeaders,
  ): Promise<{ answer: string, sent: number }> {
    const piece = Buffer.alloc(1024 * 1024, " ")
    const isChunked = !("content-length" in headers)
    const head = Object.entries({ host: "hub", connection: "close", ...headers })
      .map(([name, value]) => `${name}: ${String(value)}\r\n`).join("")
    return new Promise((resolve) => {
      let sent = 0
      let answer = ""
      const socket = net.connect(hub.port, "127.0.0.1").pause()
      const write = () => {
        if (sent === megabytes) {
          socket.on("data", (chunk: Buffer) => { answer += chunk.toString() })
          socket.resume()
        } else {
          socket.write(isChunked ? Buffer.concat([Buffer.from("100000\r\n"), piece, Buffer.from("\r\n")]) : piece,
            (error) => {
              if (!error) {
                sent++
                write()
              }
            })
        }
      }
      socket.on("error", () => undefined)
      socket.on("close", () => resolve({ answer, sent }))
      socket.write(`POST / HTTP/1.1\r\n${head}\r\n`, write)
    })
  }

  it("arrives, also at a sender that closes the connection and looks for an answer only at the end", async () => {
    for (let round = 0; round < 10; round++) {
      const headers = { ...hub.lookerHeaders,
        ...(round % 2 === 0 ? { "content-length": 20 * 1024 * 1024 } : { "transfer-encoding": "chunked" }) }
      expect((await sendBlindly(20, { ...headers, authorization: "none" })).answer).to.match(/^HTTP\/1\.1 403 /)
      expect((await sendBlindly(20, headers)).answer).to.match(/^HTTP\/1\.1 413 /)
    }
  })

  it("ends a body that never ends", async () => {
    const { sent } = await sendBlindly(500, { ...hub.lookerHeaders, "transfer-encoding": "chunked" })
    expect(sent).to.be.greaterThan(0).and.lessThan(100)
  })

  it("names the limit and the setting", async () => {
    const answer = await hub.post("/", `{"a":"${"x".repeat(1024 * 1024)}"}`)
    expect(answer.headers.connection).to.equal("close")
    expect(JSON.parse(answer.body)).to.deep.equal({
      success: false, error: "The request body is larger than this hub accepts: 1 MB (ACTION_HUB_BODY_LIMIT_MB).",
    })
  })
})
