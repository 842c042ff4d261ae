import { expect } from "chai"
import { SEEDED } from "../../../../sandbox/marketo"
import { SandboxClient } from "../sandbox_client"

const FOLDER_TYPES = ["Marketing Folder", "Program", "Email", "Email Template", "Landing Page", "Landing Page Template",
  "Snippet", "Image", "Zone", "File"]

describe("Marketo sandbox: folders", () => {
  let client: SandboxClient
  const browse = async (query = "") => (await client.get(`/rest/asset/v1/folders.json${query}`)).result
  const ids = async (query: string) => (await browse(query))?.map(({ id }) => id)
  const named = async (query: string) => (await client.get(`/rest/asset/v1/folder/byName.json?${query}`)).result
    ?.map(({ id }) => id)
  const root = (id: number, type = "Folder") => `root=${encodeURIComponent(JSON.stringify({ id, type }))}`

  before(async () => {
    client = await SandboxClient.start({ rateLimit: 1000 })
    const { store } = client.sandbox
    store.addFolder({ id: 23, name: "Group Lists", parentId: 12, workspace: "EMEA" })
    store.addFolder({ id: 31, name: "Deep", parentId: 21 })
    store.addFolder({ id: 32, name: "Deeper", parentId: 31 })
  })

  after(async () => client.stop())

  it("have types of Adobe's enumeration, paths, and programs among them", async () => {
    const all = await browse("?maxDepth=9")
    expect(all.map(({ folderType }) => folderType)).to.satisfy((types: string[]) =>
      types.every((type) => FOLDER_TYPES.includes(type)))
    expect(all[0]).to.deep.include({ name: "Marketing Activities", folderType: "Zone", parent: null, isSystem: true,
      path: "/Marketing Activities", url: null })
    expect(all.find(({ id }) => id === 32)).to.deep.include({ folderType: "Marketing Folder",
      parent: { id: 31, type: "Folder" }, path: "/Marketing Activities/Events/Deep/Deeper", isSystem: false })
    expect(all.find(({ id }) => id === SEEDED.programs.webinar)).to.deep.include({ folderType: "Program",
      folderId: { id: 3001, type: "Program" }, path: "/Marketing Activities/Events/Spring Webinar" })
  })

  it("are browsed from a root, two levels deep unless told otherwise", async () => {
    expect(await ids(`?${root(11)}`)).to.include.members([11, 21, 31, 3001]).and.not.to.include(32)
    expect(await ids(`?${root(11)}&maxDepth=0`)).to.deep.equal([11])
    expect(await ids(`?${root(21)}&maxDepth=1`)).to.deep.equal([21, 31, 3001])
    expect(await ids(`?${root(21)}`)).to.deep.equal([21, 31, 32, 3001])
    expect(await ids("?root=21&maxDepth=0")).to.deep.equal([21])
    expect(await ids(`?${root(3001, "Program")}`)).to.deep.equal([3001])
    expect(await ids("?maxDepth=1&workSpace=EMEA")).to.deep.equal([22, 23])
    expect(await ids(`?${root(11)}&maxReturn=2&offset=1`)).to.deep.equal([21, 31])
    expect((await client.get(`/rest/asset/v1/folders.json?${root(99)}`)).code).to.equal("702")
    expect((await client.get("/rest/asset/v1/folders.json?root=x")).code).to.equal("1001")
  })

  it("are found by name in every workspace, narrowed by workspace, type and root", async () => {
    expect(await named("name=Group%20Lists")).to.deep.equal([13, 23])
    expect(await named("name=Group%20Lists&workSpace=EMEA")).to.deep.equal([23])
    expect(await named("name=Group%20Lists&type=Folder")).to.deep.equal([13, 23])
    expect(await named("name=Group%20Lists&type=Program")).to.equal(undefined)
    expect(await named("name=Spring%20Webinar")).to.equal(undefined)
    expect(await named("name=Spring%20Webinar&type=Program")).to.deep.equal([3001])
    expect(await named(`name=Deeper&type=Folder&${root(21)}`)).to.deep.equal([32])
    expect(await named(`name=Deeper&type=Folder&${root(12)}`)).to.equal(undefined)
    expect((await client.get(`/rest/asset/v1/folder/byName.json?name=Deeper&${root(21)}`)).code).to.equal("1002")
    expect((await client.get("/rest/asset/v1/folder/byName.json?name=Deeper&type=Drawer")).code).to.equal("1001")
  })

  it("are found by id and type", async () => {
    const folder = async (path: string) => (await client.get(`/rest/asset/v1/folder/${path}`))
    expect((await folder("21.json?type=Folder")).result[0].name).to.equal("Events")
    expect((await folder("3001.json?type=Program")).result[0].name).to.equal("Spring Webinar")
    expect((await folder("3001.json?type=Folder")).code).to.equal("702")
    expect((await folder("21.json?type=Program")).code).to.equal("702")
  })

  it("of other workspaces are not seen", async () => {
    const scoped = await SandboxClient.start({ customServices: [{ workspaces: ["Default"] }] })
    expect((await scoped.get("/rest/asset/v1/folder/22.json?type=Folder")).code).to.equal("702")
    expect((await scoped.get("/rest/asset/v1/folders.json")).result.map(({ workspace }) => workspace))
      .to.satisfy((workspaces: string[]) => workspaces.every((workspace) => workspace === "Default"))
    await scoped.stop()
  })
})
