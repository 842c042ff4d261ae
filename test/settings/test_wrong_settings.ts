import { expect } from "chai"
import * as fs from "fs"
import * as os from "os"
import * as path from "path"

import { ACTION_VARIABLES } from "../../src/actions/setting_checks"
import { hubConfiguration } from "../../src/config"
import { HUB_VARIABLES } from "../../src/hub/known_variables"
import { SettingsError } from "../../src/hub/settings"

const COMPLETE: NodeJS.ProcessEnv = {
  ACTION_HUB_BASE_URL: "https://hub.example.com", ACTION_HUB_LABEL: "Hub", ACTION_HUB_SECRET: "s".repeat(32),
}

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "wrong-settings-"))
const file = path.join(directory, "file")
const MISSING = path.join(directory, "missing")

/** Numbers: the words of the rule. */
const wholeNumber = (from: number, to?: number) =>
  `set a whole number, ${from} ${to === undefined ? "or more" : `to ${to}`}`
const TIMER_SECONDS = 2_147_483
const NOT_A_FLAG = ": set true or false"

/** Values that each variable refuses, with what the message says besides the name. `hush` must never be repeated. */
const WRONG: { [variable: string]: [value: string, says: string][] } = {
  ACTION_HUB_BASE_URL: [
    ["", "is not set: set the URL"], ["hub.example.com", "is not a URL: set a URL such as https://"],
    ["ftp://hub.example.com", "is neither http nor https"], ["localhost:8080", "is neither http nor https"],
    ["https://hub.example.com/?a=hush", "contains a query"],
    ["https://hub.example.com/#hush", "contains a query or a fragment"],
    ["https://u:hush@hub.example.com", "contains a user name"],
    ["https://hub.example.com/status", "ends with the path of a page of the hub"],
    ["https://hub.example.com/x/actions/marketo/execute/", "ends with the path of a page of the hub"],
  ],
  ACTION_HUB_LABEL: [[" ", "is not set: set the name"]],
  ACTION_HUB_SECRET: [
    ["", "is not set: set a long random text"],
    ["hush", "has fewer than 32 characters: set a long random text, such as the output of: openssl rand -hex 32. " +
      "So that tokens which Looker has stay valid meanwhile, set ACTION_HUB_SECRET_PREVIOUS to the present one"],
    ["hush".repeat(7), "has fewer than 32 characters"],
  ],
  ACTION_HUB_SECRET_PREVIOUS: [["s".repeat(32), "is the same as ACTION_HUB_SECRET: set ACTION_HUB_SECRET to"]],
  PORT: [["http", wholeNumber(0, 65535)], ["65536", wholeNumber(0, 65535)]],
  ACTION_HUB_HOST: [
    ["http://127.0.0.1", "without http:// and port"], ["127.0.0.1:8080", "without http:// and port; the port is PORT"],
    ["[::1]", "set an address of this machine alone"],
  ],
  ACTION_HUB_SOCKET_TIMEOUT: [["-1", "set a whole number, 0 to"]],
  ACTION_HUB_JSON_KEEPALIVE_SEC: [["0", wholeNumber(1, TIMER_SECONDS)], ["often", wholeNumber(1, TIMER_SECONDS)]],
  ACTION_HUB_BODY_LIMIT_MB: [["0", wholeNumber(1, 500)], ["501", wholeNumber(1, 500)]],
  ACTION_HUB_BODIES_LIMIT_MB: [["249", wholeNumber(250)]],
  ACTION_HUB_SHUTDOWN_GRACE_SECONDS: [["1.5", wholeNumber(0, TIMER_SECONDS)]],
  ACTION_HUB_SHUTDOWN_DELAY_SECONDS: [["soon", "set a whole number, 0 to"]],
  ACTION_HUB_TRUST_PROXY: [["true", "set the number of proxies"], ["10.0.0.0/33", "set the number of proxies"]],
  ACTION_HUB_DEVELOPMENT: [["perhaps", NOT_A_FLAG]],
  ACTION_HUB_DEBUG: [["false", "but any value switches it on: unset it"]],
  ACTION_HUB_DEBUG_ENDPOINT: [["0", "but any value switches it on: unset it"]],
  ACTION_HUB_LOG_FORMAT: [["xml", ": set one of text, json"]],
  CIPHER_MASTER: [["hush", "is not a key of 32 bytes: set 64 hexadecimal digits"]],
  ENCRYPT_PAYLOAD_AIRTABLE: [["True", NOT_A_FLAG], ["yes", NOT_A_FLAG]],
  ACTION_HUB_ENABLE_FORKING: [["nope", NOT_A_FLAG]],
  ACTION_HUB_EXECUTE_PROCESS_COUNT: [["x", wholeNumber(1, 1000)], ["0", wholeNumber(1, 1000)]],
  ACTION_HUB_RUNS_PER_PROCESS: [["1001", wholeNumber(1, 1000)]],
  ACTION_HUB_EXECUTE_TIMEOUT_SECONDS: [["1h", wholeNumber(1, 1000000)]],
  ACTION_HUB_STOP_GRACE_SECONDS: [["3601", wholeNumber(0, 3600)]],
  ACTION_HUB_EXECUTE_PROCESS_MEMORY_MB: [["95", wholeNumber(96)], ["64M", wholeNumber(96)]],
  ACTION_HUB_UNRESPONSIVE_SECONDS: [["0", wholeNumber(1, 3600)]],
  ACTION_HUB_UNRESPONSIVE_LIMIT_SECONDS: [["0", wholeNumber(1, 1000000)]],
  ACTION_HUB_START_LIMIT_SECONDS: [["0", wholeNumber(1, 3600)]],
  ACTION_HUB_REDIS_URL: [
    ["redis.example.com:6379", "is neither redis nor rediss: set a URL such as rediss://"], ["//hush", "is not a URL"],
    ["redis://redis/hush", "has a path that is not the number of a database"],
  ],
  ACTION_HUB_REDIS_REQUIRED: [["maybe", NOT_A_FLAG]],
  ACTION_HUB_STATE_DIRECTORY: [
    [MISSING, "which does not exist: create it, or set another directory"], [file, "is not a directory"],
  ],
  ACTION_HUB_REPORTS: [["ture", NOT_A_FLAG]],
  ACTION_HUB_REPORTS_DAYS: [["366", wholeNumber(1, 365)]],
  ACTION_HUB_REPORTS_ALL_ROWS: [["all", NOT_A_FLAG]],
  ACTION_HUB_REPORT_LIMIT_MB: [["1001", wholeNumber(1, 1000)]],
  ACTION_HUB_REPORTS_LIMIT_MB: [["19", wholeNumber(20)]],
  ACTION_HUB_ALERT_URL: [
    ["alerts.example.com/hush", "is not a URL of http or https: set the address"],
    ["mailto:hush@example.com", "is not a URL of http or https"],
  ],
  ACTION_HUB_ALERT_SECRET: [["whsec_hush!", "begins with whsec_, but is not a key in base64"]],
  ACTION_HUB_ALERT_ON: [["failures", ": set one of failure, change, always"]],
  ACTION_HUB_ALERT_FORMAT: [["teams", ": set one of cloudevents, slack"]],
  ACTION_HUB_ALERTS_PER_HOUR: [["0", wholeNumber(1, 3600)]],
  ACTION_HUB_METRICS: [["prometheus", NOT_A_FLAG]],
  ACTION_HUB_METRICS_TOKEN: [
    ["hush", "is shorter than"], ["hush and hush and hush", "has characters that a bearer token cannot have"],
    ["hush\u00e9".repeat(4), "has characters that a bearer token cannot have"],
  ],
  ACTION_HUB_METRICS_PORT: [
    ["65536", wholeNumber(0, 65535)], ["8080", "which is the hub's own PORT: set another one"],
  ],
  ACTION_HUB_CONSOLE: [["public", NOT_A_FLAG]],
  ACTION_HUB_CONSOLE_REPORTS: [["maybe", NOT_A_FLAG]],
  ACTION_HUB_PLAYGROUND: [["2", NOT_A_FLAG]],
  ACTION_HUB_PLAYGROUND_STAND_IN: [["http://marketo.example.com", "set the address of a stand-in on this"]],
  ACTION_HUB_STREAM_REQUEST_TIMEOUT: [["13min", "set a whole number, 1 to"]],
  ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT: [["0", "set a whole number, 1 to"]],
  ACTION_HUB_STREAM_CONNECT_TIMEOUT: [["0", "set a whole number, 1 to"]],
  ACTION_HUB_STREAM_TOTAL_TIMEOUT: [["99999999999", "set a whole number, 0 to"]],
  ACTION_HUB_STREAM_ALLOWED_HOSTS: [
    ["https://looker.example.com", "list hosts as host, host:port or *.domain, separated by commas, without https://"],
    ["ok.example.com, looker.example.com/x", "has \"looker.example.com/x\": list hosts"],
    ["looker.example.com looker2.example.com", "separated by commas"], ["*", "list hosts as"],
    ["looker.*.example.com", "list hosts as"], ["looker.example.com:https", "list hosts as"],
  ],
  ACTION_HUB_SPOOL: [["disk", NOT_A_FLAG]],
  ACTION_HUB_SPOOL_DIRECTORY: [[MISSING, "which does not exist"], [file, "is not a directory"]],
  ACTION_HUB_SPOOL_MEMORY_BYTES: [["4MiB", wholeNumber(65536)], ["1", wholeNumber(65536)]],
  ACTION_HUB_SPOOL_MAX_BYTES: [["0", wholeNumber(65536)]],
  ACTION_HUB_SPOOLS_LIMIT_MB: [["15", wholeNumber(16)]],
  ACTION_HUB_STREAM_WAITING_ROWS_BYTES: [["-1", wholeNumber(0)]],
  HTTPS_PROXY: [
    ["socks5://hush@proxy.example.com", "is not the address of an HTTP proxy: set an address such as"],
    ["http://pro xy:hush", "is not an address"], ["http://proxy:3128/path", "has something after host and port"],
  ],
  HTTP_PROXY: [["ftp://proxy.example.com", "is not the address of an HTTP proxy"]],
  MARKETO_CALLS_PER_20_SECONDS: [["0", "set a whole number from 1 to 10000"]],
  MARKETO_CONCURRENT_CALLS: [["101", "set a whole number from 1 to 100"]],
  MARKETO_DAILY_QUOTA: [["50k", "set a whole number from 1 to 1000000000"]],
  MARKETO_DAILY_RESERVE: [["50000", "which leaves nothing of the 50000 calls a day"]],
  MARKETO_MESSAGE_JSON: [["flase", NOT_A_FLAG]],
  MARKETO_ALLOWED_HOSTS: [
    ["https://proxy.example.com", "list hosts as host or host:port, separated by commas, without https://"],
    ["*.example.com", "list hosts as host or host:port"],
  ],
  MARKETO_SANDBOX_SPEED: [["fast", "set a whole number from 1 to 10000"]],
}

/** Variables that take any text, and why that is so. */
const NEVER_WRONG: { [variable: string]: string } = {
  ACTION_WHITELIST: "the names of actions are known only once these are loaded, which warns of others",
  ACTION_HUB_REDIS_PREFIX: "Redis takes any name",
  ACTION_HUB_RAVEN_DSN: "it is not read",
  NO_PROXY: "it is the system's, and other programs know more forms of it",
  MARKETO_URL: "the hub does not read it; npm run check does",
  MARKETO_CLIENT_ID: "the hub does not read it; npm run check does",
  MARKETO_CLIENT_SECRET: "the hub does not read it; npm run check does",
}

describe("A setting that is wrong", () => {
  before(() => fs.writeFileSync(file, ""))
  after(() => fs.rmSync(directory, { recursive: true }))

  it("is in the table below, whichever it is", () => {
    expect([...Object.keys(WRONG), ...Object.keys(NEVER_WRONG)].sort())
      .to.deep.equal([...HUB_VARIABLES, ...ACTION_VARIABLES, "ENCRYPT_PAYLOAD_AIRTABLE"].sort())
  })

  for (const [name, values] of Object.entries(WRONG)) {
    for (const [value, says] of values) {
      it(`is refused with its name and a remedy: ${name}=${value.replace(directory, "")}`, () => {
        const problems = problemsOf({ ...COMPLETE, [name]: value })
        expect(problems).to.have.length(1)
        expect(problems[0]).to.match(new RegExp(`^${name} `)).and.contain(says).and.match(/\b(un)?set\b|\blist\b/)
        expect(problems[0]).to.not.contain("hush")
      })
    }
  }

  for (const [name, values] of Object.entries(WRONG)) {
    const [value] = values.map(([each]) => each).filter((each) => each.trim() !== "")
    if (value !== undefined) {
      it(`is refused likewise when it stands in a file: ${name}_FILE`, () => {
        const given = path.join(directory, "given")
        fs.writeFileSync(given, `${value}\n`)
        const [problem, ...others] = problemsOf({ ...COMPLETE, [name]: undefined, [`${name}_FILE`]: given })
        expect(others).to.deep.equal([])
        expect(problem).to.contain(`${name}, from the file ${given} of ${name}_FILE, `)
      })
    }
  }

  it("is named with all others in one message", () => {
    const wrong = Object.entries(WRONG).map(([name, values]) => [name, values[0][0]])
    const problems = problemsOf(Object.fromEntries(wrong) as NodeJS.ProcessEnv)
    for (const [name] of wrong.filter(([each]) => each !== "ACTION_HUB_SECRET_PREVIOUS")) {
      expect(problems.filter((problem) => problem.startsWith(`${name} `)), name).to.have.length(1)
    }
  })

  it("may be any text for the others", () => {
    const others = Object.fromEntries(Object.keys(NEVER_WRONG).map((name) => [name, "any text / at all"]))
    expect(problemsOf({ ...COMPLETE, ...others })).to.deep.equal([])
  })

  it("is not said to be missing when its file cannot be read", () => {
    const problems = problemsOf({ ...COMPLETE, ACTION_HUB_SECRET: undefined, ACTION_HUB_SECRET_FILE: MISSING })
    expect(problems).to.have.length(1)
    expect(problems[0]).to.match(/^ACTION_HUB_SECRET_FILE names the file .*, which does not exist \(ENOENT\)/)
  })

  it("keeps the hub from development mode when its file cannot be read", () => {
    expect(problemsOf({ ACTION_HUB_SECRET_FILE: MISSING }, true).join()).to.contain("ACTION_HUB_BASE_URL is not set")
  })
})

/** Returns what is wrong; nothing if the settings are accepted. */
function problemsOf(environment: NodeJS.ProcessEnv, isTerminal = false): string[] {
  try {
    hubConfiguration(environment, isTerminal)
    return []
  } catch (refusal) {
    expect(refusal).to.be.instanceOf(SettingsError)
    return (refusal as SettingsError).problems
  }
}
