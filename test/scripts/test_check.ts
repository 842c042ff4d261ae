import { expect } from "chai"
import { spawn } from "child_process"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import { HubUnderTest, ScriptedAction, SECRET } from "../server/hub_under_test"

const SCRIPT = path.resolve(__dirname, "..", "..", "scripts", "check.js")

describe("scripts/check.js", () => {
  const hub = new HubUnderTest()
  let directory: string

  before(async () => hub.start([new ScriptedAction()]))
  after(async () => hub.stop())
  beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), "check-script-")) })
  afterEach(() => fs.rmSync(directory, { recursive: true }))

  async function run(environmentFile: string): Promise<{ exitCode: number | null, output: string }> {
    fs.writeFileSync(path.join(directory, ".env"), environmentFile)
    const child = spawn(process.execPath, [SCRIPT], { cwd: directory, env: { PATH: process.env.PATH } })
    let output = ""
    child.stdout.on("data", (chunk: Buffer) => { output += chunk.toString() })
    const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve))
    return { exitCode, output }
  }

  it("ends with 0 when nothing failed, with settings from .env", async () => {
    const { exitCode, output } = await run(`ACTION_HUB_BASE_URL=http://127.0.0.1:${hub.port}\n` +
      `ACTION_HUB_LABEL=Hub\nACTION_HUB_SECRET="${SECRET}"\n`)
    expect(output).to.match(/^ok +Settings +All settings of Hub are valid\.$/m).and.match(/^ok +Base URL +Hub answers at/m)
      .and.match(/\nNothing failed\.\n$/).and.not.contain(SECRET)
    expect(exitCode).to.equal(0)
  })

  it("ends with 1 when something failed", async () => {
    const { exitCode, output } = await run("ACTION_HUB_LABEL=Hub\nACTION_HUB_SECRET_FILE=none\n")
    expect(output).to.match(/^fail +Settings +ACTION_HUB_SECRET_FILE names the file none, which does not exist/m)
    expect(exitCode).to.equal(1)
  })
})
