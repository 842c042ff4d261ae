import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import { announceDevelopmentHub, runningDevelopmentHub } from "../src/development_hub"

describe("The word that a hub in development leaves", () => {
  let directory: string
  const hub = { url: "http://localhost:1", secret: "hush", processId: process.pid }
  const exitListeners = process.listeners("exit")

  beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), "development-hub-")) })
  afterEach(() => {
    process.listeners("exit").filter((each) => !exitListeners.includes(each))
      .forEach((each) => process.removeListener("exit", each))
    fs.rmSync(directory, { recursive: true })
  })

  const file = () => path.join(directory, fs.readdirSync(directory)[0])

  it("is for its own user alone", () => {
    expect(runningDevelopmentHub(directory)).to.equal(undefined)
    announceDevelopmentHub(directory, hub)
    expect(runningDevelopmentHub(directory)).to.deep.equal(hub)
    expect(fs.statSync(file()).mode & 0o777).to.equal(0o600)
  })

  it("is not believed when others may read it, when it is a link, and when its hub is gone", () => {
    announceDevelopmentHub(directory, hub)
    fs.chmodSync(file(), 0o644)
    expect(runningDevelopmentHub(directory)).to.equal(undefined)
    announceDevelopmentHub(directory, hub)
    expect(runningDevelopmentHub(directory)).to.deep.equal(hub)
    const target = path.join(directory, "zzz")
    fs.renameSync(file(), target)
    fs.symlinkSync(target, path.join(directory, `action-hub-development-${process.getuid?.() ?? "user"}.json`))
    expect(runningDevelopmentHub(directory)).to.equal(undefined)
    announceDevelopmentHub(directory, { ...hub, processId: 2 ** 30 })
    expect(runningDevelopmentHub(directory)).to.equal(undefined)
  })
})
