import { expect } from "chai"
import * as fc from "fast-check"
import { LeadValues } from "../../sandbox/marketo/instance/lead_store"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { RowLine } from "../../src/actions/marketo/lib/report/hub_account"
import { MarketoTransaction } from "../../src/actions/marketo/marketo_transaction"
import { configuration, requestFor, RowValues, runAgainst, startSandbox } from "./run_under_test"

const FIELDS = ["title", "leadScore", "doNotCall"]

const emailOf = (index: number) => `p${index}@example.org`

describe("A dry run, of the values that a run would write,", () => {
  let sandbox: MarketoSandbox

  beforeEach(async () => { sandbox = await startSandbox() })
  afterEach(async () => sandbox.stop())

  function add(...people: LeadValues[]): number[] {
    return people.map((values, index) => sandbox.store.addLead({ email: emailOf(index), ...values }).id)
  }

  async function dryRun(
    rows: RowValues[], form: { [name: string]: string } = {}, batch = 300, speed?: number,
  ): Promise<string> {
    const response = await runAgainst(sandbox, {
      rows, speed, batchSizes: { sync: batch },
      formParams: { lookupField: "email", subaction: "none", dryRun: "yes", ...form },
    })
    return response.message ?? ""
  }

  it("tells for each field how many it would clear, change, fill, set and leave, the most worrying first", async () => {
    add({ firstName: "A", title: "T" }, { firstName: "B", title: "T" }, { city: "Bern" })
    const message = await dryRun([
      { email: emailOf(0), firstName: "A", title: null, city: "Chur", phone: null },
      { email: emailOf(1), firstName: "C", title: "T", city: null, phone: "" },
      { email: emailOf(2), firstName: "D", title: null, city: "Bern", phone: null },
      { email: "new@example.org", firstName: "N", title: "T", city: null, phone: null },
    ])
    expect(message).to.contain("1 lead would be created, 3 updated. " +
      "title would be cleared in 1 lead, set in 1 new lead, unchanged in 2. " +
      "firstName would be changed in 1 lead, filled in 1, set in 1 new lead, unchanged in 1. " +
      "city would be filled in 1 lead, unchanged in 2. No value would change in: phone. This was a dry run")
  })

  it("makes no call more than without that, and asks in the body where the question is long", async () => {
    const ids = add(...Array.from({ length: 700 }, () => ({ title: "T" })))
    expect(ids).to.have.length(700)
    const rows = ids.map((_id, index) => ({ email: emailOf(index), title: null, city: "Bern" }))
    // Slow enough for a busy machine: a call that seems lost is made again.
    const message = await dryRun(rows, {}, 300, 10)
    expect(message).to.contain("title would be cleared in 700 leads.")
    const calls = sandbox.ledger.callsOf("filterLeads")
    expect(calls.map(({ batchSize }) => batchSize)).to.deep.equal([300, 300, 100])
    calls.forEach(({ requestBytes }) => expect(requestBytes).to.be.above(1000))
  })

  it("compares by the field's type", async () => {
    add({
      leadScore: 5, unsubscribed: false, dateOfBirth: "1980-02-29", mktoAcquisitionDate: "2026-08-17T08:15:30Z",
      secondaryEmail: "Ana@Example.org", annualRevenue: 34.5, title: "Head", address: "1\n2", doNotCall: true,
    })
    const same: RowValues = {
      email: emailOf(0), leadScore: "5", unsubscribed: "No", dateOfBirth: "1980-02-29 00:00:00",
      mktoAcquisitionDate: "2026-08-17T10:15:30.123+02:00", secondaryEmail: "ana@example.ORG", annualRevenue: "$34.50",
      title: " Head ", address: "1\r\n2", doNotCall: "true",
    }
    expect(await dryRun([same])).to.match(/1 updated\. By Marketo's.*No value would change in: leadScore, unsubscri/)
    const other: RowValues = {
      email: emailOf(0), leadScore: 50, unsubscribed: true, dateOfBirth: "1980-03-01",
      mktoAcquisitionDate: "2026-08-17T10:15:30Z", secondaryEmail: "bo@example.org", title: "head", doNotCall: null,
    }
    const message = await dryRun([other])
    expect(message).to.contain("doNotCall would be cleared in 1 lead. leadScore would be changed in 1 lead. ")
    expect(message).not.to.contain("No value would change")
  })

  it("leaves out what is not sent", async () => {
    add({ title: "T" }, { title: "T" })
    const rows = [
      { email: emailOf(0), title: null, city: "Bern" }, { email: emailOf(1), title: undefined, city: "Chur" },
    ]
    expect(await dryRun(rows, { emptyCells: "leave" })).to.contain("updated. city would be filled in 2 leads. This was")
    expect(await dryRun(rows)).to.contain("title would be cleared in 1 lead, unchanged in 1.")
  })

  it("counts a lead once whose rows are in different batches, by the last of them", async () => {
    add({ title: "T", city: "Bern" }, {}, {}, {})
    const rows: RowValues[] = [
      { email: emailOf(0), title: null, city: null }, { email: emailOf(1), title: null, city: null },
      { email: emailOf(2), title: null, city: null }, { email: emailOf(0), title: "T", city: undefined },
      { email: "new@example.org", title: null, city: "Bern" }, { email: emailOf(3), title: null, city: null },
      { email: "NEW@example.org", title: "N" },
    ]
    expect(await dryRun(rows, {}, 2)).to.contain("city would be cleared in 1 lead, set in 1 new lead, unchanged in " +
      "3. title would be set in 1 new lead, unchanged in 4. This was")
  })

  it("keeps to a bounded number of sentences", async () => {
    const fields = ["firstName", "lastName", "middleName", "salutation", "department", "phone", "mobilePhone", "fax",
      "address", "city", "state", "country", "postalCode", "title", "rating", "leadRole"]
    add(Object.fromEntries(fields.map((field) => [field, "x"])))
    const message = await dryRun([{ email: emailOf(0), ...Object.fromEntries(fields.map((field) => [field, "y"])) }])
    expect(message.match(/\w+ would be changed in 1 lead\./g)).to.have.length(12)
    expect(message).to.contain("In 4 more fields, 0 values would be cleared, 4 changed and 0 filled: postalCode, " +
      "title, rating, leadRole.")
  })

  it("goes by the choice among several leads", async () => {
    ["A", "B"].forEach((title, index) => {
      sandbox.store.addLead({ email: "twin@example.org", title }).updatedAt = Date.UTC(2026, 0, index + 1)
    })
    const rows = [{ email: "twin@example.org", title: "B" }]
    expect(await dryRun(rows)).not.to.contain("title")
    expect(await dryRun(rows, { severalMatches: "latest" })).to.contain("No value would change in: title.")
    expect(await dryRun(rows, { severalMatches: "all" }))
      .to.contain("title would be changed in 1 lead, unchanged in 1.")
  })

  it("says nothing of fields in a run that writes none, and only of new leads in one that only creates", async () => {
    add({ title: "T" })
    const rows = [{ email: emailOf(0), title: null }, { email: "new@example.org", title: "N" }]
    expect(await dryRun(rows, { leadMode: "membershipOnly", subaction: "addList", campaignId: "1005" }))
      .not.to.contain("title")
    expect(await dryRun(rows, { leadMode: "createOnly" })).to.contain("- title would be set in 1 new lead.")
  })

  it("foretells what the stand-in then does to each field, whatever the rows, the leads and the batches", async () => {
    const title = fc.constantFrom<string | null>("A", "B", " A ", null)
    const score = fc.constantFrom<number | string | null>(5, "5", 7, null)
    const doNotCall = fc.constantFrom(true, false, null)
    const cells = fc.record({ person: fc.nat(7), title, leadScore: score, doNotCall })
    const known = fc.record({
      title: fc.constantFrom<string | null>("A", "B", null), leadScore: fc.constantFrom<number | null>(5, 7, null),
      doNotCall: fc.boolean(),
    })
    await fc.assert(fc.asyncProperty(
      fc.array(known, { minLength: 1, maxLength: 5 }), fc.array(cells, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }), fc.constantFrom("clear", "leave"),
      async (people, sent, batch, emptyCells) => {
        await sandbox.stop()
        sandbox = await startSandbox()
        const ids = add(...people)
        const rows: RowValues[] = sent.map(({ person, ...values }) => ({ email: emailOf(person), ...values }))
        const updated = ids.filter((_id, index) => sent.some(({ person }) => person === index))
        const valueOf = (id: number, field: string) => {
          const value = sandbox.store.leads.get(id)?.values[field]
          return value === undefined || value === false ? null : typeof value === "string" ? value.trim() : value
        }
        const before = new Map(updated.map((id) => [id, FIELDS.map((field) => valueOf(id, field))]))
        const message = await dryRun(rows, { emptyCells }, batch)
        const real = await runAgainst(sandbox, {
          rows, formParams: { lookupField: "email", subaction: "none", emptyCells }, batchSizes: { sync: batch },
        })
        expect(real.success, real.message).to.equal(true)
        const newIds = [...new Set(sent.map(({ person }) => person))].filter((person) => person >= people.length)
          .flatMap((person) => sandbox.store.leads.find("email", emailOf(person)))
        for (const [place, field] of FIELDS.entries()) {
          const counts = { cleared: 0, changed: 0, filled: 0, set: 0, unchanged: 0 }
          for (const id of updated) {
            const old = before.get(id)?.[place] ?? null
            const now = valueOf(id, field)
            const isFlag = field === "doNotCall"
            counts[old === now ? "unchanged" : isFlag || old !== null && now !== null ? "changed" :
              now === null ? "cleared" : "filled"]++
          }
          const told = { cleared: 0, changed: 0, filled: 0, set: 0, unchanged: 0 }
          const words = new RegExp(`\\b${field} would be ([^.]*)\\.`).exec(message)?.[1] ?? ""
          for (const [, effect, count] of words.matchAll(/(\w+) in (\d+)/g)) {
            told[effect as keyof typeof told] = Number(count)
          }
          if (words === "") {
            told.unchanged = updated.length
          }
          if (field === "doNotCall") {
            // A box that is ticked no more was cleared or changed; Marketo keeps no difference.
            told.changed += told.cleared
            told.cleared = 0
          } else {
            counts.set = newIds.filter((id) => valueOf(id, field) !== null).length
            expect(told.set, message).to.equal(counts.set)
          }
          expect({ ...told, set: 0 }, `${field}: ${message}`).to.deep.equal({ ...counts, set: 0 })
        }
      },
    ), { numRuns: 100 })
  })

  describe("for the report of rows", () => {
    async function linesOf(rows: RowValues[], form: { [name: string]: string } = {}, wantsAllRows = false) {
      const lines: RowLine[] = []
      const notes: string[] = []
      const request = requestFor(sandbox, {
        rows, formParams: { lookupField: "email", subaction: "none", dryRun: "yes", ...form },
      })
      Object.assign(request, {
        runAccount: {
          rowReport: {
            link: "https://hub.example.org/reports/1", wantsAllRows, add: (line: RowLine) => lines.push(line),
          },
          progress: () => undefined,
          conclude: (conclusion: { notes: string[] }) => notes.push(...conclusion.notes),
        },
      })
      const { message } = await new MarketoTransaction(configuration({})).handleRequest(request)
      return { lines, notes, message: message ?? "" }
    }

    it("has samples of old and new values, which are nowhere else", async () => {
      add({ title: "Secret Old", city: "Bern" })
      const { lines, notes, message } = await linesOf([{ email: emailOf(0), title: "Secret New", city: null }])
      expect(lines).to.deep.equal([{
        row: 1, lookupValue: emailOf(0), outcome: "would be updated", valuesLeftOut: undefined,
        reason: "title: \"Secret Old\" would become \"Secret New\"; city: \"Bern\" would be cleared",
      }])
      expect(notes.join(" ")).to.contain("city would be cleared in 1 lead.")
      expect(notes.join(" ") + message).not.to.match(/Secret|Bern/)
    })

    it("has a few samples of each kind", async () => {
      add(...Array.from({ length: 50 }, () => ({ title: "T" })))
      const { lines } = await linesOf(Array.from({ length: 50 }, (_unused, index) =>
        ({ email: emailOf(index), title: index % 2 === 0 ? null : "U" })))
      expect(lines).to.have.length(20)
    })

    it("names whom a run chose among several leads", async () => {
      const ids = [1, 2].map((day) => {
        const lead = sandbox.store.addLead({ email: "twin@example.org" })
        lead.updatedAt = Date.UTC(2026, 0, day)
        return lead.id
      })
      for (const dryRun of ["yes", "no"]) {
        const rows = [{ email: "twin@example.org", title: "T" }]
        const { lines } = await linesOf(rows, { severalMatches: "latest", dryRun })
        expect(lines[0].reason).to.contain(`2 leads in Marketo have this lookup value; chosen: ID ${ids[1]}`)
      }
    })
  })
})
