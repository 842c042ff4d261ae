/* eslint-disable @typescript-eslint/no-explicit-any -- bodies of calls are JSON of many shapes */
import * as chai from "chai"
import * as sinon from "sinon"
import * as winston from "winston"
import { forgetConnections } from "../../../src/actions/marketo/lib/api/connection"
import { MarketoTransaction } from "../../../src/actions/marketo/marketo_transaction"
import { buildRequest, CLIENT_SECRET, column, RequestParts } from "./support/build_request"
import { FAST_CONFIGURATION } from "./support/connect"
import { failure, FakeMarketo, skip, success } from "./support/fake_marketo"

const expect = chai.expect

const TOKEN = "fake-token-1"
const LEADS = "/rest/v1/leads.json"
const TRIGGER = "/rest/v1/campaigns/202/trigger.json"

/** Values of leads; none may be found in a log. */
const LEAD_VALUES = ["zoe.brady@example.com", "Brady-Surname", "zola@example.com", "Summers-Surname"]

const LEVELS = ["error", "warn", "info", "verbose", "debug", "silly", "log"]

const PARTS: Partial<RequestParts> = {
  form: { lookupField: "email", subaction: "addCampaign", campaignId: "202" },
  dimensions: [column("users.email", "email"), column("users.last", "lastName")],
  rows: [
    { "users.email": LEAD_VALUES[0], "users.last": LEAD_VALUES[1] },
    { "users.email": LEAD_VALUES[2], "users.last": LEAD_VALUES[3] },
  ],
}

describe("secrets and lead data", () => {
  const sandbox = sinon.createSandbox()
  let marketo: FakeMarketo
  let logged: string[]

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    logged = []
    for (const level of LEVELS) {
      sandbox.stub(winston as any, level).callsFake((...entry: any[]) => {
        logged.push(entry.map(textOf).join(" "))
        return winston
      })
    }
  })

  afterEach(async () => {
    sandbox.restore()
    forgetConnections()
    await marketo.stop()
  })

  /** Everything that can be read of a value, also what JSON leaves out of errors. */
  function textOf(value: unknown): string {
    if (value instanceof Error) {
      return `${value.message} ${value.stack} ${JSON.stringify(value)}`
    }
    return typeof value === "string" ? value : JSON.stringify(value) ?? ""
  }

  async function run(parts: Partial<RequestParts> = {}): Promise<string> {
    const request = buildRequest({ origin: marketo.origin, ...PARTS, ...parts })
    try {
      const response = await new MarketoTransaction(FAST_CONFIGURATION).handleRequest(request)
      return JSON.stringify(response)
    } catch (error) {
      return textOf(error)
    }
  }

  function expectNothingLogged(): void {
    for (const line of logged) {
      for (const secret of [CLIENT_SECRET, TOKEN, ...LEAD_VALUES]) {
        expect(line).not.to.contain(secret)
      }
    }
  }

  const situations: ([string, () => void])[] = [
    ["a success", () => undefined],
    ["wrong credentials", () => {
      marketo.answerIdentity({ status: 401, json: { error: "invalid_client", error_description: CLIENT_SECRET } })
    }],
    ["an identity that echoes", () => {
      marketo.answerIdentity({ status: 404, text: `client_secret=${CLIENT_SECRET}` })
    }],
    ["skipped leads whose values Marketo repeats", () => {
      marketo.always("POST", LEADS, success(LEAD_VALUES.slice(0, 2).map((value) =>
        skip("1003", `Invalid value for field 'x' and value '${value}'`))))
    }],
    ["refused calls whose values Marketo repeats", () => {
      marketo.always("POST", LEADS, failure("1003", `Invalid value '${LEAD_VALUES[1]}' of ${LEAD_VALUES[0]}`))
    }],
    ["repetitions of calls whose values Marketo repeats", () => {
      marketo.answer("POST", LEADS, failure("713", `Transient ${LEAD_VALUES[0]}`))
    }],
    ["refused tokens that Marketo repeats", () => {
      marketo.answer("POST", LEADS, failure("601", `Access token invalid ${TOKEN}`))
    }],
    ["a lost campaign request", () => { marketo.answer("POST", TRIGGER, { reset: true }) }],
    ["an error page that echoes the call", () => {
      marketo.answer("POST", TRIGGER, { status: 500, text: `Authorization: Bearer ${TOKEN} ${LEAD_VALUES[0]}` })
    }],
    ["a spent quota", () => { marketo.always("POST", LEADS, failure("607", "Daily quota reached")) }],
  ]

  describe("are in no log line, at any level,", () => {
    for (const [name, arrange] of situations) {
      it(`after ${name}`, async () => {
        arrange()
        await run()
        expectNothingLogged()
      })
    }

    it("after a result that is cut off", async () => {
      const { attachment } = buildRequest({ origin: marketo.origin, ...PARTS })
      const text = String((attachment as { dataBuffer: Buffer }).dataBuffer)
      await run({ document: text.slice(0, text.length - 12) })
      expectNothingLogged()
    })

    it("after a run that logs at all", async () => {
      await run()
      expect(logged.length).to.be.greaterThan(0)
      expect(logged.join("\n")).to.contain("webhook-1")
    })
  })

  describe("credentials", () => {
    for (const [name, arrange] of situations) {
      it(`are not in the answer to Looker after ${name}`, async () => {
        arrange()
        const answer = await run()
        expect(answer).not.to.contain(CLIENT_SECRET)
        expect(answer.length).to.be.greaterThan(0)
      })
    }

    it("are in no URL", async () => {
      await run()
      const urls = [...marketo.calls, ...marketo.identityCalls].map((call) => call.url)
      expect(urls.length).to.be.greaterThan(3)
      for (const url of urls) {
        expect(url).not.to.contain(CLIENT_SECRET)
        expect(url).not.to.contain(TOKEN)
      }
    })

    it("are in no header but the one for the token", async () => {
      await run()
      for (const { headers } of marketo.calls) {
        expect(headers.authorization).to.equal(`Bearer ${TOKEN}`)
        expect(JSON.stringify({ ...headers, authorization: "" })).not.to.contain(TOKEN)
        expect(JSON.stringify(headers)).not.to.contain(CLIENT_SECRET)
      }
    })
  })
})
