import { expect } from "chai"
import { execFile } from "child_process"
import * as path from "path"
import { promisify } from "util"

describe("A hub that has started", function () {
  this.timeout(60_000)

  it("opens and loads no file for any kind of request", async () => {
    const program = path.join(__dirname, "programs", "hub_that_counts_files.ts")
    const { stdout } = await promisify(execFile)(process.execPath, ["-r", "ts-node/register/transpile-only", program])
    // What it logs goes there, too, a line each.
    const found = stdout.split("\n").at(-1) ?? ""
    expect(JSON.parse(found)).to.deep.equal([])
  })
})
