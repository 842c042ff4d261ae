import { expect } from "chai"
import * as fc from "fast-check"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

const LIST = "1005"

describe("Rows that several leads in Marketo match", () => {
  let sandbox: MarketoSandbox
  let ids: number[]

  beforeEach(async () => {
    sandbox = await startSandbox()
    ids = [addTwin("Old", 1000), addTwin("Latest", 3000), addTwin("Middle", 2000)]
  })
  afterEach(async () => sandbox.stop())

  function addTwin(firstName: string, updatedAt: number, email = "twin@example.org"): number {
    const lead = sandbox.store.addLead({ email, firstName })
    lead.updatedAt = Date.UTC(2026, 0, 1) + 1000 * updatedAt
    return lead.id
  }

  async function send(
    form: { [name: string]: string }, rows: RowValues[] = [{ email: "twin@example.org", lastName: "New" }],
  ) {
    return runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "addList", campaignId: LIST, ...form },
    })
  }

  const lastNames = () => ids.map((id) => sandbox.store.leads.get(id)?.values.lastName)
  const members = () => ids.filter((id) => sandbox.store.lists.get(Number(LIST))?.members.has(id))

  it("are skipped and reported unless somebody chose otherwise", async () => {
    const { skipped } = failureOf(await send({}))
    expect(Object.values(skipped ?? {})).to.deep.equal([["twin@example.org"]])
    expect(lastNames()).to.deep.equal([undefined, undefined, undefined])
  })

  it("update the lead that was updated last, and add that one to the list", async () => {
    const { success, message } = await send({ severalMatches: "latest" })
    expect(success, message).to.equal(true)
    expect(message).to.contain("1 row matched several leads in Marketo: for each, the one that was updated last was " +
      "updated (1 lead).")
    expect(lastNames()).to.deep.equal([undefined, "New", undefined])
    expect(members()).to.deep.equal([ids[1]])
  })

  it("update all of them, and add all of them", async () => {
    const { success, message } = await send({ severalMatches: "all" })
    expect(success, message).to.equal(true)
    expect(message).to.contain("for each, all of them were updated (3 leads).")
    expect(lastNames()).to.deep.equal(["New", "New", "New"])
    expect(members()).to.deep.equal(ids)
    const calls = ["syncLeads", "filterLeads", "addToList"].flatMap((operation) => sandbox.ledger.callsOf(operation))
    expect(calls).to.have.length(4)
    expect((await send({ severalMatches: "all", dryRun: "yes" })).message)
      .to.contain("A real run would take about 4 calls")
  })

  it("cost no call more where there are none", async () => {
    await send({ severalMatches: "all" }, [{ email: "one@example.org", lastName: "New" }])
    expect(sandbox.ledger.callsOf("filterLeads")).to.deep.equal([])
  })

  it("count a row as skipped of which a lead has vanished meanwhile, say so, and apply the others", async () => {
    sandbox.faults.add({
      match: { operation: "syncLeads" }, nth: 2,
      effect: { kind: "record", positions: [1], code: "1004", message: "Lead not found" },
    })
    const response = await send({ severalMatches: "all" })
    const { rows } = failureOf(response)
    expect(response.message).to.contain("- 1 skipped: Of several leads that match, one was not found any more when " +
      "it was to be updated (twin@example.org). It was merged or deleted meanwhile: send these rows again.\n")
    expect(response.message).to.contain("- 1 row matched several leads in Marketo: for each, all of them were to be " +
      "updated, which is certain of 2 leads.\n")
    expect(rows).to.include({ received: 1, skipped: 1, updated: 0 })
    expect(members()).to.have.length(2)
  })

  it("say so when nobody is found any more", async () => {
    sandbox.failNext("filterLeads", { kind: "resultLength", difference: -3 })
    const response = await send({ severalMatches: "latest" })
    expect(response.success).to.equal(false)
    expect(response.message).to.contain("- 1 skipped: Several leads matched, and when they were looked up, none was " +
      "found any more (twin@example.org). They were merged or deleted meanwhile: send these rows again.\n")
  })

  it("respect the lead partition that was chosen", async () => {
    const response = await send({ severalMatches: "latest", partition: "EMEA" })
    expect(response.success).to.equal(false)
    expect(response.message).to.contain("none of them is in the lead partition \"EMEA\" (twin@example.org). Choose " +
      "another lead partition in the form, or none.\n")
  })

  it("update only those in the lead partition that was chosen, and say so", async () => {
    const id = sandbox.store.addLead({ email: "twin@example.org" }, { partition: "EMEA" }).id
    const { message } = await send({ severalMatches: "all", partition: "EMEA" })
    expect(message).to.contain("1 row matched several leads in Marketo: for each, all of them in the lead partition " +
      "\"EMEA\" were updated (1 lead).")
    expect(lastNames()).to.deep.equal([undefined, undefined, undefined])
    expect(sandbox.store.leads.get(id)?.values.lastName).to.equal("New")
  })

  it("are told what to do when their comma keeps them from being looked up", async () => {
    ["one", "two"].forEach((firstName) => sandbox.store.addLead({ customerNumber: "7, left", firstName }))
    const response = await send({ severalMatches: "all", lookupField: "customerNumber" },
      [{ customerNumber: "7, left", lastName: "New" }])
    expect(response.message).to.contain("- 1 skipped: Several leads in Marketo have the same lookup value, which " +
      "cannot be looked up, because of its comma (7, left). Merge them in Marketo, or choose another lookup field.\n")
  })

  it("are certain not to be updated when they cannot be looked up", async () => {
    sandbox.faults.add({ match: { operation: "filterLeads" }, times: 99, effect: { kind: "http", status: 503 } })
    const { message } = await send({ severalMatches: "all" })
    expect(message).to.contain("- 1 failed: Marketo gave HTTP 503 (twin@example.org). Send these rows again later.\n")
    expect(message).not.to.contain("uncertain")
    expect(lastNames()).to.deep.equal([undefined, undefined, undefined])
  })

  it("update nobody in a run that only creates leads, even if Marketo says that several match", async () => {
    sandbox.failNext("syncLeads", {
      kind: "record", positions: [0], code: "1007", message: "Multiple lead match lookup criteria",
    })
    const response = await send({ severalMatches: "all", leadMode: "createOnly" })
    expect(failureOf(response).rows).to.include({ received: 1, skipped: 1, updated: 0 })
    expect(lastNames()).to.deep.equal([undefined, undefined, undefined])
  })

  it("would do in a dry run what a run then does, whatever the rows and the choice", async () => {
    await fc.assert(fc.asyncProperty(
      fc.array(fc.constantFrom("twin@example.org", "TWIN@example.org", "ana@example.com", "new@example.org"),
        { minLength: 1, maxLength: 8 }),
      fc.constantFrom("latest", "all"), fc.constantFrom("createOrUpdate", "updateOnly", "membershipOnly"),
      async (emails, severalMatches, leadMode) => {
        await sandbox.stop()
        sandbox = await startSandbox()
        ids = [addTwin("Old", 1000), addTwin("Latest", 3000)]
        const rows = emails.map((email, index) => ({ email, lastName: `N${index}` }))
        const numbers = (message = "") => /[\d,]+ (?:rows? received|of|leads? found)[^.]*/.exec(message)?.[0]
          .replace(/(?:would be|were|was) |Dry run: /g, "")
        const dry = await send({ severalMatches, leadMode, dryRun: "yes" }, rows)
        const before = JSON.stringify([...sandbox.store.leads.all()].map(({ values }) => values))
        const real = await send({ severalMatches, leadMode }, rows)
        expect(dry.success).to.equal(real.success)
        expect(numbers(dry.message)).to.equal(numbers(real.message))
        if (leadMode === "membershipOnly") {
          expect(JSON.stringify([...sandbox.store.leads.all()].map(({ values }) => values))).to.equal(before)
        }
      },
    ), { numRuns: 25 })
  })
})

describe("A run for memberships only", () => {
  let sandbox: MarketoSandbox

  beforeEach(async () => { sandbox = await startSandbox() })
  afterEach(async () => sandbox.stop())

  const form = { lookupField: "email", subaction: "addList", campaignId: LIST, leadMode: "membershipOnly" }

  it("adds who is there to the list, writes no field, creates nobody, and names who was not found", async () => {
    const id = sandbox.store.addLead({ email: "there@example.org", firstName: "Old" }).id
    const count = sandbox.store.leads.size
    const response = await runAgainst(sandbox, {
      formParams: form,
      rows: [{ email: "there@example.org", firstName: "New", noSuchField: "x" }, { email: "gone@example.org" }],
    })
    const { skipped, rows } = failureOf(response)
    expect(response.message).to.match(/^1 of 2 rows was applied: 1 lead found in Marketo; 1 was skipped\./)
    expect(rows).to.include({ received: 2, found: 1, skipped: 1, created: 0, updated: 0 })
    expect(skipped).to.deep.equal({ "Lead not found": ["gone@example.org"] })
    expect(response.message).to.contain("- 1 skipped: Lead not found (gone@example.org). Marketo has no such lead " +
      "that this API user can see, and this run creates nobody.\n")
    expect(sandbox.store.leads.get(id)?.values.firstName).to.equal("Old")
    expect(sandbox.store.leads.size).to.equal(count)
    expect(sandbox.store.lists.get(Number(LIST))?.members.has(id)).to.equal(true)
    expect(sandbox.ledger.callsOf("syncLeads")).to.deep.equal([])
  })

  it("is refused when nothing is to be done", async () => {
    const failure = await runAgainst(sandbox, {
      formParams: { lookupField: "email", subaction: "none", leadMode: "membershipOnly" }, rows: [],
    }).catch((error: Error) => error)
    expect((failure as Error).message).to.contain("Nothing would be done")
  })
})
