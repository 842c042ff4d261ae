import { expect } from "chai"
import { spawnSync } from "child_process"
import * as fs from "fs"
import { tmpdir } from "os"
import * as path from "path"
import * as sinon from "sinon"

import { directoryCheck } from "../../../src/server/probes/directory_check"

describe("directoryCheck", () => {
  let directory: string

  beforeEach(() => { directory = fs.mkdtempSync(path.join(tmpdir(), "test-probe-")) })
  afterEach(() => {
    sinon.restore()
    fs.rmSync(directory, { recursive: true, force: true })
  })

  const problem = async (bytes = 4096) => directoryCheck("spool", "SOME_DIRECTORY", directory, bytes).problem()

  it("passes for a directory that can be written to, and leaves nothing there", async () => {
    expect(await problem()).to.equal(undefined)
    expect(fs.readdirSync(directory)).to.deep.equal([])
  })

  it("names the setting of a directory that is gone, and not its path", async () => {
    fs.rmdirSync(directory)
    expect(await problem()).to.equal("The directory of SOME_DIRECTORY cannot be written to (ENOENT).")
  })

  it("reports a full disk", async () => {
    const open = fs.promises.open.bind(fs.promises)
    sinon.stub(fs.promises, "open").callsFake(async (...given) => {
      const handle = await open(...given)
      sinon.stub(handle, "writeFile").rejects(Object.assign(new Error("no space"), { code: "ENOSPC" }))
      return handle
    })
    expect(await problem()).to.equal("The directory of SOME_DIRECTORY is full (ENOSPC).")
    expect(fs.readdirSync(directory)).to.deep.equal([])
  })

  it("sees a real file system fill up and have room again, where one can be mounted", async function() {
    const mounted = process.platform === "linux" &&
      spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", directory]).status === 0
    if (!mounted) {
      this.skip()
    }
    try {
      expect(await problem(512 * 1024)).to.equal(undefined)
      fs.writeFileSync(path.join(directory, "other"), Buffer.alloc(700 * 1024))
      // Some bytes of it could be written.
      expect(await problem(512 * 1024)).to.equal("The directory of SOME_DIRECTORY is full (ENOSPC).")
      fs.rmSync(path.join(directory, "other"))
      expect(await problem(512 * 1024)).to.equal(undefined)
    } finally {
      spawnSync("umount", [directory])
    }
  })
})
