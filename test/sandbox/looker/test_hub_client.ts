import * as chai from "chai"
import * as chaiAsPromised from "chai-as-promised"
import * as http from "http"
import { AddressInfo } from "net"

import { HubAnswerError, HubClient } from "../../../sandbox/looker/hub_client"

chai.use(chaiAsPromised)
const { expect } = chai

interface Received {
  method?: string
  path?: string
  headers: http.IncomingHttpHeaders
  body: string
}

describe("the hub client", () => {
  let server: http.Server
  let received: Received[]
  let answer: { status: number, text: string }
  let url: string
  let client: HubClient

  beforeEach(async () => {
    received = []
    answer = { status: 200, text: "{}" }
    server = http.createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { method, url: path, headers } = request
        received.push({ method, path, headers, body: Buffer.concat(chunks).toString("utf8") })
        response.writeHead(answer.status, { "Content-Type": "application/json" }).end(answer.text)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    client = new HubClient({ url: `${url}/`, apiKey: "nonce/digest", instanceId: "looker-1" })
  })

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve))
  })

  it("sends Looker's headers with every call, and a new webhook id", async () => {
    const first = await client.list()
    const second = await client.execute("marketo", {})
    for (const { headers, method } of received) {
      expect(method).to.equal("POST")
      expect(headers).to.include({
        "authorization": "Token token=\"nonce/digest\"",
        "user-agent": "LookerOutgoingWebhook/24.18.0",
        "x-looker-instance": "looker-1",
        "content-type": "application/json",
      })
    }
    expect(received.map(({ headers }) => headers["x-looker-webhook-id"]))
      .to.deep.equal([first.webhookId, second.webhookId])
    expect(first.webhookId).not.to.equal(second.webhookId)
  })

  it("sends no Authorization header when it has no key", async () => {
    await new HubClient({ url }).list()
    expect(received[0].headers).not.to.have.property("authorization")
  })

  it("sends bodies chunked, without a length", async () => {
    await client.form("marketo", { url: "https://marketo.example.com" }, { subaction: "addList" })
    expect(received[0].headers).to.include({ "transfer-encoding": "chunked" })
    expect(received[0].headers).not.to.have.property("content-length")
  })

  it("calls each endpoint at its path, with the action's name encoded", async () => {
    await client.list()
    await client.describe("a b/c")
    await client.form("a b/c")
    await client.execute("a b/c", {})
    expect(received.map(({ path }) => path)).to.deep.equal([
      "/", "/actions/a%20b%2Fc", "/actions/a%20b%2Fc/form", "/actions/a%20b%2Fc/execute",
    ])
  })

  it("sends params and form inputs of a form call under the wire's names", async () => {
    await client.form("marketo", { clientID: "id" }, { lookupField: "email" })
    expect(JSON.parse(received[0].body)).to.deep.equal({
      type: "query", data: { clientID: "id" }, form_params: { lookupField: "email" },
    })
  })

  it("sends a run with a download URL in its plan", async () => {
    await client.execute("marketo", {
      params: { clientID: "id" },
      formParams: { lookupField: "email" },
      format: "json_detail_lite_stream",
      downloadUrl: "https://looker.example.com/one_time/1",
      scheduledPlan: { title: "Überschrift" },
    })
    const body = JSON.parse(received[0].body) as Record<string, Record<string, unknown>>
    expect(body.type).to.equal("query")
    expect(body.scheduled_plan).to.include({
      title: "Überschrift", download_url: "https://looker.example.com/one_time/1", type: "Look", query_id: 1,
    })
    expect(body.data).to.deep.equal({ clientID: "id" })
    expect(body.form_params).to.deep.equal({ format: "json_detail_lite_stream", lookupField: "email" })
    expect(body).not.to.have.property("attachment")
  })

  it("sends a run with an attachment and no download URL", async () => {
    const attachment = { mimetype: "application/json", extension: "json", data: "{}" }
    await client.execute("marketo", { type: "dashboard", attachment })
    const body = JSON.parse(received[0].body) as Record<string, Record<string, unknown>>
    expect(body.type).to.equal("dashboard")
    expect(body.attachment).to.deep.equal(attachment)
    expect(body.scheduled_plan.download_url).to.equal(null)
  })

  it("reads the document after keep-alive newlines, and counts them", async () => {
    answer.text = "\n\n\n{\"looker\":{\"success\":true,\"refresh_query\":false,\"validation_errors\":{}}}"
    const { body, keepAliveNewlines } = await client.execute("marketo", {})
    expect(keepAliveNewlines).to.equal(3)
    expect(body.looker.success).to.equal(true)
  })

  it("raises the refusal with its status and text", async () => {
    answer = { status: 403, text: "{\"success\":false,\"error\":\"Invalid 'Authorization' header.\"}" }
    const error = await client.list().then(() => undefined, (reason: unknown) => reason)
    expect(error).to.be.instanceOf(HubAnswerError)
    expect(error).to.include({ status: 403, text: answer.text })
  })

  for (const text of ["", "\n\n", "<html>", "{\"looker\":{}} {}"]) {
    it(`raises an answer of 200 that is not one JSON document: ${JSON.stringify(text)}`, async () => {
      answer.text = text
      await expect(client.list()).to.be.rejectedWith(HubAnswerError, "not one JSON document")
    })
  }

  it("raises the connection's error when the hub breaks off", async () => {
    server.removeAllListeners("request")
    server.on("request", (_request, response: http.ServerResponse) => {
      response.write("\n")
      setImmediate(() => response.destroy())
    })
    await expect(client.list()).to.be.rejectedWith(/aborted|ECONNRESET|socket hang up/)
  })
})
