import { expect } from "chai"
import * as fc from "fast-check"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { failureOf, RowValues, runAgainst, RunOptions, startSandbox } from "./run_under_test"

const { webinar } = SEEDED.programs
const WEBINAR = String(webinar)
const ADD = { subaction: "addProgram", campaignId: WEBINAR, programStatus: "Registered" }

function people(count: number, values: (index: number) => RowValues = () => ({})): RowValues[] {
  return Array.from({ length: count }, (_unused, index) =>
    ({ email: `p${index}@example.org`, firstName: "Ana", ...values(index) }))
}

describe("Fields of program members", () => {
  let sandbox: MarketoSandbox

  afterEach(async () => sandbox.stop())

  async function start(options: MarketoSandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox(options)
  }

  async function run(rows: RowValues[], formParams: { [name: string]: string } = {}, more: Partial<RunOptions> = {}) {
    return runAgainst(sandbox, { rows, formParams: { lookupField: "email", ...ADD, ...formParams }, ...more })
  }

  async function refusal(rows: RowValues[], formParams: { [name: string]: string } = {}): Promise<string> {
    return run(rows, formParams).then(({ message }) => `no refusal: ${message ?? ""}`,
      (failure: Error) => failure.message)
  }

  /** What a program has for the lead of an address. */
  function valuesOf(email: string, program: number = webinar) {
    const [id] = sandbox.leads.find("email", email)
    return sandbox.programs.get(program)?.members.get(id)?.values
  }

  const writes = () => sandbox.ledger.callsOf("setProgramMemberData")

  it("are written for 700 leads in two programs after these have become members, 300 in a call", async () => {
    await start()
    const ids = [WEBINAR, String(sandbox.store.addProgram({ name: "Autumn", channel: "Webinar" }).id)]
    const rows = people(700, (index) => ({ "program.seatNumber": String(index), "program.joinedLive": "yes" }))
    const response = await run(rows, { campaignId: ids.join(",") })
    expect(response.success, response.message).to.equal(true)
    for (const id of ids) {
      expect(response.message).to.contain(`Program ${id}: program fields written for 700 leads.`)
      rows.forEach((row, index) => {
        expect(valuesOf(String(row.email), Number(id))).to.deep.equal({ seatNumber: index, joinedLive: true })
      })
    }
    expect(writes()).to.have.length(6)
    expect(sandbox.ledger.callsOf("setProgramStatus")).to.have.length(6)
  })

  it("take one call more than a run without them, and one to learn the fields", async () => {
    await start()
    await run(people(2))
    expect(sandbox.ledger.callsOf("describeProgramMembers")).to.have.length(0)
    expect(writes()).to.have.length(0)
    await run(people(2, () => ({ "program.seatNumber": 1 })))
    expect(sandbox.ledger.callsOf("describeProgramMembers")).to.have.length(1)
    expect(writes()).to.have.length(1)
  })

  it("are known by their prefix in upper case, too", async () => {
    await start()
    await run(people(1, () => ({ "Program.seatNumber": 7 })))
    expect(valuesOf("p0@example.org")).to.deep.equal({ seatNumber: 7 })
  })

  it("are written for those who were members before, whatever their status", async () => {
    await start()
    const response = await run([{ "email": "ana@example.com", "program.registrationCode": "Zoë ✓ 𝒜\u202e" }],
      { programStatus: "Invited" })
    expect(response.success, response.message).to.equal(true)
    expect(response.message).to.contain("1 needed no change").and.to.contain("program fields written for 1 lead.")
    expect(valuesOf("ana@example.com")).to.deep.equal({ registrationCode: "Zoë ✓ 𝒜\u202e" })
  })

  describe("checked before anything is sent", () => {
    const refused: [string, string, RegExp][] = [
      ["a close name", "program.seatNumbr", /has the tag "marketo:program\.seatNumbr", but .* Closest: "seatNumber"\.$/],
      ["a display name", "program.Seat Number", /display name\. Its REST API name is "seatNumber"\.$/],
      ["another spelling", "program.seatnumber", /is spelled "seatNumber"\.$/],
      ["a field of the lead", "program.firstName", /The lead has one: its tag is "marketo:firstName"\.$/],
      ["a strange name", "program.zzzzzz", /Marketo lists them under Admin > Field Management/],
      ["the status", "program.statusName", /cannot be written\. Choose the status in the form, under Program Status\.$/],
      ["the lead's id", "program.leadId", /cannot be written\. .* lookup field\.$/],
      ["a field that this instance keeps", "program.acquiredBy", /cannot be written\./],
      ["no name", "program.", /names no field of program members/],
    ]
    for (const [what, name, message] of refused) {
      it(`refuses ${what}`, async () => {
        await start()
        expect(await refusal(people(2, () => ({ [name]: "x" })))).to.match(message)
        expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
      })
    }

    it("refuses wrong fields of a result without rows, too", async () => {
      await start()
      const dimensions = ["email", "program.nothing"].map((name) => ({ name, tags: [`marketo:${name}`] }))
      const failure = await run([], {}, { document: JSON.stringify({ fields: { dimensions }, data: [] }) })
        .then(() => "", (error: Error) => error.message)
      expect(failure).to.contain("\"marketo:program.nothing\"")
    })

    it("goes on without the check when the description may not be read, and says so", async () => {
      await start()
      sandbox.failNext("describeProgramMembers", { kind: "error", code: "603", message: "Access denied" })
      const response = await run(people(1, () => ({ "program.registrationCode": "R" })))
      expect(response.message).to.contain("The fields of program members could not be checked, since the API user may")
      expect(valuesOf("p0@example.org")).to.deep.equal({ registrationCode: "R" })
    })

    it("sends nothing when the description cannot be had", async () => {
      await start()
      sandbox.addFault({ match: { operation: "describeProgramMembers" }, effect: { kind: "error", code: "1099" } })
      const response = await run(people(3, () => ({ "program.registrationCode": "R" })))
      expect(response.success).to.equal(false)
      expect(response.message).to.match(/^Nothing was sent, since the fields of program members could not be checked/)
      expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
    })
  })

  it("are left out by other additional actions, which say so, whatever is wrong with them", async () => {
    await start()
    for (const formParams of [{ subaction: "none", campaignId: "" }, { subaction: "addList", campaignId: "1005" }]) {
      const response = await run(people(2, () => ({ "program.nothing": "x" })), formParams)
      expect(response.success, response.message).to.equal(true)
      expect(response.message).to.contain("Columns for fields of program members were not sent, since the additional " +
        "action is not to add to a program: \"program.nothing\" (lead.program.nothing)")
    }
    expect(sandbox.ledger.callsOf("describeProgramMembers")).to.have.length(0)
  })

  describe("values", () => {
    it("are converted by type, and cleared by empty cells", async () => {
      await start()
      const values = { "program.seatNumber": "12", "program.joinedAt": "2026-03-01 10:00:00",
        "program.invoiceDate": "2026-03-02", "program.ticketPrice": "$1,200.50" }
      await run([{ email: "ana@example.com", ...values }])
      expect(valuesOf("ana@example.com")).to.deep.include({ seatNumber: 12, joinedAt: "2026-03-01T10:00:00Z",
        invoiceDate: "2026-03-02" })
      const empty = { email: "ana@example.com", "program.seatNumber": null, "program.invoiceDate": "" }
      await run([empty], { emptyCells: "leave" })
      expect(valuesOf("ana@example.com")).to.deep.include({ seatNumber: 12, invoiceDate: "2026-03-02" })
      await run([empty])
      expect(valuesOf("ana@example.com")).to.deep.include({ seatNumber: null, invoiceDate: null })
    })

    it("that are no fit are left out and reported, or keep their row back", async () => {
      await start()
      const rows = people(2, (index) => ({ "program.seatNumber": index === 0 ? "first" : "2",
        "program.badgeName": "x".repeat(index === 0 ? 41 : 3) }))
      const failure = failureOf(await run(rows)) as unknown as { valuesLeftOut: object, rows: object }
      expect(Object.keys(failure.valuesLeftOut)).to.have.length(2)
      expect(Object.keys(failure.valuesLeftOut)[0]).to.match(/for program\.seatNumber$/)
      expect(valuesOf("p0@example.org")).to.deep.equal({})
      expect(valuesOf("p1@example.org")).to.deep.equal({ seatNumber: 2, badgeName: "xxx" })
      const kept = failureOf(await run(rows, { invalidValues: "skipRow" }))
      expect(kept.rows).to.include({ received: 2, updated: 1, skipped: 1 })
      await run(people(1, () => ({ "program.badgeName": "y".repeat(41) })), { longText: "cut" })
      expect(valuesOf("p0@example.org")).to.deep.equal({ badgeName: "y".repeat(40) })
    })
  })

  describe("of several rows of one lead", () => {
    it("are those of the later row, in one batch and across batches", async () => {
      await start({ latency: { list: 5, sync: 5 } })
      const rows = [...people(40), ...people(40), ...people(40)].map((row, index) => ({ ...row,
        "program.seatNumber": index, ...(index < 40 ? { "program.registrationCode": `R-${index}` } : {}) }))
      const response = await run(rows, {}, { batchSizes: { sync: 7, program: 5 } })
      expect(response.success, response.message).to.equal(true)
      for (let index = 0; index < 40; index++) {
        expect(valuesOf(`p${index}@example.org`)).to.deep.equal(
          { seatNumber: 80 + index, registrationCode: `R-${index}` })
      }
      expect(sandbox.ledger.programChanges.filter(({ kind }) => kind === "status")).to.have.length(40)
    })
  })

  describe("that fail", () => {
    it("leave the membership, and are told as what they are", async () => {
      await start()
      sandbox.addFault({ match: { operation: "setProgramMemberData" },
        effect: { kind: "record", lookupValue: "R-1", code: "1003", message: "Not today" } })
      const response = await run(people(3, (index) => ({ "program.registrationCode": `R-${index}` })))
      expect(response.message).to.contain("; 1 lead was put in program 3001 without their program fields.\n" +
        "- 1 put in program 3001 without their program fields: Not today (code 1003) (p1@example.org).")
      const failure = failureOf(response)
      expect(failure.rows).to.include({ received: 3, created: 3, failed: 0 })
      expect(failure.membership).to.deep.equal([
        { program: WEBINAR, changed: 3, already: 0, skipped: 0, failed: 0 },
        { program: WEBINAR, fields: true, changed: 2, already: 0, skipped: 1, failed: 0 }])
      expect(sandbox.programs.get(webinar)?.members.size).to.equal(4)
    })

    it("are not tried for those whose membership failed, who are told once", async () => {
      await start()
      sandbox.addFault({ match: { operation: "setProgramStatus" },
        effect: { kind: "record", lookupValue: sandbox.leads.find("email", "bo@example.com")[0], code: "1004" } })
      const rows = ["ana", "bo", "ana", "bo"].map((name, index) =>
        ({ email: `${name}@example.com`, "program.seatNumber": index }))
      const failure = failureOf(await run(rows, {}, { batchSizes: { sync: 1, program: 1 } }))
      expect(failure.membershipErrors?.map(({ leads, lookupValues }) => [leads, lookupValues]))
        .to.deep.equal([[1, ["bo@example.com"]]])
      expect(valuesOf("ana@example.com")).to.deep.equal({ seatNumber: 2 })
      expect(sandbox.ledger.programChanges.some(({ leadId }) =>
        leadId === sandbox.leads.find("email", "bo@example.com")[0])).to.equal(false)
    })

    it("are written again when the answer was lost", async () => {
      await start()
      sandbox.failNext("setProgramMemberData", { kind: "reset", when: "after" })
      const response = await run(people(5, (index) => ({ "program.seatNumber": index })))
      expect(response.success, response.message).to.equal(true)
      expect(writes()).to.have.length(2)
    })

    it("wait for Marketo to come back from an outage", async () => {
      await start()
      sandbox.failNext("setProgramMemberData", { kind: "outage", ms: 200, mode: "refuse" })
      const response = await run(people(5, (index) => ({ "program.seatNumber": index })))
      expect(response.success, response.message).to.equal(true)
      expect(valuesOf("p4@example.org")).to.deep.equal({ seatNumber: 4 })
    })

    it("say when to send again after the end of the day's calls", async () => {
      await start()
      sandbox.failNext("setProgramMemberData", { kind: "error", code: "607", message: "Daily quota reached" })
      const failure = failureOf(await run(people(2, (index) => ({ "program.seatNumber": index }))))
      expect(failure.membershipErrors?.[0].message).to.match(/Send these rows again then\.$/)
      expect(failure.membershipErrors?.[0].leads).to.equal(2)
      expect(sandbox.programs.get(webinar)?.members.size).to.equal(3)
    })

    it("name the permission that is missing", async () => {
      await start()
      sandbox.addFault({ match: { operation: "setProgramMemberData" },
        effect: { kind: "error", code: "603", message: "Access denied" } })
      const failure = failureOf(await run(people(2, (index) => ({ "program.seatNumber": index }))))
      expect(failure.membershipErrors?.[0].message).to.contain("Read-Write Lead")
    })

    it("are told of those who left the program meanwhile", async () => {
      await start()
      sandbox.addFault({ match: { operation: "setProgramMemberData" },
        effect: { kind: "record", lookupValue: 1, code: "1013", message: "Membership not found" } })
      const failure = failureOf(await run(people(2, (index) => ({ "program.seatNumber": index }))))
      expect(failure.membershipErrors?.[0]).to.deep.include({ code: "1013", message: "Membership not found", leads: 1 })
    })
  })

  it("are told as not written when the run is stopped before", async () => {
    await start()
    const stop = new AbortController()
    sandbox.addFault({ match: { operation: "setProgramMemberData" }, effect: { kind: "hang" } })
    const running = run(people(4, (index) => ({ "program.seatNumber": index })), {}, { stopSignal: stop.signal })
    while (writes().length === 0) {
      await new Promise((resolve) => { setTimeout(resolve, 5) })
    }
    stop.abort()
    const failure = failureOf(await running)
    expect(failure.membership?.[1]).to.deep.include({ fields: true, changed: 0, failed: 4 })
    expect(failure.rows).to.include({ received: 4, created: 4 })
  })

  it("are written in a run that only finds leads, and none of the leads' own", async () => {
    await start()
    const rows = [{ email: "bo@example.com", firstName: "Changed", "program.seatNumber": 9 }]
    const response = await run(rows, { leadMode: "membershipOnly" })
    expect(response.success, response.message).to.equal(true)
    expect(valuesOf("bo@example.com")).to.deep.equal({ seatNumber: 9 })
    expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
  })

  it("are written for each of several leads that were chosen", async () => {
    await start()
    const [twin] = SEEDED.duplicateEmails
    const response = await run([{ email: twin, firstName: "T", "program.seatNumber": 3 }], { severalMatches: "all" })
    expect(response.success, response.message).to.equal(true)
    expect(sandbox.leads.find("email", twin).map((id) => sandbox.programs.get(webinar)?.members.get(id)?.values))
      .to.deep.equal([{ seatNumber: 3 }, { seatNumber: 3 }])
  })

  it("count in the estimate of a dry run, which writes none", async () => {
    await start()
    const rows = people(301, (index) => ({ "program.seatNumber": index }))
    const response = await run(rows, { dryRun: "yes" })
    expect(response.message).to.contain("A real run would take about 6 calls")
    expect(writes()).to.have.length(0)
    expect(await refusal(people(1, () => ({ "program.nothing": 1 })), { dryRun: "yes" })).to.contain("program.nothing")
  })

  it("that are long go in as many calls as they need", async () => {
    await start()
    const rows = people(60, (index) => ({ "program.feedback": `${index}`.padEnd(29000, "ü").slice(0, 14900) }))
    const response = await run(rows)
    expect(response.success, response.message).to.equal(true)
    expect(writes().length).to.be.greaterThan(1)
    expect(String(valuesOf("p59@example.org")?.feedback)).to.have.length(14900)
  })

  it("are the last rows' for every lead that the report does not name, whatever befalls calls", async function() {
    this.timeout(120000)
    const effects = fc.constantFrom(
      { kind: "error", code: "1003", message: "Odd" } as const, { kind: "error", code: "604" } as const,
      { kind: "error", code: "606" } as const, { kind: "reset", when: "after" } as const,
      { kind: "reset", when: "before" } as const, { kind: "http", status: 502 } as const)
    const runs = fc.record({
      people: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 40 }),
      batch: fc.integer({ min: 1, max: 5 }),
      faults: fc.array(fc.record({ operation: fc.constantFrom("setProgramMemberData", "setProgramStatus"),
        nth: fc.integer({ min: 1, max: 6 }), effect: effects }), { maxLength: 4 }),
    })
    await fc.assert(fc.asyncProperty(runs, async ({ people: numbers, batch, faults }) => {
      await start()
      try {
        faults.forEach(({ operation, nth, effect }) => sandbox.addFault({ match: { operation }, nth, effect }))
        const rows = numbers.map((number, index) =>
          ({ "email": `p${number}@example.org`, "program.seatNumber": index }))
        const response = await run(rows, {}, { batchSizes: { sync: batch, program: batch } })
        const failure = response.success ? undefined : failureOf(response)
        const named = new Set(failure?.membershipErrors?.flatMap(({ lookupValues = [] }) => lookupValues))
        const { received, ...outcomes } = failure?.rows ?? { received: rows.length, all: rows.length }
        expect([received, Object.values(outcomes).reduce((sum, count) => sum + count, 0)])
          .to.deep.equal([rows.length, rows.length])
        for (const { email, "program.seatNumber": seat } of rows) {
          const isLast = rows.filter((row) => row.email === email).pop()?.["program.seatNumber"] === seat
          if (isLast && !named.has(email)) {
            expect(valuesOf(email), email).to.deep.equal({ seatNumber: seat })
          }
        }
      } finally {
        await sandbox.stop()
      }
    }), { numRuns: Number(process.env.SOAK_RUNS ?? 25) })
    await start()
  })
})
