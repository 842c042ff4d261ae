import { expect } from "chai"
import * as fc from "fast-check"
import { ActionResponse } from "../../src/hub"
import { MarketoTransaction } from "../../src/actions/marketo/marketo_transaction"
import { converterFor } from "../../src/actions/marketo/lib/columns/lead_values"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { TimeZone } from "../../src/actions/marketo/lib/columns/value_types/time_zone"
import { ValueProblem } from "../../src/actions/marketo/lib/columns/value_types/value_problem"
import { FieldDefinition, FieldSchema } from "../../sandbox/marketo/setup/field_schema"
import { LeadValues } from "../../sandbox/marketo/instance/lead_store"
import { checkValue } from "../../sandbox/marketo/instance/lead_values"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { knobsFrom } from "../../sandbox/marketo/setup/options"
import { configuration, failureOf, requestFor, RowValues, startSandbox } from "./run_under_test"
import { accountOf } from "../actions/marketo/support/account_of"

/** One writable field of each type, and Marketo's own e-mail field. */
const FIELDS = [
  "isVip", "legacyId", "fitScore", "discountPercent", "engagementIndex", "lifetimeValue", "renewalDate", "lastOrderAt",
  "title", "longNotes", "assistantPhone", "profileUrl", "secondaryEmail",
]

interface Plan {
  form?: { [name: string]: string }
  query?: object
}

/** Texts that look like what a database holds for any type, and much that only nearly does. */
const nearlyValid = fc.oneof(
  fc.constantFrom("Yes", "no", "TRUE", "1", "0", "42", " 42 ", "14.0", "14.1", "1,234", "1,234.50", "$1,234.50", "45%",
    "2026", "2026-08", "2026-Q3", "2026-08-17", "2026-08-17 10:15:30", "2026-03-08 02:30:00", "2026-02-30",
    "9999-12-31", "2026-08-17T10:15:30.123Z", "2026-08-17T10:15:30+05:30",
    "1000-01-01 00:00:00", "a@example.com", " a@b.co ", "a@b",
    "zoë@example.com", "", " ", "null", "https://example.com"),
  fc.tuple(fc.integer({ min: 990, max: 10010 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }),
    fc.integer({ min: 0, max: 25 })).map(([year, month, day, hour]) =>
    `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")} ${String(hour).padStart(2, "0")}:30:00`),
  fc.stringMatching(/^[-+$ ]?[0-9.,eE]{0,12}[% €]?$/),
  fc.stringMatching(/^[a-z.@ é]{0,20}$/),
)

const anyScalar = fc.oneof(
  nearlyValid, fc.string({ unit: "binary", maxLength: 300 }), fc.double(), fc.integer(), fc.boolean(),
  fc.integer({ min: 100, max: 20000 }).map((length) => "é😀x".repeat(length)),
)

describe("Values on their way to Marketo", () => {
  let sandbox: MarketoSandbox

  afterEach(async () => {
    if (sandbox !== undefined) {
      await sandbox.stop()
    }
  })

  async function start(options: MarketoSandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox({ seed: "empty", ...options })
  }

  async function run(rows: RowValues[], { form, query }: Plan = {}): Promise<ActionResponse> {
    forgetConnections()
    const formParams = { lookupField: "email", subaction: "none", ...form }
    const request = requestFor(sandbox, { rows, formParams })
    if (query !== undefined) {
      request.scheduledPlan = { query } as typeof request.scheduledPlan
    }
    return new MarketoTransaction(configuration({})).handleRequest(request)
  }

  async function refusal(rows: RowValues[], plan: Plan = {}): Promise<string> {
    return run(rows, plan).then((response) => `Ran: ${response.message}`, (failure: Error) => failure.message)
  }

  function valuesOf(email: string): LeadValues {
    const [id] = sandbox.leads.find("email", email)
    const lead = sandbox.leads.get(id)
    if (lead === undefined) {
      throw new Error(`Marketo has no lead ${email}`)
    }
    return lead.values
  }

  it("every type's value is in Marketo as a person would expect", async () => {
    await start()
    const row = {
      email: " ana@example.org ", isVip: "Yes", legacyId: "42", fitScore: 14.0, discountPercent: "45%",
      engagementIndex: "1,234.50", lifetimeValue: "$99.90", renewalDate: "2026-Q3", lastOrderAt: "2026-08-17 10:15:30",
      title: 42, longNotes: true, assistantPhone: 15550100, profileUrl: "https://example.org",
      secondaryEmail: " b@c.org", unsubscribed: "No",
    }
    const response = await run([row], { query: { query_timezone: "America/Los_Angeles" } })
    expect(response.message).to.equal("1 row received: 1 lead created, 0 updated.")
    expect(valuesOf("ana@example.org")).to.deep.include({
      isVip: true, legacyId: 42, fitScore: 14, discountPercent: 45, engagementIndex: 1234.5, lifetimeValue: 99.9,
      renewalDate: "2026-07-01", lastOrderAt: "2026-08-17T17:15:30Z", title: "42", longNotes: "true",
      assistantPhone: "15550100", profileUrl: "https://example.org", secondaryEmail: "b@c.org", unsubscribed: false,
    })
  })

  it("a row goes without what its fields do not take, and the report tells column, row and type of value", async () => {
    await start()
    const response = await run([{ email: "a@example.org", title: "x", fitScore: "secret words" }])
    expect(response.success).to.equal(false)
    expect(valuesOf("a@example.org")).to.deep.include({ title: "x" }).and.not.have.property("fitScore")
    expect(accountOf(response.message)).to.deep.include({
      valuesLeftOut: { "Column \"fitScore\" (lead.fitScore): text is not a whole number for fitScore": ["row 1"] },
    })
    expect(response.message).not.to.contain("secret words")
  })

  it("such a row is not sent when that was chosen", async () => {
    await start()
    const rows = [{ email: "a@example.org", fitScore: "many" }, { email: "b@example.org", fitScore: 1 }]
    const failure = failureOf(await run(rows, { form: { invalidValues: "skipRow" } }))
    expect(failure.rows).to.deep.include({ received: 2, created: 1, skipped: 1 })
    expect(Object.values(failure.skipped ?? {})).to.deep.equal([["a@example.org"]])
    expect(sandbox.leads.size).to.equal(1)
  })

  it("long text is reported, or cut when that was chosen", async () => {
    await start()
    const rows = [{ email: "a@example.org", title: "x".repeat(300) }]
    expect(failureOf(await run(rows)).rows.created).to.equal(1)
    expect(valuesOf("a@example.org")).not.to.have.property("title")
    expect((await run(rows, { form: { longText: "cut" } })).success).to.equal(true)
    expect(valuesOf("a@example.org").title).to.equal("x".repeat(255))
  })

  it("empty cells clear the field, or leave it as it is when that was chosen", async () => {
    await start()
    await run([{ email: "a@example.org", title: "x", isVip: true, city: "Bern" }])
    const empty = [{ email: "a@example.org", title: null, isVip: "", city: "" }]
    await run(empty, { form: { emptyCells: "leave" } })
    expect(valuesOf("a@example.org")).to.deep.include({ title: "x", isVip: true, city: "Bern" })
    await run(empty)
    const cleared = valuesOf("a@example.org")
    expect([cleared.title ?? null, cleared.isVip, cleared.city ?? null]).to.deep.equal([null, false, null])
  })

  it("columns that the visualization hides are not sent", async () => {
    await start()
    const query = { vis_config: { hidden_fields: ["lead.title"] } }
    const response = await run([{ email: "a@example.org", title: "x", city: "Bern" }], { query })
    expect(response.message).to.contain("Hidden columns were not sent: \"title\" (lead.title).")
    expect(valuesOf("a@example.org")).to.deep.include({ city: "Bern" }).and.not.have.property("title")
  })

  it("columns that Marketo does not know or does not let write are refused before a lead is sent", async () => {
    await start()
    const row = {
      "email": "a@example.org", "fristName": "A", "Last Name": "B", "Phone": "1", "createdAt": "x", "sfdcLeadId": "y",
    }
    const message = await refusal([row])
    expect(message).to.contain("\"marketo:fristName\", but Marketo has no lead field with that REST API name. " +
      "Closest: \"firstName\"")
    expect(message).to.contain("\"marketo:Last Name\", but that is the field's display name. Its REST API name is " +
      "\"lastName\"")
    expect(message).to.contain("\"marketo:Phone\", but that is the field's SOAP name. Its REST API name is \"phone\"")
    expect(message).to.contain("\"createdAt\" (Created At), which cannot be written")
    expect(message).to.contain("\"sfdcLeadId\" (SFDC Lead Id), which only the CRM")
    expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
  })

  it("SOAP names are not asked for when all names are known", async () => {
    await start()
    await run([{ email: "a@example.org" }])
    expect(sandbox.ledger.callsOf("describeLeads")).to.have.length(0)
  })

  it("a refusal does without SOAP names that cannot be read", async () => {
    await start()
    sandbox.failNext("describeLeads", { kind: "error", code: "603", message: "Access denied" })
    expect(await refusal([{ email: "a@example.org", LastName: "A" }])).to.contain("spelled \"lastName\"")
  })

  it("a run goes on without checks, and says so, when the schema may not be read", async () => {
    await start()
    sandbox.addFault({ match: { operation: "describeLeads2" }, effect: { kind: "error", code: "603" } })
    const response = await run([{ email: "a@example.org", isVip: true }])
    expect(response.message).to.contain("The lead fields could not be checked")
    expect(valuesOf("a@example.org").isVip).to.equal(true)
  })

  it("what a conversion gives, Marketo takes; nothing makes it throw", () => {
    const schema = new FieldSchema()
    const knobs = knobsFrom({})
    const zones = ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia"].map((name) => TimeZone.named(name))
    fc.assert(fc.property(
      fc.constantFrom("email", ...FIELDS), fc.oneof(anyScalar, fc.jsonValue()), fc.boolean(), fc.constantFrom(...zones),
      (restName, value, isCut, zone) => {
        const field = schema.field(restName) as FieldDefinition
        const { displayName, dataType, length } = field
        const convert = converterFor({ name: restName, displayName, dataType, length },
          { zone: zone ?? TimeZone.utc, isCut })
        const converted = convert(value)
        if (!(converted instanceof ValueProblem)) {
          const sent: unknown = JSON.parse(JSON.stringify(converted))
          expect(checkValue(field, sent, knobs).kind, `${restName}: ${JSON.stringify(sent)}`).to.equal("value")
        }
      }), { numRuns: 3000 })
  })

  it("no row is lost, and none is refused by Marketo, whatever its cells hold", async () => {
    await start()
    const columns = Object.fromEntries(FIELDS.map((name) => [name, fc.option(anyScalar)]))
    const cells = fc.record(columns, { requiredKeys: [] })
    await fc.assert(fc.asyncProperty(
      fc.array(cells, { minLength: 1, maxLength: 8 }), fc.constantFrom("leaveOut", "skipRow"),
      fc.constantFrom("report", "cut"), fc.constantFrom("clear", "leave"),
      async (values, invalidValues, longText, emptyCells) => {
        const rows = values.map((each, index) => ({ ...each, email: `p${index}@example.org` }))
        const calls = sandbox.ledger.callsOf("syncLeads").length
        const response = await run(rows, { form: { invalidValues, longText, emptyCells } })
        const skips = response.success ? [] : Object.keys(failureOf(response).skipped ?? {})
        expect(skips.filter((reason) => !reason.startsWith("Column "))).to.deep.equal([])
        if (response.success) {
          expect(response.message).to.match(new RegExp(`^${rows.length} rows? received`))
        } else {
          const { received, created, updated, skipped } = failureOf(response).rows
          expect(received).to.equal(rows.length)
          expect(created + updated + skipped).to.equal(rows.length)
          expect(invalidValues === "leaveOut" ? skipped : 0).to.equal(0)
        }
        expect(sandbox.ledger.callsOf("syncLeads").length - calls).to.be.at.most(1)
      }), { numRuns: 40 })
  })
})
