import { expect } from "chai"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { expectNoLeadTwice } from "./oracle"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

const LIST = "1005"

describe("Leads sent as files", () => {
  let sandbox: MarketoSandbox

  beforeEach(async () => { sandbox = await startSandbox() })
  afterEach(async () => sandbox.stop())

  async function send(rows: RowValues[], form: { [name: string]: string } = {}, more: object = {}) {
    return runAgainst(sandbox, {
      rows, formParams: { lookupField: "email", subaction: "none", sendBy: "files", ...form }, ...more,
    })
  }

  const people = (count: number, from = 0): RowValues[] => Array.from({ length: count }, (_each, index) =>
    ({ email: `p${from + index}@example.org`, firstName: `Zoë "${index}"`, city: "a,b\nc", leadScore: index }))

  it("arrive with their values and join the list, for a call, and say what cannot be told", async () => {
    const { success, message } = await send(people(40), { subaction: "addList", campaignId: LIST })
    expect(success, message).to.equal(true)
    expect(message).to.contain("40 rows received: 0 leads created, 0 updated, 40 created or updated as files (Marketo " +
      "does not say which of the two). List 1005: 40 leads added. Marketo took 1 file (import 5001).")
    expect(sandbox.ledger.callsOf("bulkImport")).to.have.length(1)
    expect(sandbox.ledger.callsOf("syncLeads")).to.deep.equal([])
    expect(sandbox.store.lists.get(Number(LIST))?.members.size).to.equal(40)
    const [id] = sandbox.leads.find("email", "p7@example.org")
    expect(sandbox.leads.get(id)?.values).to.include({ firstName: "Zoë \"7\"", city: "a,b\nc", leadScore: 7 })
    expectNoLeadTwice(sandbox)
  })

  it("x", async () => {
    const res = await send([...people(5), { email: "twin@example.com", firstName: "A", city: "B", leadScore: 3 },
      { email: "p1@example.org", firstName: "later" }, { email: "q@example.org", firstName: null, city: "x" }])
    console.log(failureOf(res), res.message)
    console.log(sandbox.ledger.calls.map(({ operation }) => operation))
  })
})
