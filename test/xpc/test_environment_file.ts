import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import { readSettings, SettingsError } from "../../src/hub/settings"
import {
  forgetHubSecrets, HUB_ONLY, loadEnvironment, loadEnvironmentFile, readVariableFiles,
} from "../../src/xpc/environment_file"
import { EXECUTE_PROCESS, processStart } from "../../src/xpc/process_start"
import { executionSettings } from "../../src/xpc/execution_settings"

describe("The environment of a process", () => {
  const before = { ...process.env }
  const cwd = process.cwd()
  let directory: string

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "environment-file-"))
    process.chdir(directory)
    HUB_ONLY.forEach((name) => { delete process.env[name] })
  })

  afterEach(() => {
    process.chdir(cwd)
    fs.rmSync(directory, { recursive: true })
    Object.keys(process.env).filter((name) => !(name in before)).forEach((name) => { delete process.env[name] })
    Object.assign(process.env, before)
  })

  function write(name: string, content: string): string {
    fs.writeFileSync(name, content)
    return path.join(directory, name)
  }

  it("has what the file .env says, where it does not say otherwise itself", () => {
    process.env.ACTION_HUB_LABEL = "real"
    write(".env", "ACTION_HUB_LABEL=\"of the file\"\nACTION_HUB_SECRET=\"of the file\"\n")
    loadEnvironmentFile()
    expect(process.env.ACTION_HUB_LABEL).to.equal("real")
    expect(process.env.ACTION_HUB_SECRET).to.equal("of the file")
  })

  it("has what files say that variables name, be it in .env or not", () => {
    process.env.ACTION_HUB_SECRET_FILE = write("secret", "s\n")
    write(".env", `CIPHER_MASTER_FILE=${write("key", "k\n")}\nMARKETO_URL_FILE=${write("url", "u\n")}\n`)
    loadEnvironment(["MARKETO_URL"])
    const { ACTION_HUB_SECRET, ACTION_HUB_SECRET_FILE, CIPHER_MASTER, MARKETO_URL } = process.env
    expect([ACTION_HUB_SECRET, ACTION_HUB_SECRET_FILE, CIPHER_MASTER, MARKETO_URL])
      .to.deep.equal(["s", undefined, "k", "u"])
  })

  for (const [real, inFile] of [
    ["ACTION_HUB_SECRET", "ACTION_HUB_SECRET_FILE"], ["ACTION_HUB_SECRET_FILE", "ACTION_HUB_SECRET"],
  ]) {
    it(`itself goes before .env also where it has ${real} and the file ${inFile}`, () => {
      process.env[real] = real.endsWith("_FILE") ? write("secret", "real") : "real"
      write(".env", `${inFile}=other\n`)
      loadEnvironment()
      expect(process.env.ACTION_HUB_SECRET).to.equal("real")
    })
  }

  it("is refused when both are set in one place, or a file cannot be read, with all of it in one message", () => {
    write(".env", "ACTION_HUB_SECRET=a\nACTION_HUB_SECRET_FILE=b\nCIPHER_MASTER_FILE=/none\n")
    expect(() => loadEnvironment()).to.throw(SettingsError,
      /ACTION_HUB_SECRET and ACTION_HUB_SECRET_FILE are both set[^]*CIPHER_MASTER_FILE names the file \/none/)
  })

  it("is refused when .env is there and cannot be read", () => {
    fs.mkdirSync(".env")
    expect(() => loadEnvironmentFile()).to.throw(SettingsError, /The file \.env in .* cannot be read \(EISDIR\)/)
  })

  it("of actions has none of the hub's own secrets, and does not say where they are", () => {
    HUB_ONLY.forEach((name) => { process.env[name] = "hush" })
    process.env.CIPHER_MASTER = "for actions"
    const { env } = processStart(EXECUTE_PROCESS, readSettings(executionSettings, {}))
    expect(JSON.stringify(env)).to.contain("for actions").and.not.contain("hush")

    // What the file .env has comes back when the process starts.
    write(".env", HUB_ONLY.map((name) => `${name}=hush\n`).join(""))
    HUB_ONLY.forEach((name) => { delete process.env[name] })
    loadEnvironmentFile()
    forgetHubSecrets()
    readVariableFiles()
    expect(JSON.stringify(process.env)).to.not.contain("hush")
    expect(HUB_ONLY).to.include.members(["ACTION_HUB_SECRET_PREVIOUS", "ACTION_HUB_SECRET_PREVIOUS_FILE"])
  })
})
