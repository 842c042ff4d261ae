import { expect } from "chai"
import * as fc from "fast-check"
import { FaultEffect, FaultRule } from "../../sandbox/marketo/faults/faults"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { ActionResponse } from "../../src/hub"
import { FileSizes } from "../../src/actions/marketo/lib/configuration/limits"
import { DocumentedTexts, readDocument } from "../docs/documented_texts"
import { expectNoLeadTwice, expectTruth } from "./oracle"
import { documentOf, FailureMessage, failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

const RUNS = Number(process.env.SOAK_RUNS ?? 30)

const LIST = 1005
const TO_LIST = { subaction: "addList", campaignId: String(LIST) }
const SMALL: FileSizes = { bytes: 9500000, leads: 10, fewestLeads: 3, undecidedLeads: 8 }

function people(count: number, from = 0): RowValues[] {
  return Array.from({ length: count }, (_each, index) =>
    ({ email: `p${from + index}@example.org`, firstName: `Zoë "${index}"`, city: "a,b\nc", leadScore: index }))
}

const documented = new DocumentedTexts(readDocument("src/actions/marketo/files.md"))

/** Fails if a sentence about files or imports is not in their document. */
function expectDocumented({ message = "" }: ActionResponse): void {
  const account = message.slice(message.lastIndexOf("\n{") + 1)
  const { notes = [], requestErrors = [], leadErrors = [] } = account.startsWith("{") ?
    JSON.parse(account) as FailureMessage : { notes: [message] }
  const texts = [...notes, ...requestErrors.concat(leadErrors).map((each) => each.message)]
  for (const text of texts.filter((each) => /\bfiles?\b/.test(each))) {
    const isOthers = (sentence: string) => !/\bfiles?\b|\bimport\b/.test(sentence)
    expect(documented.has(text, ["Messages"], isOthers), `files.md has no row for: ${text}`).to.equal(true)
  }
}

describe("Leads sent as files", () => {
  let sandbox: MarketoSandbox

  beforeEach(async () => { sandbox = await startSandbox() })
  afterEach(async () => sandbox.stop())

  async function send(rows: RowValues[], form: { [name: string]: string } = {}, more: object = {}) {
    const response = await runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "none", sendBy: "files", ...form }, ...more,
    })
    expectDocumented(response)
    return response
  }
  const calls = (operation: string) => sandbox.ledger.callsOf(operation).length

  it("arrive with their values and join the list, for a call, and say what cannot be told", async () => {
    const { success, message } = await send(people(40), TO_LIST)
    expect(success, message).to.equal(true)
    expect(message).to.contain("40 rows received: 40 leads created or updated from files (Marketo does not say which " +
      "of the two). List 1005: 40 leads added. Marketo took 1 file (import 5001).")
    expect(calls("bulkImport")).to.equal(1)
    expect(calls("syncLeads")).to.equal(0)
    expect(sandbox.store.lists.get(LIST)?.members.size).to.equal(40)
    const [id] = sandbox.leads.find("email", "p7@example.org")
    expect(sandbox.leads.get(id)?.values).to.include({ firstName: "Zoë \"7\"", city: "a,b\nc", leadScore: 7 })
    expectNoLeadTwice(sandbox)
  })

  it("have texts that a reader of CSV may split or trim as calls have them", async () => {
    const texts = ["a\rb", " both ", "\tx", "line\u2028s", "x\u00a0", "\u0085", "half \ud83d", "N\0L", "\ufeffbom"]
    for (const sendBy of ["files", "calls"]) {
      const { success, message } = await send(texts.map((city, index) =>
        ({ email: `${sendBy}${index}@example.org`, city })), { sendBy })
      expect(success, message).to.equal(true)
    }
    const cityOf = (email: string) => sandbox.leads.get(sandbox.leads.find("email", email)[0])?.values.city
    texts.forEach((_text, index) => {
      expect(cityOf(`files${index}@example.org`)).to.equal(cityOf(`calls${index}@example.org`))
    })
  })

  it("make a list that is not there", async () => {
    const { success, message } = await send(people(4), { subaction: "addList", listName: "Imported" })
    expect(success, message).to.equal(true)
    const [list] = [...sandbox.store.lists.values()].filter(({ name }) => name === "Imported")
    expect(list.members.size).to.equal(4)
    expect(message).to.contain("List \"Imported\": 4 leads added.")
  })

  it("are only updated when they are found by id, and the report can tell", async () => {
    const response = await send([{ id: 50001, city: "Oslo" }, { id: 7, city: "Oslo" }], { lookupField: "id" })
    const { rows } = failureOf(response)
    expect(rows).to.deep.equal(
      { received: 2, created: 0, updated: 1, merged: 0, skipped: 1, failed: 0, notSent: 0 })
    expect(sandbox.leads.get(50001)?.values.city).to.equal("Oslo")
  })

  it("go by calls where a cell is empty, so that the field is cleared and not left to chance", async () => {
    const ana = { email: "ana@example.com", firstName: "Ana", city: null, leadScore: 1 }
    const response = await send([...people(5), ana])
    expect(response.success, response.message).to.equal(true)
    expect(response.message).to.contain("1 lead went by calls. Files carry no empty cells")
    expect(sandbox.leads.get(50001)?.values.city ?? null).to.equal(null)
    expect([calls("bulkImport"), calls("syncLeads")]).to.deep.equal([1, 1])
  })

  it("have files of their own for each set of filled columns when empty cells are left alone", async () => {
    const rows = people(12).map((row, index) => index % 2 === 0 ? row : { ...row, city: null })
    sandbox.leads.update(sandbox.leads.get(50001) ?? fail(), { city: "Bergen" })
    rows.push({ email: "ana@example.com", firstName: "A", city: "", leadScore: 1 })
    const { success, message } = await send(rows, { emptyCells: "leave" }, { batchSizes: { file: SMALL } })
    expect(success, message).to.equal(true)
    expect(sandbox.leads.get(50001)?.values.city).to.equal("Bergen")
    expect(calls("bulkImport")).to.equal(2)
  })

  it("are merged by lookup value before they go, also across files", async () => {
    const rows = [...people(25), { email: " P3@example.org", firstName: "last", city: "x", leadScore: 1 }]
    const { message } = await send(rows, {}, { batchSizes: { file: SMALL } })
    expect(message).to.match(/^26 rows received: /)
    const [id] = sandbox.leads.find("email", "p3@example.org")
    expect(sandbox.leads.get(id)?.values.firstName).to.equal("last")
    expectNoLeadTwice(sandbox)
  })

  it("wait while the queue is full, and while others fill the list", async () => {
    sandbox.failNext("bulkImport", { kind: "error", code: "1016" })
    sandbox.failNext("bulkImport", { kind: "error", code: "1019" })
    const { success, message } = await send(people(5), TO_LIST)
    expect(success, message).to.equal(true)
    expect(calls("bulkImport")).to.equal(3)
  })

  it("go by calls when the queue stays full, and no lead goes twice", async () => {
    sandbox.addFault({ match: { operation: "bulkImport" }, effect: { kind: "error", code: "1016" } })
    const rows = people(5)
    const response = await send(rows, TO_LIST, { speed: 2000 })
    expect(response.success, response.message).to.equal(true)
    expect(response.message).to.contain(
      "Marketo did not take a file (too many imports are in progress, code 1016), so its leads went by calls.")
    expect(response.message).not.to.contain("those with an empty cell")
    expectTruth(response, sandbox, { rows, listId: LIST })
  })

  it("go by calls where something on the way takes no files of that size, and say so", async () => {
    sandbox.addFault({ match: { operation: "bulkImport" }, effect: { kind: "http", status: 413 } })
    const rows = people(25)
    const response = await send(rows, {}, { batchSizes: { file: SMALL } })
    expect(response.success, response.message).to.equal(true)
    expect(response.message)
      .to.contain("Marketo did not take 2 files (it was too large), so their leads went by calls.")
    expectTruth(response, sandbox, { rows })
  })

  it("are not begun where they, and the calls beside them, would clear more than the form allows", async () => {
    for (const sendBy of ["files", "automatic"]) {
      const rows: RowValues[] = Array.from({ length: 20 }, (_each, index) => {
        sandbox.store.addLead({ email: `${sendBy}${index}@example.org`, city: "Oslo", leadScore: 1 })
        return { email: `${sendBy}${index}@example.org`, city: index < 8 ? null : "Bergen", leadScore: 1 }
      })
      const form = { sendBy, mostCleared: "30" }
      const { rows: counts } = failureOf(await send(rows, form, { batchSizes: { file: SMALL } }))
      expect(counts).to.include({ received: 20, notSent: 20 })
      expect(calls("bulkImport") + calls("syncLeads")).to.equal(0)
    }
    const rows = people(20).map((row, index) => index < 5 ? { ...row, city: null } : row)
    const response = await send(rows, { mostCleared: "30" }, { batchSizes: { file: SMALL } })
    expect(response.success, response.message).to.equal(true)
    expectTruth(response, sandbox, { rows })
    expect(calls("filterLeads")).to.equal(2)
  })

  it("go by calls where the API user may not import", async () => {
    sandbox.addFault({ match: { operation: "bulkImport" }, effect: { kind: "error", code: "603" } })
    const rows = people(25)
    const response = await send(rows, {}, { batchSizes: { file: SMALL } })
    expect(response.success, response.message).to.equal(true)
    expect(calls("bulkImport")).to.equal(2)
    expectTruth(response, sandbox, { rows })
  })

  it("tell each failed row with Marketo's reason, and count warnings as imported", async () => {
    const rows = [...people(3), { email: "twin@example.com", firstName: "x", city: "y", leadScore: 2 },
      { email: "no-address", firstName: "x", city: "y", leadScore: 2 }]
    const response = await send(rows)
    const { skipped, rows: counts, ...others } = failureOf(response)
    expect(skipped).to.deep.equal({ "Multiple lead match lookup criteria": ["twin@example.com"] })
    expect(counts).to.include({ received: 5, createdOrUpdated: 4, skipped: 1 })
    expect(others).to.deep.include({ warnings: { "Invalid email address": ["no-address"] } })
    expect(response.message).to.contain("- 1 imported with a warning: Invalid email address (no-address).")
  })

  it("are uncertain when the connection breaks after the upload, and are not sent again", async () => {
    sandbox.failNext("bulkImport", { kind: "reset", when: "after" })
    const rows = people(5)
    const response = await send(rows)
    const { requestErrors, rows: counts } = failureOf(response)
    expect(counts).to.include({ received: 5, failed: 5 })
    expect(requestErrors?.[0].message).to.contain("It is not known whether Marketo took the file")
    expect(calls("bulkImport") + calls("syncLeads")).to.equal(1)
    expectTruth(response, sandbox, { rows })
  })

  it("are uncertain when Marketo gives the import up half-way, with its count", async () => {
    sandbox.failNext("bulkImport", { kind: "job", failsAfterRows: 2, message: "Out of luck" })
    const { requestErrors } = failureOf(await send(people(5)))
    expect(requestErrors?.[0]).to.include({ leads: 5 })
    expect(requestErrors?.[0].message).to.contain("Marketo gave up the import of the file with these rows (import " +
      "5001). It says: Out of luck. By then 2 of its 5 rows had been imported, and which ones is not known.")
  })

  it("are skipped with their reasons when Marketo gives the import up and names them", async () => {
    sandbox.failNext("bulkImport", { kind: "job", failsAfterRows: 3, message: "Out of luck" })
    const rows = [{ email: "twin@example.com", firstName: "Twin" }, { email: "bademail", firstName: "Ana" }]
    for (let index = 0; index < 4; index++) {
      rows.push({ email: `p${index}@example.org`, firstName: "Zoë" })
    }
    const response = await send(rows)
    const { skipped, requestErrors, rows: counts } = failureOf(response)
    expect(skipped).to.deep.equal({ "Multiple lead match lookup criteria": ["twin@example.com"] })
    expect(requestErrors?.[0]).to.include({ leads: 4 })
    expect(counts).to.include({ skipped: 1, failed: 4 })
    expect(response.message).to.contain("1 imported with a warning: Invalid email address (bademail).")
    expectTruth(response, sandbox, { rows })
  })

  it("are uncertain when Marketo gives the import up and says that all was done", async () => {
    sandbox.failNext("bulkImport", { kind: "job", failsAfterRows: 5, message: "Out of luck" })
    const { requestErrors } = failureOf(await send(people(5)))
    expect(requestErrors?.[0].message).to.contain("By then, it says, all of its rows had been imported. Whether")
  })

  it("are uncertain when Marketo no longer knows the import", async () => {
    for (const isLost of ["queued", "done"] as const) {
      sandbox.failNext("bulkImport", { kind: "job", isLost })
      const { leadErrors } = failureOf(await send(people(5)))
      expect(leadErrors?.[0].message).to.contain("what became of it could not be read (import 500")
    }
  })

  it("are told apart from those that were not sent, when the day's calls end while Marketo is at work", async () => {
    sandbox.failNext("bulkImportStatus", { kind: "error", code: "607" })
    const { notSent, rows } = failureOf(await send(people(25), TO_LIST, { batchSizes: { file: SMALL } }))
    expect(rows).to.include({ failed: 10, notSent: 15 })
    expect(Object.keys(notSent ?? {}).join()).to.match(/quota/i).and.not.contain("file with these rows")
  })

  it("are found by the import's other number, and not by an answer about another import", async () => {
    sandbox.addFault({ match: { operation: "bulkImport" }, effect: { kind: "elements", remove: ["batchId"] } })
    sandbox.failNext("bulkImportStatus", { kind: "elements", set: { batchId: 4711, numOfRowsFailed: 5 } })
    sandbox.failNext("bulkImportStatus", { kind: "elements", set: { status: "IMPORTING" } })
    const { success, message } = await send(people(5))
    expect(success, message).to.equal(true)
    expect(message).to.contain("Marketo took 1 file (import 5001).")
  })

  it("go on being asked for while Marketo is away between the upload and the result", async () => {
    sandbox.knobs.bulkJobMs = 50
    sandbox.failNext("bulkImportStatus", { kind: "http", status: 503 }, 7)
    const { success, message } = await send(people(5))
    expect(success, message).to.equal(true)
  })

  it("say which are not known when the failure file cannot be read, or does not add up", async () => {
    const rows = [...people(3), { email: "twin@example.com", firstName: "x", city: "y", leadScore: 2 }]
    sandbox.failNext("bulkImportFailures", { kind: "error", code: "1013" })
    expect(failureOf(await send(rows)).requestErrors?.[0].message)
      .to.contain("Marketo says that 1 of the 4 leads in a file failed (import 5001), and its list of them could " +
        "not be read.")
    sandbox.failNext("bulkImportStatus", { kind: "elements", set: { numOfRowsFailed: 2, status: "Complete" } })
    expect(failureOf(await send(rows)).requestErrors?.[0].message)
      .to.contain("Marketo says that 2 rows of the file with these rows failed (import 5002), and only 1 of them " +
        "could be matched to leads.")
  })

  it("say what is known when the run is stopped while Marketo is at work", async () => {
    sandbox.knobs.bulkJobMs = 60000
    const stop = new AbortController()
    const sending = send(people(25), {}, { stopSignal: stop.signal, batchSizes: { file: SMALL } })
    while (calls("bulkImportStatus") === 0) {
      await new Promise((resolve) => { setImmediate(resolve) })
    }
    stop.abort()
    const { rows, requestErrors } = failureOf(await sending)
    expect(rows).to.include({ received: 25, failed: 20, notSent: 5 })
    expect(requestErrors?.map(({ message }) => message).join()).to.contain(
      "The run was ended while Marketo was importing the file with these rows (import 5001).")
    expect(requestErrors?.[0].message).to.contain("Send these rows again when that import has ended, not before")
  })

  it("are asked for once more when the run is stopped, and count as what became of them", async () => {
    sandbox.knobs.bulkJobMs = 150
    const stop = new AbortController()
    const rows = [...people(5), { email: "twin@example.com", firstName: "x", city: "y", leadScore: 2 }]
    // At Marketo's own pace the next look would come seconds after the stop.
    const sending = send(rows, {}, { stopSignal: stop.signal, speed: 1 })
    while (sandbox.ledger.callsOf("bulkImport").length === 0) {
      await new Promise((resolve) => { setImmediate(resolve) })
    }
    await new Promise((resolve) => { setTimeout(resolve, 300) })
    expect(calls("bulkImportStatus")).to.equal(0)
    stop.abort()
    const { rows: counts, skipped } = failureOf(await sending)
    expect(counts).to.include({ received: 6, createdOrUpdated: 5, skipped: 1, failed: 0 })
    expect(Object.values(skipped ?? {})).to.deep.equal([["twin@example.com"]])
  })

  it("go two at a time, and one at a time into a list", async () => {
    sandbox.knobs.bulkJobMs = 20
    await send(people(60), {}, { batchSizes: { file: SMALL } })
    await send(people(30, 100), TO_LIST, { batchSizes: { file: SMALL } })
    expect(sandbox.ledger.rejectedByCode()).to.deep.equal({})
    expect(calls("bulkImport")).to.equal(9)
  })

  it("never go at once with a run by calls that has the same people", async () => {
    sandbox.knobs.bulkJobMs = 30
    sandbox.knobs.latency.sync = 5
    const rows = people(60)
    const [files, byCalls] = await Promise.all([
      send(rows, {}, { batchSizes: { file: SMALL } }),
      send(rows, { sendBy: "calls" }, { batchSizes: { sync: 7 }, isShared: true }),
    ])
    expect(files.success, files.message).to.equal(true)
    expect(byCalls.success, byCalls.message).to.equal(true)
    expectNoLeadTwice(sandbox)
    expect(sandbox.ledger.overlappingUpserts).to.deep.equal([])
  })

  it("are refused before anything is sent where files cannot do what is asked", async () => {
    for (const [form, words] of [
      [{ leadMode: "createOnly" }, "files cannot only create leads"],
      [{ leadMode: "updateOnly" }, "files cannot only update leads, unless the lookup field is id"],
      [{ severalMatches: "all" }, "files skip rows that several leads match"],
      [{ subaction: "addCampaign", campaignId: "2001" }, "files do nothing with campaigns"],
      [{ subaction: "mirrorList", campaignId: "1005" }, "files cannot mirror a list"],
      [{ subaction: "addList", campaignId: "1005,1001" }, "a file adds leads to one list only"],
    ] as [{ [name: string]: string }, string][]) {
      const failure = await send([], form).catch((error: Error) => error)
      expect((failure as Error).message).to.contain(`Leads cannot be sent as files, since ${words}. Choose`)
    }
    expect(sandbox.ledger.calls).to.deep.equal([])
  })

  it("are not uploaded in a dry run, which counts the calls of files", async () => {
    const { success, message } = await send(people(5), { dryRun: "yes" })
    expect(success, message).to.equal(true)
    expect(calls("bulkImport")).to.equal(0)
    expect(message).to.contain("A real run would send about 1 file, and by calls what files cannot carry. How long " +
      "Marketo takes for a file is not known beforehand.")
    const automatic = await send(people(5), { dryRun: "yes", sendBy: "automatic" })
    expect(automatic.message).to.contain("A real run would take about 1 call and 1 second.")
  })

  it("are foretold by a dry run of an automatic send, as the send itself would decide", async () => {
    const dry = { sendBy: "automatic", dryRun: "yes" }
    const foretold = async (dailyUsed: number, count: number) => {
      await sandbox.stop()
      sandbox = await startSandbox({ dailyUsed })
      return (await send(people(count), dry)).message ?? ""
    }
    expect(await foretold(49940, 3500)).to.contain("A real run would send about 1 file, and by calls what files " +
      "cannot carry, since about 12 calls are too many for what is left of the day, or for the time that a run has.")
    expect(await foretold(0, 3500)).to.match(/A real run would take about 12 calls and \d seconds\./)
    await sandbox.stop()
    sandbox = await startSandbox({ dailyUsed: 49940 })
    const withEmptyCell = people(3500).map((row, index) => index === 2999 ? { ...row, city: null } : row)
    expect((await send(withEmptyCell, dry)).message).to.match(new RegExp("A real run would take about 12 calls and " +
      "\\d seconds, and not go as files, since row 3,000 has an empty cell that clears its field \\(city\\)\\."))
    expect(calls("bulkImport") + calls("syncLeads")).to.equal(0)
    // A real run would find out.
    sandbox.addFault({ match: { operation: "dailyUsage" }, effect: { kind: "error", code: "607" } })
    expect((await send(people(3500), dry)).message).to.contain("seconds, or go as files if these were too many calls")
  })

  it("are not said to take the calls that they save", async () => {
    await sandbox.stop()
    sandbox = await startSandbox({ dailyUsed: 49900 })
    const rows = Array.from({ length: 30000 }, (_each, index) => ({ email: `p${index}@example.org`, firstName: "A" }))
    for (const sendBy of ["files", "automatic"]) {
      const { success, message } = await send(rows, { sendBy, ...TO_LIST })
      expect(success, message).to.equal(true)
      expect(message).not.to.contain("This send takes")
    }
  })

  it("are counted as calls, compared with what is left of the day, once Marketo takes no file", async () => {
    await sandbox.stop()
    sandbox = await startSandbox({ dailyUsed: 49890 })
    sandbox.addFault({ match: { operation: "bulkImport" }, effect: { kind: "error", code: "603" } })
    const rows = Array.from({ length: 50000 }, (_each, index) => ({ email: `p${index}@example.org`, firstName: "A" }))
    const { message } = await send(rows, { sendBy: "automatic", ...TO_LIST },
      { batchSizes: { file: { ...SMALL, leads: 4000, undecidedLeads: 8000 } } })
    expect(message).to.match(/This send takes at least \d+ calls to Marketo, and about \d+ are left of today's/)
  })

  it("are not counted as calls if Marketo took them, whatever became of them", async () => {
    await sandbox.stop()
    sandbox = await startSandbox({ dailyUsed: 49780 })
    sandbox.failNext("bulkImport", { kind: "job", failsAfterRows: 1, message: "Out of luck" })
    sandbox.failNext("bulkImport", { kind: "job", failsAfterRows: 1, message: "Out of luck" })
    const rows = Array.from({ length: 50000 }, (_each, index) => ({ email: `p${index}@example.org`, firstName: "A" }))
    const { message } = await send(rows, { sendBy: "automatic", ...TO_LIST },
      { batchSizes: { file: { ...SMALL, leads: 10000, undecidedLeads: 10000 } } })
    expect(message).to.contain("so the leads after them went by calls")
    expect(message).not.to.contain("This send takes")
  })

  function fail(): never {
    throw new Error("The lead is not there.")
  }
})

describe("The automatic choice", () => {
  let sandbox: MarketoSandbox

  afterEach(async () => sandbox.stop())

  async function send(rows: RowValues[], form: { [name: string]: string } = {}, undecidedLeads = 30000) {
    return runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "none", sendBy: "automatic", ...form },
      batchSizes: { file: { ...SMALL, leads: 4000, undecidedLeads } },
    })
  }

  it("takes calls while they are few", async () => {
    sandbox = await startSandbox({ dailyUsed: 49990 })
    const { message } = await send(people(5))
    expect(message).to.contain("Sent by calls, since one is enough.")
    expect(sandbox.ledger.callsOf("bulkImport")).to.deep.equal([])
  })

  it("takes files when calls would be more than a quarter of what is left of the day", async () => {
    sandbox = await startSandbox({ dailyUsed: 49960 })
    const { success, message } = await send(people(3500), TO_LIST)
    expect(success, message).to.equal(true)
    expect(message).to.match(/Sent as files, since calls would have been \d+, more than a quarter of the \d+ that were/)
  })

  it("begins by calls and goes on as files when they become too many", async () => {
    sandbox = await startSandbox({ dailyUsed: 49960 })
    const { success, message } = await send(people(5000), {}, 8)
    expect(success, message).to.equal(true)
    expect(message).to.match(/Sent by calls first, and as files from row [\d,]+ on, since/)
    expectNoLeadTwice(sandbox)
  })

  it("takes calls for everybody if a cell is empty and clears its field, and says which", async () => {
    sandbox = await startSandbox({ dailyUsed: 49960 })
    const rows = people(3500).map((row, index) => index === 3000 ? { ...row, city: null } : row)
    const response = await send(rows)
    expect(response.message).to.contain("Sent by calls, although files would take fewer, since row 3,001 has an " +
      "empty cell that clears its field (city), and Marketo does not say what an empty cell in a file does.")
    expect(sandbox.ledger.callsOf("bulkImport")).to.deep.equal([])
    expectDocumented(response)
    expectTruth(response, sandbox, { rows })
  })

  it("takes files all the same if empty cells are left alone", async () => {
    sandbox = await startSandbox({ dailyUsed: 49960 })
    const rows = people(3500).map((row, index) => index % 2 === 0 ? { ...row, city: null } : row)
    const response = await send(rows, { emptyCells: "leave" })
    expect(response.message).to.contain("Sent as files, since")
    expect(response.success, response.message).to.equal(true)
    expectTruth(response, sandbox, { rows })
  })

  it("stays with calls that have become too many if a cell was empty by then", async () => {
    sandbox = await startSandbox({ dailyUsed: 49960 })
    const rows = people(5000).map((row, index) => index === 1500 ? { ...row, city: null } : row)
    const response = await send(rows, {}, 8)
    expect(response.message).to.contain("since row 1,501 has an empty cell that clears its field (city)")
    expect(sandbox.ledger.callsOf("bulkImport")).to.deep.equal([])
    expectTruth(response, sandbox, { rows })
  })

  it("sends a row whose empty cell came after the way was settled by calls", async () => {
    sandbox = await startSandbox({ dailyUsed: 49970 })
    const rows = people(6000).map((row, index) => index === 5990 ? { ...row, city: null } : row)
    const response = await runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "none", sendBy: "automatic" },
      batchSizes: { file: { ...SMALL, leads: 4000, undecidedLeads: 3000 } },
    })
    expect(response.success, response.message).to.equal(true)
    expect(response.message).to.contain("Sent as files, since calls would have been about 10, more than a quarter")
    expect(response.message).to.contain("1 lead went by calls.")
    expectTruth(response, sandbox, { rows })
  })

  it("leaves the members of a mirrored list that are in the result where they are", async () => {
    sandbox = await startSandbox()
    sandbox.store.lists.get(LIST)?.members.add(50001)
    const { success, message } = await send([{ email: "ana@example.com", firstName: "Ana" }, ...people(3)],
      { subaction: "mirrorList", campaignId: String(LIST) })
    expect(success, message).to.equal(true)
    expect(message).to.contain("Sent by calls, since files cannot mirror a list.")
    expect(sandbox.store.lists.get(LIST)?.members.has(50001)).to.equal(true)
    expect(sandbox.store.lists.get(LIST)?.members.size).to.equal(4)
  })

  it("writes the fields of program members all the same", async () => {
    sandbox = await startSandbox()
    const { webinar } = SEEDED.programs
    const { success, message } = await send([{ "email": "ana@example.com", "program.seatNumber": "7" }],
      { subaction: "addProgram", campaignId: String(webinar), programStatus: "Registered" })
    expect(success, message).to.equal(true)
    expect(sandbox.programs.get(webinar)?.members.get(50001)?.values).to.deep.equal({ seatNumber: 7 })
  })

  it("says nothing of calls when no row came", async () => {
    sandbox = await startSandbox()
    const { success, message } = await runAgainst(sandbox, {
      rows: [], document: documentOf(people(1)).replace(/"data":.*/, "\"data\":[]}"),
      formParams: { lookupField: "email", subaction: "none", sendBy: "automatic" },
    })
    expect(success, message).to.equal(true)
    expect(message ?? "").not.to.contain("Sent by calls")
  })

  it("says why files cannot be used", async () => {
    sandbox = await startSandbox()
    const { message } = await send(people(5), { leadMode: "updateOnly", subaction: "none" })
    expect(message ?? "").to.contain("Sent by calls, since files cannot only update leads")
  })
})

const effect: fc.Arbitrary<FaultEffect> = fc.oneof(
  fc.record({ kind: fc.constant("error" as const), code: fc.constantFrom("606", "608", "610", "603", "611", "1016",
    "1019", "1003", "502", "604", "") }),
  fc.record({ kind: fc.constant("job" as const), failsAfterRows: fc.constantFrom(0, 3, 10) }),
  fc.constantFrom<FaultEffect>({ kind: "reset", when: "before" }, { kind: "reset", when: "after" },
    { kind: "http", status: 413 }, { kind: "http", status: 503, executes: true }, { kind: "malformed" },
    { kind: "emptyBody" }, { kind: "truncate" }, { kind: "envelope", remove: ["result"] }, { kind: "expireToken" },
    { kind: "job", isLost: "done" }, { kind: "job", isLost: "queued" }, { kind: "dailyQuotaReached" }),
)

const faults: fc.Arbitrary<FaultRule[]> = fc.array(fc.record({
  match: fc.record({ operation: fc.constantFrom("bulkImport", "bulkImport", "bulkImportStatus", "bulkImportFailures",
    "bulkImportWarnings", "syncLeads") }),
  nth: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  effect,
}), { maxLength: 3 })

const email = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 30 }).map((index) => `person${index}@example.org`) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 30 }).map((index) => ` Person${index}@Example.org `) },
  { weight: 1, arbitrary: fc.constantFrom("twin@example.com", null, "", "bademail") },
)

const cell = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).map((text) => `n${text}`) },
  { weight: 1, arbitrary: fc.constantFrom("a\"b", "x,y\r\nz", "\u2028\"\"", "=1+1", "🙂;\t") },
)

const row: fc.Arbitrary<RowValues> = fc.record({
  email, firstName: cell,
  leadScore: fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 9 }) },
    { weight: 1, arbitrary: fc.constantFrom("many", null) }),
})

describe("Any run as files, compared with the sandbox's ledger", function() {
  this.timeout(60000 + RUNS * 2000)

  it("tells the truth, whatever the rows, the sizes, and what goes wrong", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }), fc.boolean(), fc.constantFrom("clear", "leave"),
      fc.constantFrom("files", "automatic"), fc.integer({ min: 2, max: 20 }), fc.constantFrom(0, 5), faults,
      async (rows, hasList, emptyCells, sendBy, leads, bulkJobMs, rules) => {
        const sandbox = await startSandbox({ bulkJobMs, dailyUsed: sendBy === "automatic" ? 49900 : 0 })
        try {
          rules.forEach((rule) => sandbox.addFault(rule))
          const response = await runAgainst(sandbox, {
            rows, batchSizes: { sync: 4, list: 4, file: { bytes: 22000, leads, fewestLeads: 2, undecidedLeads: 6 } },
            formParams: { lookupField: "email", emptyCells, sendBy, ...hasList ? TO_LIST : { subaction: "none" } },
          })
          expectTruth(response, sandbox, { rows, ...hasList ? { listId: LIST } : {} })
        } finally {
          await sandbox.stop()
        }
      },
    ), { numRuns: RUNS, endOnFailure: true })
  })
})
