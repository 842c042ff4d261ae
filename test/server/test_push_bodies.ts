import { expect } from "chai"
import * as express from "express"
import * as http from "http"
import type { AddressInfo } from "net"
import * as path from "path"
import * as sinon from "sinon"

import * as Hub from "../../src/hub"
import { BodyMemory } from "../../src/server/body/body_memory"
import { jsonBody } from "../../src/server/body/json_body"
import { answerUnreadable } from "../../src/server/error_answers"
import { ExecuteProcessQueue } from "../../src/xpc/execute_process_queue"
import { HubUnderTest, ScriptedAction } from "./hub_under_test"

const MEGABYTE = 1024 * 1024

describe("A push of some megabytes", function () {
  this.timeout(60_000)

  const hub = new HubUnderTest()
  let received: Hub.ActionAttachment | undefined
  let isOpened = false

  before(async () => hub.start([new ScriptedAction({ execute: async ({ attachment }) => {
    received = attachment
    if (isOpened) {
      const json = JSON.stringify(attachment?.dataJSON) as string | undefined
      return new Hub.ActionResponse({ message: `${attachment?.dataBuffer?.length} ${json?.length}` })
    }
    return new Hub.ActionResponse({ message: "unread" })
  } })]))
  after(async () => hub.stop())
  beforeEach(() => { isOpened = false })
  afterEach(() => sinon.restore())

  const rows = Array.from({ length: 40_000 }, (_, row) => ({ "users.name": `Zoë "${row}"\n`, "users.id": row }))

  async function push(attachment: object): Promise<string> {
    const { body } = await hub.post("/actions/scripted/execute", { type: "query", attachment, data: { key: "k" } })
    return (JSON.parse(body) as { looker: { message: string } }).looker.message
  }

  it("is parsed by nobody when the action does not read it", async () => {
    const text = JSON.stringify(rows)
    const parse = sinon.spy(JSON, "parse")
    await push({ mimetype: "application/json", extension: "json", data: text })
    const longest = Math.max(...parse.args.map(([json]) => json.length))
    // The texts between quotes are parsed bit by bit, as they come.
    expect(longest).to.be.lessThan(100_000)
    sinon.restore()
    expect(received?.dataBuffer?.toString()).to.equal(text)
    expect(received?.dataJSON).to.deep.equal(rows)
  })

  it("is there in full when the action reads it: text, base64, JSON placed inline", async () => {
    isOpened = true
    const text = JSON.stringify(rows)
    const bytes = Buffer.byteLength(text)
    expect(await push({ mimetype: "application/json", data: text })).to.equal(`${bytes} ${text.length}`)
    expect(await push({ data: text, mimetype: "text/csv" })).to.equal(`${bytes} undefined`)
    const lines = Buffer.from(text).toString("base64").replace(/.{60}/g, "$&\n")
    expect(await push({ data: lines, mimetype: "application/pdf;base64" })).to.equal(`${bytes} undefined`)
    expect(received?.dataBuffer?.toString()).to.equal(text)
    expect(await push({ mimetype: "application/json", data: rows })).to.equal(`${bytes} ${text.length}`)
    expect(await push({ mimetype: "application/json", data: { data: rows } }))
      .to.equal(`${bytes + 9} ${text.length + 9}`)
  })

  it("is refused when JSON placed inline is none", async () => {
    const text = JSON.stringify(rows)
    const word = text.replace("\"users.id\":39999", "\"users.id\":tru")
    for (const broken of [`${text.slice(0, -1)},]`, word, text.replace(/\]$/, "}")]) {
      const answer = await hub.post("/actions/scripted/execute",
        `{"type":"query","attachment":{"mimetype":"a/b","data":${broken}}}`)
      expect(answer.status).to.equal(400)
    }
  })

  it("fails a run that reads JSON which is none, with a sentence", async () => {
    isOpened = true
    expect(await push({ mimetype: "application/json", data: "jane ".repeat(MEGABYTE) }))
      .to.equal("The attachment is declared as application/json, but it is not valid JSON.")
  })
})

describe("A push of some megabytes for an execute process", function () {
  this.timeout(60_000)

  const hub = new HubUnderTest()
  const queue = new ExecuteProcessQueue({ program: path.resolve(__dirname, "..", "xpc", "probe_process.ts") })

  before(async () => hub.start(
    [new ScriptedAction({ name: "probe", executeInOwnProcess: true })], {}, { executeQueue: queue }))
  after(async () => {
    await queue.close()
    await hub.stop()
  })

  async function probe(behaviour: string, attachment?: object): Promise<string> {
    const { body } = await hub.post("/actions/probe/execute", { type: "query", attachment, form_params: { behaviour } })
    return (JSON.parse(body) as { looker: { message: string } }).looker.message
  }

  it("arrives there whole, and is joined and parsed there alone", async () => {
    const text = JSON.stringify(Array.from({ length: 300_000 }, (_, row) => `é${row}`))
    const join = sinon.spy(Buffer, "concat")
    const bytes = Buffer.byteLength(text)
    expect(await probe("attachmentDigest", { mimetype: "application/json", extension: "json", data: text }))
      .to.equal(`${bytes} 300000 é0 é299999 mime,fileExtension,encoding,dataBuffer,dataJSON`)
    const joined = join.returnValues.filter((value) => Buffer.isBuffer(value) && value.length > bytes / 2)
    // Our own sender's body is one.
    expect(joined).to.have.length(0)
    sinon.restore()
    expect(await probe("attachmentDigest", { data: Buffer.from(text).toString("base64"), mimetype: "a/b;base64" }))
      .to.match(new RegExp(`^${bytes} undefined .* mime,fileExtension,encoding,dataBuffer$`))
  })

  it("does not have the hub's secrets there, but those that actions need", async () => {
    process.env.CIPHER_MASTER = "for actions"
    await queue.close()
    const own = new ExecuteProcessQueue({ program: path.resolve(__dirname, "..", "xpc", "probe_process.ts") })
    const request = new Hub.ActionRequest()
    request.actionId = "probe"
    request.formParams = { behaviour: "secrets" }
    const { message } = await own.execute(request)
    await own.close()
    expect(message).to.equal("ACTION_HUB_SECRET undefined, CIPHER_MASTER for actions")
  })
})

describe("A body that takes too long", () => {
  let server: http.Server
  let port: number

  async function start(patience: { wholeMs?: number, silenceMs: number, dataSilenceMs: number }): Promise<void> {
    const app = express()
    const rules = { limitBytes: MEGABYTE, patience, memory: new BodyMemory(MEGABYTE) }
    app.post("/", jsonBody(rules), (_req, res) => { res.end("read") })
    app.use(answerUnreadable)
    server = http.createServer(app)
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    port = (server.address() as AddressInfo).port
  }

  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  /** Sends the beginning of a body, and `piece` again and again until there is an answer. */
  async function answerTo(begin: string, piece?: string): Promise<{ status?: number, text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json" }
      const request = http.request({ host: "127.0.0.1", port, method: "POST", headers })
      const drip = piece === undefined ? undefined : setInterval(() => request.write(piece), 2)
      request.on("error", reject)
      request.on("response", (response) => {
        clearInterval(drip)
        let text = ""
        response.on("data", (chunk: Buffer) => { text += chunk.toString() })
        response.on("end", () => {
          request.on("error", () => undefined).off("error", reject).destroy()
          resolve({ status: response.statusCode, text })
        })
      })
      request.write(begin)
    })
  }

  it("is refused after a silence", async () => {
    await start({ silenceMs: 5, dataSilenceMs: 1e6 })
    const { status, text } = await answerTo("{\"type\":")
    expect(status).to.equal(408)
    expect(text).to.include("The request's body did not arrive in time")
  })

  it("is refused when it drips", async () => {
    await start({ wholeMs: 30, silenceMs: 1e6, dataSilenceMs: 1e6 })
    expect((await answerTo("{\"type\":", " ")).status).to.equal(408)
  })

  it("may be silent for longer within the attachment's data, while Looker runs the query", async () => {
    await start({ silenceMs: 1e6, dataSilenceMs: 5 })
    expect((await answerTo("{\"attachment\":{\"data\":\"a,b")).status).to.equal(408)
  })
})
