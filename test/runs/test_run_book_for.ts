import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import { hubFolder, runBookFor } from "../../src/runs/run_book_for"

describe("The folder of a hub's runs", () => {
  let stateDirectory: string

  beforeEach(() => { stateDirectory = fs.mkdtempSync(path.join(os.tmpdir(), "run-book-for-")) })
  afterEach(() => fs.rmSync(stateDirectory, { recursive: true }))

  async function open(secret: string, previous?: string): Promise<string[]> {
    await runBookFor({
      settings: {}, place: { stateDirectory }, folder: hubFolder(secret), baseUrl: () => "https://hub.example.com",
      formerFolder: previous === undefined ? undefined : hubFolder(previous),
    })
    const runs = path.join(stateDirectory, hubFolder(secret), "runs")
    return fs.readdirSync(runs)
  }

  it("is taken over when the secret has been changed", async () => {
    await open("old")
    fs.writeFileSync(path.join(stateDirectory, hubFolder("old"), "runs", "a-record"), "")
    expect(await open("new", "old")).to.deep.equal(["a-record"])
    expect(fs.readdirSync(stateDirectory)).to.deep.equal([hubFolder("new")])
    expect(await open("new")).to.deep.equal(["a-record"])
  })

  it("is left alone where the new one is there already, or the old one is not", async () => {
    await open("new")
    await open("old")
    await open("new", "old")
    expect(fs.readdirSync(stateDirectory)).to.have.members([hubFolder("new"), hubFolder("old")])
    expect(await open("newer", "none")).to.deep.equal([])
  })
})
