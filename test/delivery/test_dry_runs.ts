import { expect } from "chai"
import * as fc from "fast-check"
import { ActionResponse } from "../../src/hub"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

/** The only calls that a dry run makes. */
const READS = ["identity", "describeLeads2", "browseLists", "filterLeads"]

/** Addresses of known leads, of two leads each, of nobody yet in several spellings, and none at all. */
const email = fc.constantFrom<string | null>(
  "ana@example.com", "BO@example.com", "chen@example.com", SEEDED.duplicateEmails[0], "new1@example.org",
  "New1@Example.org", "new2@example.org", " new3@example.org", "new4@example.org", "zoë@example.com", "", null)

const row = fc.record({
  email,
  firstName: fc.constantFrom("A", "B", null),
  leadScore: fc.constantFrom<string | number | null>(1, "7", "x", null),
})

const choices = fc.record({
  leadMode: fc.constantFrom("createOrUpdate", "updateOnly", "createOnly"),
  emptyCells: fc.constantFrom("clear", "leave"),
  invalidValues: fc.constantFrom("leaveOut", "skipRow"),
  subaction: fc.constantFrom("none", "addList"),
})

describe("A dry run and the run that follows", () => {
  let sandbox: MarketoSandbox

  beforeEach(async () => { sandbox = await startSandbox() })

  afterEach(async () => sandbox.stop())

  async function run(rows: RowValues[], formParams: { [name: string]: string }) {
    const campaignId = formParams.subaction === "addList" ? "1005" : ""
    const response = await runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", campaignId, ...formParams }, batchSizes: { sync: 3 },
    })
    return countsOf(response)
  }

  function countsOf(response: ActionResponse): { [outcome: string]: number } {
    if (!response.success) {
      return failureOf(response).rows
    }
    const numberBefore = (words: RegExp) => Number(words.exec(response.message ?? "")?.[1] ?? "0")
    return {
      received: numberBefore(/^(\d+) rows? received/), created: numberBefore(/(\d+) leads? (?:would be )?created/),
      updated: numberBefore(/(\d+) updated/), merged: numberBefore(/(\d+) rows? merged/), skipped: 0, failed: 0,
      notSent: 0,
    }
  }

  it("count the same, whatever the rows and the mode; the dry run writes nothing", async () => {
    await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 25 }), choices, async (rows, form) => {
      await sandbox.stop()
      sandbox = await startSandbox()
      const dry = await run(rows, { ...form, dryRun: "yes" })
      const operations = sandbox.ledger.calls.map((call) => call.operation)
      expect(operations.filter((operation) => !READS.includes(operation))).to.deep.equal([])
      const real = await run(rows, form)
      expect(dry).to.include({ received: rows.length, created: real.created, failed: 0, notSent: 0 })
      // Rows of one lead meet in one batch or in two, as time will have it; all else must be equal.
      const known = ({ updated, merged, skipped }: { [outcome: string]: number }) => form.leadMode === "createOnly" ?
        [merged + skipped, updated] : [merged + updated, skipped]
      expect(known(dry)).to.deep.equal(known(real))
    }), { numRuns: 60 })
  })

  it("count a new lead once, though its rows are in different batches", async () => {
    const others = [1, 2, 3, 4, 5, 6].map((number) => ({ email: `other${number}@example.org`, firstName: "O" }))
    const rows = [{ email: "new@example.org", firstName: "A" }, ...others, { email: "NEW@example.org", firstName: "B" }]
    const dry = await run(rows, { subaction: "none", dryRun: "yes" })
    expect(dry).to.include({ created: 7, updated: 1, merged: 0 })
    expect(await run(rows, { subaction: "none" })).to.deep.equal(dry)
  })
})
