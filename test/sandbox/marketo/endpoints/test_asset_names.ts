import { expect } from "chai"
import { SandboxClient } from "../sandbox_client"

describe("Marketo sandbox: names of assets", () => {
  let client: SandboxClient
  const byName = async (kind: string, name: string, parameter = "name") =>
    (await client.get(`/rest/asset/v1/${kind}/byName.json?${parameter}=${encodeURIComponent(name)}`))
      .result?.map(({ id }) => id)

  beforeEach(async () => {
    client = await SandboxClient.start()
  })

  afterEach(async () => client.stop())

  it("with commas are found by id and by browsing, never by name", async () => {
    const { store } = client.sandbox
    const name = "Oslo, Norway"
    const channel = store.addChannel({ name, statuses: [] })
    const assets = { staticList: store.addStaticList({ name }), smartCampaign: store.addCampaign({ name }),
      program: store.addProgram({ name }), folder: store.addFolder({ name }) }
    expect(await byName("channel", channel.name)).to.equal(undefined)
    for (const [kind, { id }] of Object.entries(assets)) {
      expect(await byName(kind, name), kind).to.equal(undefined)
      expect((await client.get(`/rest/asset/v1/${kind}/${id}.json`)).result[0].name, kind).to.equal(name)
    }
    const listed = await client.get(`/rest/v1/lists.json?name=${encodeURIComponent(name)}`)
    expect(listed.result).to.deep.equal([])
    expect(await byName("channel", "Webinar", "Name")).to.deep.equal([4001])
  })

  it("may be shared by lists of several folders and workspaces, which are all found", async () => {
    const { store } = client.sandbox
    const ids = [store.addStaticList({ name: "Twins" }), store.addStaticList({ name: "Twins", folderId: 21 }),
      store.addStaticList({ name: "Twins", workspace: "EMEA", folderId: 22 })].map(({ id }) => id)
    expect(await byName("staticList", "Twins")).to.deep.equal(ids)
  })

  it("must be new for a list that is made or renamed: in the instance, or in the folder by a knob", async () => {
    const make = async (name: string, id: number, type = "Folder") =>
      client.postForm("/rest/asset/v1/staticLists.json", { name, folder: JSON.stringify({ id, type }) })
    expect((await make("Newsletter", 21)).code).to.equal("709")
    expect((await make("newsletter", 21)).success).to.equal(true)
    client.sandbox.knobs.listNames = "folder"
    const { result: [{ id }] } = await make("Newsletter", 21)
    expect((await make("Newsletter", 21)).code).to.equal("709")
    expect((await client.postForm(`/rest/asset/v1/staticList/${id}.json`, { name: "newsletter" })).code)
      .to.equal("709")
    expect((await make("Newsletter", 3001, "Program")).result[0].folder).to.deep.equal({ id: 3001, type: "Program" })
    expect((await make("Newsletter", 3001, "Program")).code).to.equal("709")
    expect((await make("Newsletter", 3001)).code).to.equal("710")
    expect(await byName("staticList", "Newsletter")).to.have.length(3)
    const inProgram = encodeURIComponent('{"id":3001,"type":"program"}')
    expect((await client.get(`/rest/asset/v1/staticLists.json?folder=${inProgram}`)).result.map(({ name }) => name))
      .to.deep.equal(["Newsletter"])
  })
})
