import * as chai from "chai"
import * as http from "http"
import { AddressInfo } from "net"
import { ClosingHosts } from "../../../../src/actions/marketo/lib/api/closing_hosts"
import { exchange, MarketoHttpRequest, MarketoReply } from "../../../../src/actions/marketo/lib/api/http"
import { failure, FakeMarketo, success } from "../support/fake_marketo"

const expect = chai.expect

const PATH = "/rest/v1/stats/usage.json"

describe("HTTP exchange with Marketo", () => {
  let marketo: FakeMarketo

  beforeEach(async () => { marketo = await FakeMarketo.start() })
  afterEach(async () => { await marketo.stop() })

  async function get(more: Partial<MarketoHttpRequest> = {}): Promise<MarketoReply> {
    return exchange({ method: "GET", url: marketo.origin + PATH, timeoutMs: 8000, ...more })
  }

  function bodyOf(reply: MarketoReply): { [member: string]: unknown } {
    if (reply.kind !== "answer") {
      throw new Error(`Expected an answer, got ${reply.kind}`)
    }
    return reply.body
  }

  it("gives the answer's status and JSON", async () => {
    marketo.answer("GET", PATH, { json: { success: true, result: [1] } })
    expect(await get()).to.deep.equal({ kind: "answer", status: 200, body: { success: true, result: [1] } })
  })

  it("gives the JSON of other statuses, too", async () => {
    marketo.answer("GET", PATH, { status: 401, json: { error: "unauthorized" } })
    expect(await get()).to.deep.equal({ kind: "answer", status: 401, body: { error: "unauthorized" } })
  })

  it("sends what it is given", async () => {
    marketo.answer("POST", PATH, success())
    await get({ method: "POST", headers: { "Content-Type": "application/json", "X-Own": "1" }, body: "{\"ä\":1}" })
    expect(marketo.calls[0].body).to.deep.equal({ ä: 1 })
    expect(marketo.calls[0].headers["x-own"]).to.equal("1")
    expect(marketo.calls[0].headers["content-length"]).to.equal("8")
  })

  it("sends forms", async () => {
    marketo.answer("POST", PATH, success())
    await get({ method: "POST", form: { name: "a b&c=ü" } })
    expect(marketo.calls[0].form).to.deep.equal({ name: "a b&c=ü" })
    expect(marketo.calls[0].headers["content-type"]).to.contain("application/x-www-form-urlencoded")
  })

  it("accepts JSON, and gzip", async () => {
    await get()
    expect(marketo.calls[0].headers.accept).to.equal("application/json")
    expect(marketo.calls[0].headers["accept-encoding"]).to.contain("gzip")
  })

  it("reads answers that come compressed", async () => {
    marketo.answer("GET", PATH, { ...success([{ text: "x".repeat(5000) }]), gzip: true })
    expect(bodyOf(await get()).success).to.equal(true)
  })

  it("does not follow redirects, since the token must reach no other host", async () => {
    const other = await FakeMarketo.start()
    try {
      for (const status of [301, 302, 307, 308]) {
        marketo.answer("GET", PATH, { status, text: "moved", headers: { Location: other.origin + PATH } })
        expect(await get({ headers: { Authorization: "Bearer t" } })).to.deep.equal({ kind: "unreadable", status })
      }
      expect(other.calls).to.deep.equal([])
    } finally {
      await other.stop()
    }
  })

  describe("unreadable answers", () => {
    const texts = ["<html>Bad gateway</html>", "", "[1,2]", "null", "5", "\"text\"", "{\"success\":tr"]
    for (const text of texts) {
      it(`are such as ${JSON.stringify(text)}`, async () => {
        marketo.answer("GET", PATH, { status: 502, text })
        expect(await get()).to.deep.equal({ kind: "unreadable", status: 502 })
      })
    }
  })

  describe("lost answers", () => {
    it("come of a connection that breaks before the answer", async () => {
      marketo.answer("GET", PATH, { reset: true })
      const reply = await get()
      expect(reply.kind).to.equal("lost")
      expect((reply as { explanation: string }).explanation).to.contain("broke before the answer was complete")
    })

    it("come of one that breaks within the answer", async () => {
      marketo.answer("GET", PATH, { ...success([{ text: "x".repeat(5000) }]), truncate: true })
      expect((await get()).kind).to.equal("lost")
    })

    it("come of an answer that does not come in time", async () => {
      marketo.answer("GET", PATH, { silent: true })
      const reply = await get({ timeoutMs: 50 })
      expect(reply.kind).to.equal("lost")
      expect((reply as { explanation: string }).explanation).to.contain("did not answer in time")
    })

    it("name the host", async () => {
      marketo.answer("GET", PATH, { reset: true })
      expect(((await get()) as { explanation: string }).explanation).to.contain(new URL(marketo.origin).host)
    })
  })

  describe("connections", () => {
    let server: http.Server
    let url: string
    let connections: number
    let answers: (response: http.ServerResponse, count: number) => void

    beforeEach(async () => {
      connections = 0
      let calls = 0
      server = http.createServer((_request, response) => { answers(response, ++calls) })
      server.on("connection", () => { connections++ })
      await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve) })
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`
      answers = (response) => response.end("{}")
    })

    afterEach(() => {
      server.closeAllConnections()
      server.close()
    })

    it("serve several calls", async () => {
      for (let call = 0; call < 3; call++) {
        await exchange({ method: "GET", url, timeoutMs: 5000 })
      }
      expect(connections).to.equal(1)
    })

    it("are new for a call that must not meet a closed one", async () => {
      for (let call = 0; call < 3; call++) {
        await exchange({ method: "POST", url, timeoutMs: 5000, needsOwnConnection: true })
      }
      expect(connections).to.equal(3)
    })

    it("are not used again with a host that has closed one under a call", async () => {
      answers = (response, count) => count === 2 ? response.destroy() : response.end("{}")
      const kinds: string[] = []
      for (let call = 0; call < 4; call++) {
        kinds.push((await exchange({ method: "GET", url, timeoutMs: 5000 })).kind)
      }
      expect(kinds).to.deep.equal(["answer", "lost", "answer", "answer"])
      expect(connections).to.equal(3)
    })

    it("are used again with such a host after a while", () => {
      let now = 0
      const hosts = new ClosingHosts(() => now)
      hosts.add("a:1")
      now = 10 * 60000 - 1
      expect(hosts.has("a:1")).to.equal(true)
      now++
      expect(hosts.has("a:1")).to.equal(false)
    })

    it("are kept apart for a bounded number of hosts, the latest", () => {
      let now = 0
      const hosts = new ClosingHosts(() => now)
      for (now = 0; now < 5000; now++) {
        hosts.add(`host-${now}`)
      }
      expect([hosts.size, hosts.has("host-4999"), hosts.has("host-0")]).to.deep.equal([1000, true, false])
      now += 10 * 60000
      hosts.add("late")
      expect(hosts.size).to.equal(1)
    })

    it("are given up when an answer never comes to its end", async () => {
      answers = (response) => {
        const drip = setInterval(() => response.write(" "), 5)
        response.on("close", () => clearInterval(drip))
      }
      const reply = await exchange({ method: "GET", url, timeoutMs: 60 })
      expect(reply).to.include({ kind: "lost" })
      expect(reply).to.have.property("explanation").that.contains("did not answer in time")
    })
  })

  describe("calls that were not sent", () => {
    it("are those that nobody accepts", async () => {
      const server = http.createServer()
      await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve) })
      const { port } = server.address() as AddressInfo
      await new Promise<void>((resolve) => { server.close(() => resolve()) })
      const reply = await get({ url: `http://127.0.0.1:${port}${PATH}` })
      expect(reply.kind).to.equal("notSent")
      expect((reply as { explanation: string }).explanation)
        .to.equal(`Marketo could not be reached at 127.0.0.1:${port}: nothing accepts connections there.`)
    })

    it("are those to a name that nobody has", async () => {
      expect((await get({ url: "http://nobody.invalid/" })).kind).to.equal("notSent")
    })

    it("do not reject, whatever the URL", async () => {
      const reply = await exchange({ method: "GET", url: "http://127.0.0.1:1/", timeoutMs: 5000 })
      expect(reply.kind).to.equal("notSent")
    })
  })

  it("reads refusals of Marketo like any other answer", async () => {
    marketo.answer("GET", PATH, failure("606", "Max rate limit"))
    expect(bodyOf(await get()).success).to.equal(false)
  })
})
