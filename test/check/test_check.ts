import { expect } from "chai"
import * as fs from "fs"
import * as http from "http"
import type { AddressInfo } from "net"
import * as os from "os"
import * as path from "path"

import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { signatureHeaders } from "../../src/alerts/signature"
import { check } from "../../src/check/check"
import { exitCodeFor, Finding, report } from "../../src/check/finding"
import { checkMarketo } from "../../src/check/marketo_check"
import { HubUnderTest, ScriptedAction, SECRET } from "../server/hub_under_test"
import { describeWithRedis, RedisServer } from "../support/redis_server"

/** A port at which nobody listens. */
const NOWHERE = "127.0.0.1:1"

const CONFIGURED: NodeJS.ProcessEnv = {
  ACTION_HUB_BASE_URL: `http://${NOWHERE}`, ACTION_HUB_LABEL: "Hub", ACTION_HUB_SECRET: SECRET,
}

async function findingsOf(
  environment: NodeJS.ProcessEnv, { wantsTestAlert = false }: { wantsTestAlert?: boolean } = {},
): Promise<Finding[]> {
  return check(environment, { isTerminal: false, wantsTestAlert })
}

function only(subject: string, findings: Finding[]): Finding {
  const [found, ...others] = findings.filter((each) => each.subject === subject)
  expect(others).to.deep.equal([])
  return found
}

/** A server on this machine that answers everything alike, and notes what it was asked. */
class Receiver {
  readonly requests: { method?: string, headers: http.IncomingHttpHeaders, body: string }[] = []
  status = 204
  body = ""
  private readonly server = http.createServer((request, response) => {
    let body = ""
    request.on("data", (chunk: Buffer) => { body += chunk.toString() })
    request.on("end", () => {
      this.requests.push({ method: request.method, headers: request.headers, body })
      response.writeHead(this.status).end(this.body)
    })
  })

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => { this.server.listen(0, "127.0.0.1", resolve) })
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

describe("npm run check", () => {
  const receiver = new Receiver()
  before(async () => receiver.start())
  after(async () => receiver.stop())
  beforeEach(() => {
    receiver.requests.length = 0
    Object.assign(receiver, { status: 204, body: "" })
  })

  it("says everything that is wrong with the settings, and what was therefore not checked", async () => {
    const findings = await findingsOf({ PORT: "p", ACTION_HUB_REDIS_URL: "hush", ACTION_HUB_SECERT: "hush" })
    const settings = findings.filter(({ subject }) => subject === "Settings")
    expect(settings.every(({ verdict }) => verdict === "fail")).to.equal(true)
    expect(settings.map(({ text }) => text).join("\n")).to.contain("PORT is \"p\": set a whole number")
      .and.contain("ACTION_HUB_REDIS_URL is not a URL").and.contain("did you mean ACTION_HUB_SECRET?")
      .and.contain("ACTION_HUB_BASE_URL is not set").and.not.contain("hush")
    expect(only("Redis", findings)).to.include({ verdict: "skip", text: "Not checked, since its settings are wrong." })
    expect(only("Base URL", findings)).to.include({ verdict: "skip" })
    expect(exitCodeFor(findings)).to.equal(1)
  })

  it("reads values from files, and says of nothing that is not set that it fails", async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "check-")), "secret")
    fs.writeFileSync(file, `${SECRET}\n`)
    const findings = await findingsOf({ ...CONFIGURED, ACTION_HUB_SECRET: undefined, ACTION_HUB_SECRET_FILE: file })
    fs.rmSync(path.dirname(file), { recursive: true })
    expect(findings[0]).to.deep.equal({ verdict: "ok", subject: "Settings", text: "All settings of Hub are valid." })
    for (const subject of ["Marketo", "Redis", "Alerts"]) {
      expect(only(subject, findings)).to.include({ verdict: "skip" })
    }
  })

  it("warns of what works and is not right yet", async () => {
    const findings = await findingsOf({
      ...CONFIGURED, ACTION_HUB_SECRET_PREVIOUS: "short", ACTION_WHITELIST: "markteo",
    })
    const warnings = findings.filter(({ verdict }) => verdict === "warn").map(({ text }) => text).join("\n")
    expect(warnings).to.contain("ACTION_HUB_BASE_URL is not https").and.contain("unset it once Looker has new ones")
      .and.contain("does not have: markteo").and.contain("Did you mean marketo?").and.not.contain("short")
  })

  it("prints a line for each finding, and the outcome", () => {
    const findings: Finding[] = [
      { verdict: "ok", subject: "Settings", text: "Fine." }, { verdict: "skip", subject: "Redis", text: "Not\nthere." },
    ]
    expect(report(findings)).to.equal("ok    Settings  Fine.\nskip  Redis     Not there.\n\nNothing failed.\n")
    expect(exitCodeFor(findings)).to.equal(0)
    expect(report([{ verdict: "fail", subject: "Redis", text: "Gone." }])).to.contain("\n1 of 1 checks failed.\n")
  })

  describe("of Marketo", () => {
    let sandbox: MarketoSandbox
    let instance: NodeJS.ProcessEnv

    before(async () => { sandbox = await MarketoSandbox.start() })
    after(async () => sandbox.stop())
    beforeEach(() => {
      forgetConnections()
      sandbox.reset()
      instance = {
        MARKETO_URL: sandbox.url, MARKETO_CLIENT_ID: sandbox.clientId, MARKETO_CLIENT_SECRET: sandbox.clientSecret,
        MARKETO_ALLOWED_HOSTS: "127.0.0.1",
      }
    })

    it("signs in and reads, and changes nothing", async () => {
      const { verdict, text } = only("Marketo", await findingsOf({ ...CONFIGURED, ...instance }))
      expect(verdict).to.equal("ok")
      expect(text).to.match(/^Signed in at 127\.0\.0\.1:\d+ as \S+@\S+, who may read \d+ lead fields\. \d+ API calls? used/)
    })

    for (const [what, wrong, says] of [
      ["the secret is wrong", { MARKETO_CLIENT_SECRET: "hush" }, /Client Secret/],
      ["a variable is missing", { MARKETO_CLIENT_ID: "" }, /^Set MARKETO_CLIENT_ID, in the environment/],
      ["the URL is none of Marketo's", { MARKETO_URL: "https://example.com" }, /^MARKETO_URL is not the address of/],
      ["nobody is there", { MARKETO_URL: `http://${NOWHERE}` }, /^Marketo could not be reached at 127\.0\.0\.1:1: .*Check/],
    ] as [string, NodeJS.ProcessEnv, RegExp][]) {
      it(`says what to do when ${what}`, async () => {
        const [{ verdict, text }] = await checkMarketo({ ...instance, ...wrong })
        expect(verdict).to.equal("fail")
        expect(text).to.match(says).and.not.contain("hush")
      })
    }

    it("says which permission is missing", async () => {
      sandbox.addFault({ match: { operation: "describeLeads2" }, effect: { kind: "error", code: "603" } })
      const [{ verdict, text }] = await checkMarketo(instance)
      expect(verdict).to.equal("fail")
      expect(text).to.contain("lacks the permission")
    })

    it("does not wait for ever", async () => {
      sandbox.addFault({ match: { operation: "describeLeads2" }, effect: { kind: "hang" } })
      const [{ verdict, text }] = await checkMarketo(instance, 200)
      expect(verdict).to.equal("fail")
      expect(text).to.contain("gave no answer")
    })
  })

  describeWithRedis("of Redis", () => {
    const redis = new RedisServer({ requirepass: "hush" })
    before(async () => redis.start())
    after(async () => redis.remove())

    it("lets the hub in, and leaves nothing there", async () => {
      await redis.say("CONFIG SET maxmemory-policy noeviction")
      const found = only("Redis", await findingsOf({ ...CONFIGURED, ACTION_HUB_REDIS_URL: redis.url }))
      const text = `Redis answers at 127.0.0.1:${redis.port}, and lets the hub in.`
      expect(found).to.include({ verdict: "ok", text })
      expect(await redis.say("DBSIZE")).to.equal(":0")
    })

    it("warns of one that drops data", async () => {
      await redis.say("CONFIG SET maxmemory-policy allkeys-lru")
      const found = only("Redis", await findingsOf({ ...CONFIGURED, ACTION_HUB_REDIS_URL: redis.url }))
      expect(found.verdict).to.equal("warn")
      expect(found.text).to.contain("which is allkeys-lru, to noeviction")
    })

    it("says why it cannot be used, without the password", async () => {
      for (const [url, reason] of [
        [redis.url.replace("hush", "hush2"), "does not accept the user or password"],
        [`redis://:hush@${NOWHERE}`, "refuses connections"],
      ]) {
        const { verdict, text } = only("Redis", await findingsOf({ ...CONFIGURED, ACTION_HUB_REDIS_URL: url }))
        expect(verdict).to.equal("fail")
        expect(text).to.contain(reason).and.contain("Check ACTION_HUB_REDIS_URL").and.not.contain("hush")
      }
    })
  })

  describe("of the receiver of alerts", () => {
    const alerts = () => ({ ...CONFIGURED, ACTION_HUB_ALERT_URL: `http://${receiver.host}/hush` })

    it("reaches it without sending an alert", async () => {
      receiver.status = 405
      const { verdict, text } = only("Alerts", await findingsOf(alerts()))
      expect(verdict).to.equal("ok")
      expect(text).to.contain("No alert was sent").and.not.contain("hush")
      expect(receiver.requests.map(({ method, body }) => [method, body])).to.deep.equal([["HEAD", ""]])
    })

    it("sends one that says it is a test, signed, when it is asked to", async () => {
      const { verdict } = only("Alerts",
        await findingsOf({ ...alerts(), ACTION_HUB_ALERT_SECRET: "key" }, { wantsTestAlert: true }))
      expect(verdict).to.equal("ok")
      const [{ method, headers, body }] = receiver.requests
      expect(method).to.equal("POST")
      expect(JSON.parse(body)).to.include({ type: "actionhub.test", source: CONFIGURED.ACTION_HUB_BASE_URL })
      const time = Number(headers["webhook-timestamp"]) * 1000
      expect(headers["webhook-signature"])
        .to.equal(signatureHeaders(String(headers["webhook-id"]), body, "key", time)["webhook-signature"])
    })

    it("sends Slack a text", async () => {
      await findingsOf({ ...alerts(), ACTION_HUB_ALERT_FORMAT: "slack" }, { wantsTestAlert: true })
      expect(Object.keys(JSON.parse(receiver.requests[0].body) as object)).to.deep.equal(["text"])
    })

    it("says why it does not take it", async () => {
      receiver.status = 401
      const refused = only("Alerts", await findingsOf(alerts(), { wantsTestAlert: true }))
      expect(refused.verdict).to.equal("fail")
      expect(refused.text).to.contain("answered with status 401").and.contain("Check ACTION_HUB_ALERT_URL")
      const gone = only("Alerts", await findingsOf({ ...CONFIGURED, ACTION_HUB_ALERT_URL: `http://${NOWHERE}/hush` }))
      expect(gone.verdict).to.equal("fail")
      expect(gone.text).to.contain("ECONNREFUSED").and.not.contain("hush")
    })
  })

  describe("of the base URL", () => {
    const hub = new HubUnderTest()
    before(async () => hub.start([new ScriptedAction()]))
    after(async () => hub.stop())

    async function found(environment: NodeJS.ProcessEnv): Promise<Finding> {
      return only("Base URL", await findingsOf({ ...CONFIGURED, ...environment }))
    }

    it("finds this hub, as Looker would", async () => {
      const { verdict, text } = await found({ ACTION_HUB_BASE_URL: `http://127.0.0.1:${hub.port}/` })
      expect(verdict).to.equal("ok")
      expect(text).to.match(/^Hub answers at http:\/\/127\.0\.0\.1:\d+ \(version \d+\.\d+\.\d+\) and accepts this secret's/)
    })

    it("tells another hub by its secret", async () => {
      const { verdict, text } = await found({
        ACTION_HUB_BASE_URL: `http://127.0.0.1:${hub.port}`, ACTION_HUB_SECRET: "another secret ".repeat(3).trim(),
      })
      expect(verdict).to.equal("fail")
      expect(text).to.contain("does not accept tokens made with ACTION_HUB_SECRET")
    })

    it("says so when something else answers, or nobody", async () => {
      receiver.status = 200
      receiver.body = "<html>"
      const other = await found({ ACTION_HUB_BASE_URL: `http://${receiver.host}` })
      expect(other.verdict).to.equal("fail")
      expect(other.text).to.contain("is no action hub (HTTP 200)")
      expect(JSON.stringify(receiver.requests)).to.not.contain("Token token")
      const nobody = await found({})
      expect(nobody.verdict).to.equal("fail")
      expect(nobody.text).to.contain("the connection is refused (ECONNREFUSED). Start the hub")
    })
  })
})
