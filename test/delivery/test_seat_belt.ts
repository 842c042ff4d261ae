import { expect } from "chai"
import * as fc from "fast-check"
import { FaultEffect } from "../../sandbox/marketo/faults/faults"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"
import { SAVED_SCHEDULES } from "./saved_schedules"

const LIST = "1005"
const WRITES = ["syncLeads", "addToList", "removeFromList", "requestCampaign"]

describe("The seat belt of a run", () => {
  let sandbox: MarketoSandbox

  beforeEach(async () => { sandbox = await startSandbox() })
  afterEach(async () => sandbox.stop())

  const emailOf = (index: number) => `p${index}@example.org`

  /** So many leads in Marketo, the first of which have a title. */
  function addPeople(count: number, withTitle = count): number[] {
    return Array.from({ length: count }, (_unused, index) =>
      sandbox.store.addLead({ email: emailOf(index), title: index < withTitle ? "Director" : null }).id)
  }

  /** So many rows, the first of which have an empty title. */
  function rowsFor(count: number, empty: number): RowValues[] {
    return Array.from({ length: count }, (_unused, index) =>
      ({ email: emailOf(index), title: index < empty ? null : "Engineer" }))
  }

  async function send(rows: RowValues[], form: { [name: string]: string } = {}, more: object = {}) {
    return runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "none", mostCleared: "30", ...form }, ...more,
    })
  }

  const writes = () => sandbox.ledger.calls.filter(({ operation }) => WRITES.includes(operation))
  const lookUps = () => sandbox.ledger.callsOf("filterLeads")

  it("costs no call where columns are full", async () => {
    addPeople(700)
    const response = await send(rowsFor(3100, 900), {})
    expect(response.success, response.message).to.equal(true)
    expect(lookUps()).to.deep.equal([])
    expect(writes()).to.have.length(11)
  })

  it("ends a run that would clear most of a field before anything is written", async () => {
    addPeople(3000, 2911)
    const members = [...sandbox.store.lists.get(Number(LIST))?.members ?? []]
    const response = await send(rowsFor(3300, 2874), { subaction: "mirrorList", campaignId: LIST })
    expect(response.message).to.match(/^0 of 3,300 rows were applied; 3,300 were left unsent\./)
    expect(response.message).to.contain("\n- title: 2,911 of the first 3,000 people have one, 2,874 would lose it. " +
      "Nothing was written. The form allows 30 % to be cleared. Check whether the query has lost a column. If it is " +
      "right as it is, raise Most Values to Clear (100: no limit); or choose under Empty Cells to leave the field as " +
      "it is.")
    const { rows, notSent } = failureOf(response)
    expect(rows).to.include({ received: 3300, notSent: 3300, created: 0, updated: 0 })
    expect(Object.keys(notSent ?? {})).to.deep.equal(["Nothing was written, so that no values are cleared by mistake."])
    expect(writes()).to.deep.equal([])
    expect(lookUps().map(({ batchSize }) => batchSize)).to.deep.equal(Array.from({ length: 10 }, () => 300))
    expect([...sandbox.store.lists.get(Number(LIST))?.members ?? []]).to.deep.equal(members)
  })

  for (const [what, form] of [
    ["without a limit", { mostCleared: "" }], ["with a limit of 100", { mostCleared: "100 %" }],
    ["that leaves empty cells alone", { emptyCells: "leave" }], ["that only creates leads", { leadMode: "createOnly" }],
    ["for memberships only", { leadMode: "membershipOnly", subaction: "addList", campaignId: LIST }],
  ] as [string, { [name: string]: string }][]) {
    it(`is not put on by a run ${what}`, async () => {
      addPeople(20)
      await send(rowsFor(20, 20), form)
      expect(writes()).not.to.deep.equal([])
      expect(lookUps()).to.have.length(form.leadMode === "membershipOnly" ? 1 : 0)
    })
  }

  it("is not put on by schedules that were saved before there was one", async () => {
    addPeople(5)
    for (const { formParams } of SAVED_SCHEDULES.filter(({ formParams: { lookupField } }) => lookupField === "email")) {
      await runAgainst(sandbox, { rows: rowsFor(5, 5), formParams }).catch((failure: Error) => failure)
    }
    expect(lookUps()).to.deep.equal([])
    expect(sandbox.store.leads.find("email", emailOf(0))
      .map((id) => sandbox.store.leads.get(id)?.values.title ?? null)).to.deep.equal([null])
  })

  it("writes nothing when commas keep it from seeing what would be cleared", async () => {
    const rows = Array.from({ length: 4 }, (_unused, index) => ({ customerNumber: `${index}, left`, title: null }))
    rows.forEach(({ customerNumber }) => sandbox.store.addLead({ customerNumber, title: "T" }))
    const response = await send(rows, { lookupField: "customerNumber" })
    expect(response.message).to.contain("- Nothing was written: more than 30 % of the first rows have an empty cell " +
      "for title, and what these would clear could not be looked up, since most of their lookup values have a comma. " +
      "If the query is right as it is, set Most Values to Clear to 100; otherwise mend the query.\n")
    expect(failureOf(response).rows).to.include({ received: 4, notSent: 4 })
    expect(sandbox.ledger.calls.filter(({ operation }) => operation === "syncLeads")).to.deep.equal([])
  })

  for (const [people, calls, seen] of [[3000, 10, 2700], [300, 9, 281]]) {
    it(`makes ten calls at most for ${people} people of whom one makes a call fail`, async () => {
      addPeople(people)
      sandbox.faults.add({
        match: { operation: "filterLeads", lookupValue: emailOf(7) }, effect: { kind: "error", code: "1003" },
      })
      const response = await send(rowsFor(people, people))
      expect(response.message).to.contain(`title: ${seen.toLocaleString("en-US")} of the first`)
      expect(lookUps()).to.have.length(calls)
    })
  }

  it("does without the partitions when they may not be read", async () => {
    addPeople(4)
    sandbox.faults.add({ match: { operation: "browsePartitions" }, times: 99, effect: { kind: "error", code: "603" } })
    const rows = rowsFor(20, 20).slice(4).concat(rowsFor(4, 0))
    const response = await send(rows, { partition: "Default" })
    expect(response.success, response.message).to.equal(true)
    expect(lookUps()).to.have.length(1)
    const dry = await send(rows, { partition: "Default", dryRun: "yes" })
    expect(dry.success, dry.message).to.equal(true)
  })

  it("lets a share pass that is exactly the limit, and no more", async () => {
    addPeople(11, 10)
    // The last one has no title to lose, so 3 of 10 would go, though 4 of 11 cells are empty.
    const rows = rowsFor(11, 3).map((row, index) => index === 10 ? { ...row, title: null } : row)
    const passes = await send(rows, {})
    expect(passes.success, passes.message).to.equal(true)
    expect(lookUps()).to.have.length(1)
    await sandbox.stop()
    sandbox = await startSandbox()
    addPeople(11, 10)
    expect((await send(rows, { mostCleared: "29" })).message)
      .to.contain("title: 10 of the first 11 people have one, 3 would lose it.")
    expect(writes()).to.deep.equal([])
  })

  it("counts nobody who is not in Marketo yet", async () => {
    addPeople(2, 0)
    const response = await send(rowsFor(20, 20))
    expect(response.success, response.message).to.equal(true)
    expect(lookUps()).to.have.length(1)
  })

  it("goes by the last row of a person", async () => {
    addPeople(4)
    const blank = rowsFor(4, 4)
    const full = rowsFor(4, 0)
    const response = await send([...blank, ...full])
    expect(response.success, response.message).to.equal(true)
    expect(lookUps()).to.deep.equal([])
    expect((await send([...full, ...blank.map((row) => ({ ...row, email: String(row.email).toUpperCase() }))])).message)
      .to.contain("title: 4 of the first 4 people have one, 4 would lose it.")
  })

  it("judges wide rows by fewer of them", async () => {
    addPeople(300)
    const wide = (index: number) => ({ longNotes: "x".repeat(29900), ...rowsFor(300, 300)[index] })
    const response = await send(Array.from({ length: 300 }, (_unused, index) => wide(index)), {})
    expect(response.message).to.match(/title: (2\d\d) of the first \1 people have one, \1 would lose it\./)
    expect(failureOf(response).rows).to.include({ received: 300, notSent: 300 })
  })

  it("tells each field that would be cleared, the worst first", async () => {
    Array.from({ length: 4 }, (_unused, index) =>
      sandbox.store.addLead({ email: emailOf(index), title: "T", city: index < 2 ? "C" : null, phone: "1" }))
    const rows = Array.from({ length: 4 }, (_unused, index) =>
      ({ email: emailOf(index), city: null, title: null, phone: index === 0 ? null : "2" }))
    expect((await send(rows)).message).to.contain("- title: 4 of the first 4 people have one, 4 would lose it; " +
      "city: 2 have one, 2 would lose it. Nothing was written.")
  })

  it("counts nobody whom Marketo skips, since they are in another partition", async () => {
    addPeople(4)
    const rows = rowsFor(4, 4)
    expect(Object.keys(failureOf(await send(rows, { partition: "EMEA" })).skipped ?? {}))
      .to.deep.equal(["Partition update not allowed"])
    const dry = await send(rows, { partition: "EMEA", dryRun: "yes" })
    expect(failureOf(dry).rows).to.include({ received: 4, skipped: 4, updated: 0 })
    expect(dry.message).to.contain("The lead is in another lead partition than the one that was chosen (p0@example.org")
    expect((await send(rows, { partition: "Default" })).message).to.contain("title: 4 of the first 4 people have one")
  })

  it("is foretold by a dry run that asks for other fields in each batch", async () => {
    addPeople(1)
    const rows = [{ email: emailOf(0), title: null, city: null }, { email: emailOf(0), city: null }]
    const dry = await send(rows, { dryRun: "yes" }, { batchSizes: { sync: 1 } })
    expect(dry.message).to.contain("A real run would write nothing. title: 1 of the first 1 people have one, 1 would")
    expect(dry.message).to.contain("This was a dry run: nothing was written to Marketo. If it were not stopped, a " +
      "real run would take about 1 call and 1 second.")
    const real = await send(rows, {}, { batchSizes: { sync: 1 } })
    expect(real.message).to.contain("- title: 1 of the first 1 people have one, 1 would lose it.")
  })

  it("takes a box that is not ticked for no value", async () => {
    Array.from({ length: 4 }, (_unused, index) =>
      sandbox.store.addLead({ email: emailOf(index), unsubscribed: index === 0 }))
    const rows = Array.from({ length: 4 }, (_unused, index) =>
      ({ email: emailOf(index), unsubscribed: index === 0 ? true : null }))
    const response = await send(rows)
    expect(response.success, response.message).to.equal(true)
    expect(lookUps()).to.have.length(1)
  })

  for (const [what, effect] of [
    ["may not look leads up", { kind: "error", code: "603" }],
    ["has no calls left", { kind: "error", code: "607" }],
    ["finds nothing in Marketo that answers", { kind: "http", status: 503 }],
  ] as [string, FaultEffect][]) {
    it(`writes nothing when the run ${what}, and says how to go on`, async () => {
      addPeople(20)
      sandbox.faults.add({ match: { operation: "filterLeads" }, times: 99, effect })
      const response = await send(rowsFor(20, 20))
      expect(response.success).to.equal(false)
      expect(response.message).to.contain("- Nothing was written: more than 30 % of the first rows have an empty " +
        "cell for title, and what these would clear could not be looked up. If the query is right as it is, set Most " +
        "Values to Clear to 100; otherwise send again later. ")
      expect(failureOf(response).rows).to.include({ received: 20, notSent: 20 })
      expect(writes()).to.deep.equal([])
    })
  }

  it("reports what it holds when the hub ends the run", async () => {
    addPeople(20)
    const stop = new AbortController()
    sandbox.faults.add({ match: { operation: "filterLeads" }, times: 99, effect: { kind: "http", status: 503 } })
    // As soon as the look-up has begun, whenever that is.
    const watch = setInterval(() => {
      if (lookUps().length > 0) {
        stop.abort()
      }
    }, 1)
    const response = await send(rowsFor(20, 20), {}, { stopSignal: stop.signal }).finally(() => clearInterval(watch))
    const { rows } = failureOf(response)
    expect(rows).to.include({ received: 20, notSent: 20 })
    expect(writes()).to.deep.equal([])
  })

  describe("where several leads match", () => {
    const titles = ["A", null, "C"]
    beforeEach(() => {
      titles.forEach((title, index) => {
        const place = index === 2 ? { partition: "EMEA" } : {}
        const lead = sandbox.store.addLead({ email: "twin@example.org", title }, place)
        lead.updatedAt = Date.UTC(2026, 0, index + 1)
      })
    })

    const twin: RowValues[] = [{ email: "twin@example.org", title: null }]

    it("counts none of them when they are skipped", async () => {
      await send(twin, { severalMatches: "skip" })
      expect(writes()).to.have.length(1)
    })

    it("counts the one that is chosen", async () => {
      expect((await send(twin, { severalMatches: "latest" })).message).to.contain("title: 1 of the first 1 people have")
    })

    it("counts all that are chosen", async () => {
      expect((await send(twin, { severalMatches: "all" })).message).to.contain("title: 2 of the first 3 people have")
    })

    it("counts those in the partition that was chosen", async () => {
      expect((await send(twin, { severalMatches: "all", partition: "EMEA" })).message)
        .to.contain("title: 1 of the first 1 people have")
    })
  })

  it("ends a run if and only if more values than allowed would go, as a dry run foretells", async () => {
    const cell = fc.constantFrom<string | null | undefined>(null, null, "", "New", undefined)
    await fc.assert(fc.asyncProperty(
      fc.array(fc.constantFrom<string | null>("Old", "Old", null), { minLength: 1, maxLength: 8 }),
      fc.array(fc.record({ person: fc.nat(9), title: cell }), { minLength: 1, maxLength: 14 }),
      fc.nat(100), fc.constantFrom("createOrUpdate", "updateOnly"),
      async (people, sent, limit, leadMode) => {
        await sandbox.stop()
        sandbox = await startSandbox()
        people.forEach((title, index) => sandbox.store.addLead({ email: emailOf(index), title }))
        const rows: RowValues[] = sent.map(({ person, title }) => ({ email: emailOf(person), title, city: "X" }))
        const last = new Map<number, string | null | undefined>()
        sent.forEach(({ person, title }) => last.set(person, title === undefined ? last.get(person) : title))
        const empties = [...last].filter(([, title]) => title === null || title === "")
        const present = [...last.keys()].filter((person) => typeof people[person] === "string")
        const cleared = empties.filter(([person]) => typeof people[person] === "string")
        const isOver = limit < 100 && empties.length * 100 > limit * last.size &&
          cleared.length * 100 > limit * present.length
        const form = { leadMode, mostCleared: String(limit) }
        const dry = await send(rows, { ...form, dryRun: "yes" })
        expect(dry.message?.includes("A real run would write nothing"), dry.message).to.equal(isOver)
        expect(writes()).to.deep.equal([])
        const real = await send(rows, form)
        expect(writes().length === 0, real.message).to.equal(isOver)
        if (isOver) {
          expect(failureOf(real).rows).to.include({ received: rows.length, notSent: rows.length })
          expect(real.message).to.contain(`title: ${present.length} of the first`)
            .and.contain(`people have one, ${cleared.length} would lose it.`)
        }
      },
    ), { numRuns: 40 })
  })
})
