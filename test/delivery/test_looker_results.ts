import { expect } from "chai"
import * as winston from "winston"
import * as sinon from "sinon"
import { LookerSandbox, PublishOptions } from "../../sandbox/looker/looker_sandbox"
import { CellValue, NumberLiteral, QueryFields, QueryResult, ResultMembers } from "../../sandbox/looker/query_result"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { MarketoTransaction } from "../../src/actions/marketo/marketo_transaction"
import { ActionRequest, ActionResponse } from "../../src/hub"
import { readSettings } from "../../src/hub/settings"
import { ExecuteProcessQueue } from "../../src/xpc/execute_process_queue"
import { executionSettings } from "../../src/xpc/execution_settings"
import { eventually } from "../server/hub_under_test"
import { configuration, failureOf, FailureMessage, requestFor, startSandbox } from "./run_under_test"

interface Values {
  [restName: string]: CellValue
}

interface Send extends PublishOptions {
  form?: { [name: string]: string }
  query?: object
  /** Instead of one tagged dimension for each name in the rows. */
  fields?: unknown
  stopSignal?: AbortSignal
}

const MEMBERS = ["ana", "bo", "chen", "dina", "emre", "fay", "goran", "hana", "ivo", "jun"]

function resultOf(rows: Values[], fields?: unknown): QueryResult {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return {
    fields: (fields === undefined ?
      { dimensions: names.map((name) => ({ name: `lead.${name}`, label: name, tags: [`marketo:${name}`] })) } :
      fields) as QueryFields,
    rows: () => rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [`lead.${name}`, { value }]))),
  }
}

function people(names: string[]): Values[] {
  return names.map((name) => ({ email: `${name}@example.com`, firstName: name }))
}

describe("Results as Looker sends them", () => {
  let looker: LookerSandbox
  let marketo: MarketoSandbox

  beforeEach(async () => {
    looker = await LookerSandbox.start()
    marketo = await startSandbox()
  })

  afterEach(async () => {
    sinon.restore()
    await looker.stop()
    await marketo.stop()
  })

  function requestOf(downloadUrl: string, { form, query, stopSignal }: Send = {}): ActionRequest {
    const formParams = { lookupField: "email", subaction: "none", ...form }
    const request = requestFor(marketo, { rows: [], formParams, stopSignal })
    delete request.attachment
    request.scheduledPlan = { downloadUrl, query } as typeof request.scheduledPlan
    return request
  }

  async function runFrom(downloadUrl: string, options: Send = {}): Promise<ActionResponse> {
    forgetConnections()
    return new MarketoTransaction(configuration({})).handleRequest(requestOf(downloadUrl, options))
  }

  async function send(rows: Values[], options: Send = {}): Promise<ActionResponse> {
    return runFrom(looker.publish(resultOf(rows, options.fields), options), options)
  }

  async function sendText(text: string, options: Send = {}): Promise<ActionResponse> {
    return runFrom(looker.publishText(text), options)
  }

  async function refusal(run: Promise<ActionResponse>): Promise<string> {
    const message = await run.then((response) => `Ran: ${response.message}`, (failure: Error) => failure.message)
    expect(marketo.ledger.callsOf("syncLeads")).to.have.length(0)
    return message
  }

  function valueOf(email: string, name: string): unknown {
    const [id] = marketo.leads.find("email", email)
    return marketo.leads.get(id)?.values[name]
  }

  function expectAccount({ rows }: FailureMessage) {
    expect(rows.created + rows.updated + rows.merged + rows.skipped + rows.failed + rows.notSent)
      .to.equal(rows.received)
  }

  describe("numbers", () => {
    const large = ["9007199254740993", "9007199254740992", "123456789012345678901234567890"]
    const rows = large.map((text) => ({ customerNumber: new NumberLiteral(text), lastName: text }))
    const form = { lookupField: "customerNumber" }

    for (const keyOrder of ["fields first", "data first"] as const) {
      it(`are a lead each, by every digit, as a text to look leads up by (${keyOrder})`, async () => {
        const response = await send(rows, { form, keyOrder })
        expect(response.message).to.contain("3 rows received: 3 leads created, 0 updated.")
        for (const text of large) {
          const found = marketo.leads.find("customerNumber", text)
          expect(found.map((id) => marketo.leads.get(id)?.values.lastName)).to.deep.equal([text])
        }
      })
    }

    it("are a lead each when Marketo does not tell its fields, too", async () => {
      for (const call of ["describeLeads2", "describeLeads"]) {
        marketo.failNext(call, { kind: "error", code: "603", message: "Access denied" }, 3)
      }
      const response = await send(rows, { form })
      expect(response.message).to.contain("3 leads created")
      large.forEach((text) => expect(marketo.leads.find("customerNumber", text)).to.have.length(1))
    })

    it("are left out and reported where the field would hold another number", async () => {
      const failure = failureOf(await send([{
        email: "a@example.org", fitScore: new NumberLiteral("9007199254740993"),
        engagementIndex: new NumberLiteral("33.3333333333333333"), legacyId: new NumberLiteral("1e400"), title: "kept",
      }]))
      const index = "Column \"engagementIndex\" (lead.engagementIndex)"
      expect(failure).to.have.property("valuesLeftOut").that.deep.equals({
        "Column \"fitScore\" (lead.fitScore): number is too large to be sent exactly for fitScore": ["row 1"],
        [`${index}: number has more digits than can be sent exactly for engagementIndex`]: ["row 1"],
        "Column \"legacyId\" (lead.legacyId): number is too large to be sent exactly for legacyId": ["row 1"],
      })
      expect(valueOf("a@example.org", "title")).to.equal("kept")
    })

    it("that are none end the run with the word that stands there, and the account of the rows before", async () => {
      const failure = failureOf(await send(
        [{ email: "a@example.org", fitScore: 1 }, { email: "b@example.org", fitScore: new NumberLiteral("NaN") }]))
      expect(failure.requestErrors?.[0].message).to.match(
        /^The query result could not be read to its end: Looker's result is not valid JSON: it has NaN .*after 1 row\)/)
      expect(failure.rows).to.include({ received: 1, created: 1 })
    })
  })

  describe("that may be cut off", () => {
    const mirror = { subaction: "mirrorList", campaignId: String(SEEDED.lists.newsletter) }
    const advice = "To send all rows, choose \"All Results\" when sending, or raise the query's row limit."
    const reached = (limit: number) =>
      `The query result has as many rows as the query's row limit allows (${limit}), so it may be cut off. ${advice}`

    const signs: { [sign: string]: Send } = {
      "the plan's limit as a text": { query: { limit: "8" } },
      "the plan's limit as a number": { query: { limit: 8 } },
      "the limit that Looker applied": { members: { applied_limit: 8 }, query: { limit: "-1" } },
      "the limit that Looker applied, told at the end": { members: { applied_limit: "8" }, membersPlace: "after data" },
      "Looker's word": { members: { truncated: true } },
      "Looker's word, told first": { members: { truncated: true }, membersPlace: "before fields" },
    }
    for (const [sign, options] of Object.entries(signs)) {
      it(`take nobody from a mirrored list (${sign})`, async () => {
        const failure = failureOf(await send(people(MEMBERS.slice(0, 8)), { ...options, form: mirror }))
        expect(marketo.lists.get(SEEDED.lists.newsletter)?.members.size).to.equal(10)
        expect(marketo.ledger.callsOf("removeFromList")).to.have.length(0)
        expect(failure.requestErrors?.[0].message).to.match(
          /^No lead was removed from list \d+, since (the query result has as many rows|Looker says that it cut off)/)
        expect(failure.requestErrors?.[0].message).to.contain("All Results")
        expect(failure.rows).to.include({ received: 8, updated: 8 })
      })

      it(`are sent with a note (${sign})`, async () => {
        const response = await send(people(MEMBERS.slice(0, 8)), options)
        expect(response.success).to.equal(true)
        expect(response.message).to.contain(advice)
      })
    }

    it("name the limit in the note, in a dry run, too", async () => {
      const rows = people(MEMBERS.slice(0, 8))
      expect((await send(rows, { query: { limit: "8" } })).message).to.contain(reached(8))
      const dry = await send(rows, { query: { limit: "8" }, form: { ...mirror, dryRun: "yes" } })
      expect(dry.message).to.contain(reached(8)).and.contain("A real run would remove no lead from list")
    })

    it("are not suspected below the limit, and without one", async () => {
      for (const limit of ["9", "-1", "0", "", null, "all"]) {
        marketo.lists.get(SEEDED.lists.newsletter)?.members.add(marketo.leads.find("email", "jun@example.com")[0])
        const response = await send(people(MEMBERS.slice(0, 8)), {
          form: mirror, query: { limit }, members: { applied_limit: null, truncated: false },
        })
        expect(response.message, String(limit)).to.match(/removed that were not in the result\.$/)
      }
    })

    it("say that columns are missing", async () => {
      const response = await send(people(["ana"]), { members: { column_truncated: true } })
      expect(response.message).to.contain("Looker left out columns of the query result")
    })
  })

  describe("and what they say about themselves", () => {
    const rows = [{ email: "a@example.org", lastOrderAt: "2026-01-15 09:30:00" }]
    const arrived = () => valueOf("a@example.org", "lastOrderAt")

    it("sets the time zone, before what the plan says", async () => {
      for (const query of [undefined, { query_timezone: "user_timezone" }, { query_timezone: "Asia/Tokyo" }]) {
        const response = await send(rows, { members: { timezone: "America/Los_Angeles" }, query })
        expect(arrived()).to.equal("2026-01-15T17:30:00Z")
        expect(response.message).to.match(/updated\.$/)
      }
    })

    it("leaves the time zone to the plan when it says nothing, or what is no zone", async () => {
      for (const timezone of [null, "user_timezone", ""]) {
        const response = await send(rows, { members: { timezone }, query: { query_timezone: "Asia/Tokyo" } })
        expect(arrived()).to.equal("2026-01-15T00:30:00Z")
        expect(response.message).to.match(/updated\.$/)
      }
      const response = await send(rows, {
        members: { timezone: "Mars/Olympus" }, query: { query_timezone: "Asia/Tokyo" },
      })
      expect(arrived()).to.equal("2026-01-15T00:30:00Z")
      expect(response.message)
        .to.contain("\"Mars/Olympus\" is not known here; times were taken as those of Asia/Tokyo.")
    })

    it("leaves times to UTC with a note when nobody tells a zone", async () => {
      const response = await send(rows, { query: { query_timezone: "user_timezone" } })
      expect(arrived()).to.equal("2026-01-15T09:30:00Z")
      expect(response.message).to.contain("The query does not give its time zone; times were taken as UTC.")
    })

    it("is heard where rows come first, wherever it stands", async () => {
      for (const membersPlace of ["before fields", "before data", "after data"] as const) {
        await send(rows, { members: { timezone: "America/Los_Angeles" }, keyOrder: "data first", membersPlace })
        expect(arrived()).to.equal("2026-01-15T17:30:00Z")
      }
    })

    it("fails the run when the zone comes after rows that were sent by another", async () => {
      const late: Send = { members: { timezone: "America/Los_Angeles" }, membersPlace: "after data" }
      const failure = failureOf(await send(rows, late))
      expect(failure.requestErrors?.[0].message).to.equal("The query result gave its time zone, America/Los_Angeles, " +
        "only after rows whose times had been taken as those of UTC: the dates and times in those rows are wrong in " +
        "Marketo. Set the query's time zone to America/Los_Angeles, and send again.")
      expect(failure.rows).to.include({ received: 1 })
      const same = await send(rows, { ...late, query: { query_timezone: "America/Los_Angeles" } })
      expect(same.success).to.equal(true)
      const noTimes = await send([{ email: "a@example.org", renewalDate: "2026-01-15" }], late)
      expect(noTimes.success).to.equal(true)
    })

    it("fails the run with Looker's words for an sql_error, before or after rows", async () => {
      const members: ResultMembers = { sql_error: "relation \"people\" does not exist" }
      for (const [membersPlace, received] of [["before data", 0], ["after data", 1]] as const) {
        const failure = failureOf(await send(rows, { members, membersPlace }))
        expect(failure.requestErrors?.[0].message).to.contain(
          "Looker could not run the query: relation \"people\" does not exist")
        expect(failure.rows.received).to.equal(received)
      }
    })

    it("passes Looker's warnings on, within bounds", async () => {
      const warnings = [{ message: "The cache is old." }, "x".repeat(1000), "c", "d", "e", "f", null]
      const { message = "" } = await send(rows, { members: { warnings, timezone: "UTC" } })
      expect(message).to.contain("Looker warns: The cache is old.").and.contain("Looker has 1 more warnings.")
      expect(message.length).to.be.below(1000)
      expect((await send(rows, { members: { warnings: "Only one.", timezone: "UTC" } })).message)
        .to.match(/ Looker warns: Only one\.$/)
    })
  })

  describe("with fields that cannot be sent", () => {
    const email = { name: "lead.email", tags: ["marketo:email"] }
    const title = { name: "lead.title", label: "Title", tags: ["marketo:title"] }
    const rows = [{ email: "a@example.org" }]

    it("refuse a tagged dimension that the query is pivoted by", async () => {
      expect(await refusal(send(rows, { fields: { dimensions: [email], pivots: [title], measures: [] } })))
        .to.match(/^The column "Title" \(lead\.title\) is the query's pivot: its values head other columns/)
      expect(await refusal(send(rows, { fields: { dimensions: [], pivots: [email] } }))).to.contain("the query's pivot")
    })

    it("do not refuse one that is hidden, or without a tag", async () => {
      for (const pivot of [{ ...title, hidden: true }, { name: "lead.other", tags: [] }, { name: "lead.other" }]) {
        const response = await send(rows, { fields: { dimensions: [email], pivots: [pivot] } })
        expect(response.success).to.equal(true)
      }
    })

    for (const list of ["supermeasure_like", "measure_like", "dimension_like", "other"]) {
      it(`refuse a tagged field that stands among the ${list} only`, async () => {
        expect(await refusal(send(rows, { fields: { dimensions: [email], [list]: [title] } })))
          .to.contain(`has the tag "marketo:title", but stands among the "${list}" of the query result`)
      })
    }

    it("take the same field in several lists, and tagged filters, as ever", async () => {
      const response = await send(rows, { fields: {
        dimensions: [email], dimension_like: [email], filters: [title], parameters: [title], other: [null, 7, {}],
      } })
      expect(response.message).to.equal("1 row received: 1 lead created, 0 updated.")
    })

    it("say so when no row has a cell for a column", async () => {
      const response = await send(rows, { fields: { dimensions: [email, title] } })
      expect(response.message).to.contain("nothing was sent for them: \"Title\" (lead.title).")
    })

    const odd: { [situation: string]: [unknown, RegExp] } = {
      "are null": [null, /has no field list/],
      "are a list": [[email], /has no field list/],
      "are a text": ["email", /has no field list/],
      "have dimensions that are a text": [{ dimensions: "email" }, /The "dimensions" of the query result are not/],
      "have dimensions that are an object": [{ dimensions: { a: email } }, /are not a list of fields/],
      "have null for a field": [{ dimensions: [null] }, /Number 1 of the "dimensions" .* has no name/],
      "have a field without a name": [{ dimensions: [email, { tags: [] }] }, /Number 2 of the "dimensions"/],
      "have tags that are a text": [
        { dimensions: [{ ...email, tags: "marketo:email" }] }, /The tags of lead.email are not a list/],
      "have no tags but null": [{ dimensions: [{ ...email, tags: null }] }, /Lookup Field for lead not present/],
      "have tags that are no texts": [{ dimensions: [{ ...email, tags: [null, 7, {}] }] }, /Lookup Field .* not/],
    }
    for (const [situation, [fields, words]] of Object.entries(odd)) {
      it(`are refused in words when they ${situation}`, async () => {
        const data = [{ "lead.email": { value: "a@example.org" } }]
        expect(await refusal(sendText(JSON.stringify({ fields, data }))))
          .to.match(words).and.not.match(/undefined|not iterable|not a function/)
      })
    }
  })

  describe("with rows that are none", () => {
    const fields = { dimensions: [{ name: "lead.email", tags: ["marketo:email"] }] }

    it("skip them by number, and send the others", async () => {
      const data = [
        { "lead.email": { value: "a@example.org" } }, null, 7, ["b"], "c", { "lead.email": { value: "d@example.org" } },
      ]
      const failure = failureOf(await sendText(JSON.stringify({ fields, data })))
      expect(failure.skipped).to.deep.equal({
        "In the place of a row, the query result has null": ["row 2"],
        "In the place of a row, the query result has a number": ["row 3"],
        "In the place of a row, the query result has a list": ["row 4"],
        "In the place of a row, the query result has a string": ["row 5"],
      })
      expect(failure.rows).to.deep.include({ received: 6, created: 2, skipped: 4 })
      expectAccount(failure)
    })

    it("do not take a list in the place of a cell for an empty one", async () => {
      const failure = failureOf(await sendText(JSON.stringify({ fields, data: [{ "lead.email": ["a@example.org"] }] })))
      expect(failure.skipped).to.deep.equal({ "Column lead.email: list is not a single value for email": ["row 1"] })
    })

    it("fail the run in words when there is no list of rows", async () => {
      const failure = failureOf(await sendText(JSON.stringify({ fields, data: null })))
      expect(failure.requestErrors?.[0].message).to.contain("has a \"data\" that is not a list of rows")
      expect(failure.rows.received).to.equal(0)
    })
  })

  describe("from a Looker that falls silent", () => {
    const names = Array.from({ length: 700 }, (_unused, index) => `p${index}`)
    /** Some 500 rows, and then nothing more. */
    const silent = (): string =>
      looker.publish(resultOf(people(names)), { fault: { kind: "stall", afterBytes: 40000 } })

    function expectReport(failure: FailureMessage) {
      expect(failure.requestErrors?.[0].message).to.match(
        /^The hub had to end the run before it was complete\. Reading ended after row \d+; the rows after it were not/)
      expect(failure.rows.received).to.be.within(300, 699)
      // The batch was on its way when the run was stopped: if its answer is late, that is told as uncertain.
      expect(failure.rows.created + failure.rows.failed).to.be.at.least(300)
      expectAccount(failure)
    }

    it("end with the report when the run is stopped, and the download with them", async () => {
      const stop = new AbortController()
      const run = runFrom(silent(), { stopSignal: stop.signal })
      await eventually(() => marketo.ledger.callsOf("syncLeads").length > 0)
      stop.abort(new Error("The run's time is over"))
      expectReport(failureOf(await run))
      await eventually(() => looker.downloads[0].outcome === "broken off")
    })

    it("end with the report when the day's quota was spent before, too", async () => {
      const stop = new AbortController()
      marketo.failNext("syncLeads", { kind: "error", code: "607", message: "Daily API Request Limit Reached" })
      const run = runFrom(silent(), { stopSignal: stop.signal })
      await eventually(() => marketo.ledger.callsOf("syncLeads").length > 0)
      stop.abort(new Error("The run's time is over"))
      const failure = failureOf(await run)
      expect(JSON.stringify(failure.requestErrors)).to.contain("Reading ended after row")
      expectAccount(failure)
    })

    it("end with the report in an execute process", async function() {
      this.timeout(60000)
      sinon.stub(winston, "info")
      sinon.stub(winston, "warn")
      // The process logs to its console, which is ours.
      const output = sinon.stub(process.stdout, "write").returns(true)
      sinon.stub(process, "env").value({
        ...process.env, MARKETO_SANDBOX_SPEED: "500", MARKETO_ALLOWED_HOSTS: "127.0.0.1",
      })
      const queue = new ExecuteProcessQueue({
        settings: { ...readSettings(executionSettings, {}), stopGraceMs: 20000 },
      })
      try {
        const request = requestOf(silent())
        request.actionId = "marketo"
        const reply = queue.run(JSON.stringify(request))
        await eventually(() => marketo.ledger.callsOf("syncLeads").length > 0)
        queue.stopRuns()
        expectReport(failureOf(await reply as unknown as ActionResponse))
        await eventually(() => looker.downloads[0].outcome === "broken off")
      } finally {
        await queue.close()
        output.restore()
      }
    })
  })
})
