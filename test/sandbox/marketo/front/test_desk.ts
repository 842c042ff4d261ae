import { expect } from "chai"
import { MarketoSandbox } from "../../../../sandbox/marketo/marketo_sandbox"
import { SandboxClient } from "../sandbox_client"

interface DeskState {
  settings: object
  lastCall: number
  switches: { name: string, isOn: boolean }[]
  changes: {
    leads: { created: number, updated: number, shown: { kind: string, values: { email?: string } }[] }
    lists: object[]
    campaigns: object[]
    calls: { operation: string, calls: number, refused: object }[]
  }
}

describe("The stand-in's desk", () => {
  let sandbox: MarketoSandbox
  let client: SandboxClient

  beforeEach(async () => {
    sandbox = await MarketoSandbox.start()
    client = new SandboxClient(sandbox)
  })
  afterEach(async () => sandbox.stop())

  const desk = async (after = 0): Promise<DeskState> =>
    await (await fetch(`${sandbox.url}/sandbox/desk?after=${after}`)).json() as DeskState
  const flip = async (body: string): Promise<Response> =>
    fetch(`${sandbox.url}/sandbox/switches`, { method: "POST", body })
  const upsert = async (...emails: string[]) => client.post("/rest/v1/leads.json",
    { action: "createOrUpdate", lookupField: "email", input: emails.map((email) => ({ email })) })

  it("has the settings, and what has changed since a call", async () => {
    await upsert("before@example.com")
    const { lastCall, settings } = await desk()
    expect(settings).to.deep.equal({ url: sandbox.url, clientID: sandbox.clientId, clientSecret: sandbox.clientSecret })

    await upsert("before@example.com", "after@example.com")
    const id = [...sandbox.leads.all()].find(({ values }) => values.email === "after@example.com")?.id
    await client.post("/rest/v1/lists/1005/leads.json", { input: [{ id }] })
    await client.post("/rest/v1/campaigns/2001/trigger.json", { input: { leads: [{ id }] } })
    const { changes } = await desk(lastCall)
    expect(changes.leads).to.deep.include({ created: 1, updated: 1 })
    expect(changes.leads.shown.map(({ kind, values }) => [kind, values.email])).to.deep.equal(
      [["updated", "before@example.com"], ["created", "after@example.com"]])
    expect(changes.lists).to.deep.equal([
      { id: 1005, name: sandbox.lists.get(1005)?.name, members: 1, added: 1, removed: 0, changed: 0 }])
    expect(changes.campaigns).to.deep.equal([{ id: 2001, name: sandbox.campaigns.get(2001)?.name, leads: 1 }])
    expect(changes.calls.find(({ operation }) => operation === "syncLeads")).to.deep.equal(
      { operation: "syncLeads", calls: 1, refused: {} })
  })

  it("switches faults on and off", async () => {
    await flip("{\"quota\": true}")
    expect((await desk()).switches.filter(({ isOn }) => isOn).map(({ name }) => name)).to.deep.equal(["quota"])
    await upsert("a@example.com")
    expect((await desk()).changes.calls).to.deep.include({ operation: "syncLeads", calls: 1, refused: { 607: 1 } })
    await flip("{\"quota\": false}")
    await upsert("a@example.com")
    expect((await desk()).changes.leads.created).to.equal(1)
  })

  for (const [name, body] of [["an unknown switch", "{\"toString\": true}"], ["no object", "7"], ["no JSON", "{"]]) {
    it(`refuses ${name}`, async () => {
      expect((await flip(body)).status).to.equal(400)
    })
  }
})
