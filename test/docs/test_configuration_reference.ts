import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"
import { ACTION_VARIABLES } from "../../src/actions/setting_checks"
import { hubConfiguration } from "../../src/config"
import { coordinationSettings } from "../../src/hub/coordination/coordination_settings"
import { HUB_VARIABLES } from "../../src/hub/known_variables"
import { SettingsReader } from "../../src/hub/settings"
import { readerSettings, streamSettings } from "../../src/hub/stream/stream_settings"
import { metricsSettings } from "../../src/observability/metrics_settings"
import { hubIdentity, serverSettings } from "../../src/server/server_settings"
import { executionSettings } from "../../src/xpc/execution_settings"

const ROOT = path.join(__dirname, "..", "..")
const VARIABLE = /\b(?:ACTION_HUB_[A-Z0-9_]+|MARKETO_[A-Z0-9_]+|ACTION_WHITELIST|CIPHER_MASTER|PORT|HTTPS?_PROXY|NO_PROXY)\b/g

/** Variables that the hub does not read, or that are of use to contributors alone. */
const ELSEWHERE: Record<string, "for one command" | "for contributors" | "of upstream's hub"> = {
  MARKETO_URL: "for one command",
  MARKETO_CLIENT_ID: "for one command",
  MARKETO_CLIENT_SECRET: "for one command",
  MARKETO_SANDBOX_SPEED: "for contributors",
  ACTION_HUB_RAVEN_DSN: "of upstream's hub",
}

/** Constants of the source whose names look like variables. */
const CONSTANTS = /^MARKETO_(PACE|VARIABLES|CALLS_PER_WINDOW|USUAL_DAILY_QUOTA|TIME_ZONE|CONCURRENT_CALLS_.*)$/

/** Takes note of every variable that is asked for, with its default where that is a number or a flag. */
class RecordingReader extends SettingsReader {
  readonly defaults = new Map<string, string | undefined>()

  constructor() {
    super({})
  }

  override text(name: string): string | undefined {
    if (!this.defaults.has(name)) {
      this.defaults.set(name, undefined)
    }
    return super.text(name)
  }

  override wholeNumber(name: string, rule: { default: number, minimum: number, maximum?: number }): number {
    this.defaults.set(name, String(rule.default))
    return super.wholeNumber(name, rule)
  }

  override flag(name: string, defaultValue: boolean): boolean {
    this.defaults.set(name, String(defaultValue))
    return super.flag(name, defaultValue)
  }
}

describe("docs/configuration.md", () => {
  const reference = read("docs/configuration.md")
  const example = read(".env.example")
  const rows = new Map(reference.split("\n").map((line) => /^\| `([A-Z0-9_]+)` \|([^|]*)\|/.exec(line))
    .filter((match) => match !== null).map((match) => [match[1], match[2].trim()]))

  it("has a row for every variable that the source names, and for no other", () => {
    expect([...rows.keys()].sort()).to.deep.equal(namesInSource().filter((name) => !(name in ELSEWHERE)))
  })

  it("has a row for every name that the hub does not take for misspelt", () => {
    const known = [...HUB_VARIABLES, ...ACTION_VARIABLES].filter((name) => !(name in ELSEWHERE))
    expect(distinct(known)).to.deep.equal(distinct([...rows.keys()]))
  })

  it("has the defaults of the code", () => {
    const reader = new RecordingReader()
    for (const settings of [
      hubIdentity, serverSettings, streamSettings, readerSettings, executionSettings, coordinationSettings,
      metricsSettings,
    ]) {
      settings(reader)
    }
    for (const [name, value] of reader.defaults) {
      if (value !== undefined && value !== rows.get(name)) {
        expect(rows.get(name), name).to.match(/^(the same|Node's own|not set|on at a terminal)$/)
      }
    }
  })

  it("describes what .env.example has, and the other way round", () => {
    const inExample = distinct([...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name))
      .filter((name) => name !== "ENCRYPT_PAYLOAD_AIRTABLE")
    const expected = [...rows.keys(), ...Object.keys(ELSEWHERE).filter((name) => ELSEWHERE[name] === "for one command")]
    expect(distinct(inExample)).to.deep.equal(distinct(expected))
  })

  it("gives numbers as .env.example does", () => {
    for (const [, name, value] of example.matchAll(/^# ([A-Z][A-Z0-9_]+)=(\d+|true|false)$/gm)) {
      if (rows.has(name) && rows.get(name) !== "not set") {
        expect(rows.get(name), name).to.equal(value)
      }
    }
  })

  it("describes an example that starts a hub once the secret is filled in", () => {
    const filled: NodeJS.ProcessEnv = {}
    for (const [, name, value] of example.replace(/^# (?=[A-Z][A-Z0-9_]+=)/gm, "").matchAll(/^([A-Z0-9_]+)=(.*)$/gm)) {
      filled[name] = value.replace(/^"(.*)"$/, "$1")
    }
    expect(() => hubConfiguration({ ...filled, ACTION_HUB_SECRET: "s".repeat(64) }, false)).not.to.throw()
  })
})

function namesInSource(): string[] {
  const names = sources(path.join(ROOT, "src")).flatMap((file) => fs.readFileSync(file, "utf8").match(VARIABLE) ?? [])
  return distinct(names).filter((name) => !CONSTANTS.test(name) && !name.endsWith("_"))
}

function sources(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? sources(file) : entry.name.endsWith(".ts") ? [file] : []
  })
}

function distinct(names: string[]): string[] {
  return [...new Set(names)].sort()
}

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8")
}
