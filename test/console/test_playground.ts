import { expect } from "chai"
import { consolePages } from "../../src/console/add_console"
import { SendEvent } from "../../src/console/playground/send_events"
import { standInAddress } from "../../src/console/playground/stand_in_address"
import * as Hub from "../../src/hub"
import { SettingsReader } from "../../src/hub/settings"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { deferred, eventually, ScriptedAction, SECRET } from "../server/hub_under_test"
import { ConsoleUnderTest } from "./console_under_test"

const VERSION = "24.18.0"

describe("What the playground asks the hub for", () => {
  const pages = new ConsoleUnderTest()
  let own: Record<string, string>
  let requests: Hub.ActionRequest[]

  const scripted = (members: Partial<Hub.Action> = {}): ScriptedAction => new ScriptedAction({
    async execute(request) {
      requests.push(request)
      return new Hub.ActionResponse({ message: "<b>done</b>" })
    },
    ...members,
  })
  const start = async (...actions: Hub.Action[]): Promise<void> => {
    await pages.start({ hasConsole: false, hasPlayground: true }, actions)
    own = await pages.cookie()
  }
  const post = async (path: string, body: unknown, headers: object = {}): Promise<Response> =>
    pages.ask(`/playground/${path}`, {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...own, ...headers },
    })
  const upload = async (text: string, type = "text/csv"): Promise<string> => {
    const response = await pages.ask("/playground/data",
      { method: "POST", body: text, headers: { ...own, "Content-Type": type } })
    expect(response.status).to.equal(201)
    return (await response.json() as { id: string }).id
  }
  const send = async (order: object): Promise<SendEvent[]> => {
    const response = await post("send", { action: "scripted", version: VERSION, body: { type: "query" }, ...order })
    return (await response.text()).trim().split("\n").map((line) => JSON.parse(line) as SendEvent)
  }

  beforeEach(() => { requests = [] })
  afterEach(async () => pages.stop())

  it("lists the actions for a version of Looker", async () => {
    await start(scripted(), scripted({ name: "newer", minimumSupportedLookerVersion: "25.0.0" }))
    const names = async (version: string) => {
      const response = await pages.ask(`/playground/actions?version=${version}`, { headers: own })
      const { integrations, hasStandIn } = await response.json() as
        { integrations: { name: string }[], hasStandIn: boolean }
      expect(hasStandIn).to.equal(false)
      return integrations.map(({ name }) => name)
    }
    expect(await names("24.0.0")).to.deep.equal(["scripted"])
    expect(await names("25.1.0")).to.deep.equal(["scripted", "newer"])
    expect((await pages.ask("/playground/actions?version=a%0Ab", { headers: own })).status).to.equal(400)
  })

  it("fetches a form, with settings and values", async () => {
    await start(scripted({
      async form(request) {
        const form = new Hub.ActionForm()
        form.fields = [{ name: "a", label: `${request.params.key} ${request.formParams.a}`, type: "string" }]
        return form
      },
    }))
    const response = await post("form", {
      action: "scripted", version: VERSION, body: { type: "query", data: { key: "k" }, form_params: { a: "b" } },
    })
    expect(await response.json()).to.deep.equal({ fields: [{ name: "a", label: "k b", type: "string" }] })
    const unknown = await post("form", { action: "../../status", version: VERSION, body: {} })
    expect(unknown.status).to.equal(404)
    expect(await unknown.text()).to.contain("No action found with name ../../status.")
  })

  it("sends data in the request, as text and as JSON", async () => {
    await start(scripted())
    await send({ document: {
      id: await upload("a,b\n1,2\n"), transport: "push", mimetype: "text/csv", extension: "csv",
    } })
    expect(requests[0].attachment?.dataBuffer?.toString()).to.equal("a,b\n1,2\n")
    expect(requests[0].webhookId).to.match(/^[\da-f-]{36}$/)
    expect(requests[0].lookerVersion).to.equal(VERSION)
    await send({ document: {
      id: await upload("[{\"a\": 1}]"), transport: "inline", mimetype: "application/json", extension: "json",
    } })
    expect(requests[1].attachment?.dataJSON).to.deep.equal([{ a: 1 }])
    await send({ document: {
      id: await upload("%PDF"), transport: "push", mimetype: "application/pdf;base64", extension: "pdf",
    } })
    expect(requests[2].attachment?.dataBuffer?.toString()).to.equal("%PDF")
  })

  it("hands data to a streaming action once, under a one-time address of the hub itself", async () => {
    let text = ""
    let address = ""
    await start(scripted({
      usesStreaming: true,
      async execute(request) {
        address = request.scheduledPlan?.downloadUrl ?? ""
        await request.stream(async (readable) => {
          for await (const chunk of readable) {
            text += String(chunk)
          }
        })
        return new Hub.ActionResponse()
      },
    }))
    const document = { id: await upload("rows"), transport: "url", mimetype: "text/csv", extension: "csv" }
    const events = await send({
      document, body: { type: "query", scheduled_plan: { title: "T", download_url: "https://evil.example.com/" } },
    })
    expect(events.at(-1)).to.deep.include({ kind: "answer", status: 200 })
    expect(text).to.equal("rows")
    expect(address).to.equal(`${pages.url}/playground/data/${document.id}`)
    expect((await fetch(address)).status).to.equal(404)
    const again = await post("send", { action: "scripted", version: VERSION, body: { type: "query" }, document })
    expect(again.status).to.equal(400)
    expect(await again.text()).to.contain("no longer there")
  })

  it("gives data once, and never as a page", async () => {
    await start()
    const address = `${pages.url}/playground/data/${await upload("<script>alert(1)</script>", "text/html")}`
    expect((await fetch(address, { method: "HEAD" })).status).to.equal(404)
    const first = await fetch(address)
    expect(first.headers.get("content-disposition")).to.equal("attachment")
    expect(first.headers.get("content-security-policy")).to.equal("sandbox")
    expect(await first.text()).to.equal("<script>alert(1)</script>")
    expect((await fetch(address)).status).to.equal(404)
  })

  it("takes what a login brings once, 32 KB at most, at an address that it has opened", async () => {
    await start()
    expect((await fetch(`${pages.url}/playground/state/${"a".repeat(48)}`, { method: "POST", body: "x" })).status)
      .to.equal(404)
    const { id, url } = await (await post("states", {})).json() as { id: string, url: string }
    const collected = async () => (await pages.ask(`/playground/states/${id}`, { headers: own })).json()
    expect(await collected()).to.deep.equal({})
    expect((await fetch(url, { method: "POST", body: "x".repeat(32 * 1024 + 1) })).status).to.equal(413)
    expect((await fetch(url, { method: "POST", body: "{\"tokens\":1}" })).status).to.equal(200)
    expect((await fetch(url, { method: "POST", body: "other" })).status).to.equal(404)
    expect((await pages.ask(`/playground/states/${id}`)).status, "without a session").to.equal(401)
    expect(await collected()).to.deep.equal({ data: "{\"tokens\":1}" })
    expect(await collected()).to.deep.equal({})
  })

  it("shows the request as it was sent, the progress, and the hub's answer", async () => {
    const gate = deferred<void>()
    await start(scripted({
      async execute() {
        await gate.promise
        return new Hub.ActionResponse({ success: false, validationErrors: [{ field: "a", message: "is odd" }] })
      },
    }))
    const response = await post("send", {
      action: "scripted", version: VERSION, body: { type: "query", form_params: { a: "1" } },
    })
    expect(response.headers.get("content-type")).to.contain("application/x-ndjson")
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let text = ""
    await eventually(async () => {
      text += new TextDecoder().decode((await reader.read()).value)
      return text.includes("\"progress\"")
    })
    gate.resolve()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += new TextDecoder().decode(part.value)
    }
    const events = text.trim().split("\n").map((line) => JSON.parse(line) as SendEvent)
    expect(events[0]).to.deep.include({ kind: "sent", path: "/actions/scripted/execute", body: {
      type: "query", form_params: { a: "1" }, scheduled_plan: { download_url: null, async_callback_url: null },
    } })
    expect(events[1]).to.have.nested.property("run.outcome", "running")
    expect(events.at(-1)).to.have.deep.nested.property("body.looker.validation_errors", { a: "is odd" })
  })

  it("lets a run go on when the browser leaves", async () => {
    const gate = deferred<void>()
    let isDone = false
    await start(scripted({
      async execute() {
        await gate.promise
        isDone = true
        return new Hub.ActionResponse()
      },
    }))
    const leaving = new AbortController()
    const response = await pages.ask("/playground/send", {
      method: "POST", body: JSON.stringify({ action: "scripted", version: VERSION, body: { type: "query" } }),
      headers: { "Content-Type": "application/json", ...own }, signal: leaving.signal,
    })
    expect(response.status).to.equal(200)
    leaving.abort()
    gate.resolve()
    await eventually(() => isDone)
    await eventually(() => pages.hub.logText.includes("/actions/scripted/execute"))
    expect(pages.hub.logText).not.to.contain("hung up")
  })

  it("takes 20 MB at once, and 50 MB in all", async () => {
    await start()
    const megabytes = async (count: number) => pages.ask("/playground/data", {
      method: "POST", body: Buffer.alloc(count * 1024 * 1024), headers: own,
    })
    expect((await megabytes(21)).status).to.equal(413)
    const { id } = await (await megabytes(20)).json() as { id: string }
    expect((await megabytes(20)).status).to.equal(201)
    expect((await megabytes(11)).status).to.equal(503)
    await (await fetch(`${pages.url}/playground/data/${id}`)).arrayBuffer()
    expect((await megabytes(11)).status).to.equal(201)
  })

  it("is for people who have signed in, and for no page of another site", async () => {
    await start(scripted())
    const order = { action: "scripted", version: VERSION, body: { type: "query" } }
    for (const path of ["form", "data", "send", "stand-in/switches"]) {
      expect((await post(path, order, { cookie: "" })).status, path).to.equal(401)
      expect((await post(path, order, { Origin: "https://evil.example.com" })).status, path).to.equal(403)
      expect((await post(path, order, { "Sec-Fetch-Site": "same-site" })).status, path).to.equal(403)
      expect((await fetch(`${pages.url}/playground/${path}`, {
        method: "POST", headers: { ...own, "Content-Type": "application/json" }, body: JSON.stringify(order),
      })).status, `${path} without the header`).to.equal(403)
    }
    expect((await pages.ask("/playground/actions")).status).to.equal(401)
    expect(requests).to.deep.equal([])
  })

  for (const [name, order] of Object.entries({
    "no action": { version: VERSION, body: {} },
    "a version that is a header": { action: "scripted", version: "1\r\nA: b", body: {} },
    "a document without an id": { action: "scripted", version: VERSION, body: {}, document: { transport: "push" } },
    "a transport that is none": { action: "scripted", version: VERSION, body: {},
      document: { id: "a", transport: "ftp", mimetype: "a", extension: "b" } },
  })) {
    it(`refuses an order with ${name}`, async () => {
      await start(scripted())
      expect((await post("send", order)).status).to.equal(400)
    })
  }

  it("keeps settings, values and data out of the log", async () => {
    await start(scripted())
    const body = { type: "query", data: { key: "a secret" }, form_params: { a: "a value" } }
    await send({ body, document: {
      id: await upload("a lead"), transport: "push", mimetype: "text/csv", extension: "csv",
    } })
    expect(requests).to.have.length(1)
    expect(pages.hub.logText).not.to.match(/a secret|a value|a lead|Token/)
  })
})

describe("The stand-in beside the playground", () => {
  const pages = new ConsoleUnderTest()
  afterEach(async () => pages.stop())

  it("is asked and switched through the hub, if the hub was told of it", async () => {
    const sandbox = await MarketoSandbox.start()
    try {
      await pages.start(undefined, [], { pages: consolePages(
        { hasConsole: false, hasPlayground: true, standIn: sandbox.url }, SECRET) })
      const own = await pages.cookie()
      const desk = await (await pages.ask("/playground/stand-in?after=0", { headers: own })).json() as
        { settings: object, switches: { isOn: boolean }[] }
      expect(desk.settings).to.deep.include({ clientID: sandbox.clientId })
      const flipped = await pages.ask("/playground/stand-in/switches", {
        method: "POST", body: "{\"slow\":true}", headers: { ...own, "Content-Type": "application/json" },
      })
      expect(flipped.status).to.equal(200)
      expect(sandbox.faults.state()).to.have.length(1)
    } finally {
      await sandbox.stop()
    }
    const own = await pages.cookie()
    expect((await pages.ask("/playground/stand-in", { headers: own })).status).to.equal(502)
  })

  it("is there only then", async () => {
    await pages.start()
    expect((await pages.ask("/playground/stand-in", { headers: await pages.cookie() })).status).to.equal(404)
  })

  it("is on this machine, or nowhere", async () => {
    const read = (value: string) => {
      const reader = new SettingsReader({ ACTION_HUB_PLAYGROUND_STAND_IN: value })
      return [standInAddress(reader), reader.problems.length]
    }
    expect(read("http://127.0.0.1:9180")).to.deep.equal(["http://127.0.0.1:9180", 0])
    expect(read("")).to.deep.equal([undefined, 0])
    for (const value of ["http://10.0.0.1:9180", "https://127.0.0.1", "http://127.0.0.1/a", "nonsense",
      "http://127.0.0.1.example.com"]) {
      expect(read(value), value).to.deep.equal([undefined, 1])
    }
    await pages.start()
  })
})
