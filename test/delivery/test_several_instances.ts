import { expect } from "chai"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { runAgainst, startSandbox } from "./run_under_test"

describe("Several Marketo instances, by user attributes on the three settings", () => {
  let sandboxes: MarketoSandbox[]

  beforeEach(async () => { sandboxes = [await startSandbox(), await startSandbox()] })
  afterEach(async () => { await Promise.all(sandboxes.map(async (sandbox) => sandbox.stop())) })

  it("each get what their people send, at the same time, and nothing of the others", async () => {
    const rows = [["anna@example.org"], ["bert@example.org"]].map((emails) => emails.map((email) => ({ email })))
    const answers = await Promise.all(sandboxes.map(async (sandbox, index) =>
      runAgainst(sandbox, { rows: rows[index], formParams: { lookupField: "email", subaction: "none" } })))
    expect(answers.map(({ success }) => success)).to.deep.equal([true, true])
    sandboxes.forEach(({ store }, index) => {
      expect(store.leads.find("email", rows[index][0].email)).to.have.length(1)
      expect(store.leads.find("email", rows[1 - index][0].email)).to.have.length(0)
    })
  })

  it("take no credentials of each other", async () => {
    const [one, other] = sandboxes
    const answer = await runAgainst(one, {
      rows: [{ email: "anna@example.org" }], formParams: { lookupField: "email", subaction: "none" },
      params: { clientID: "of the other", clientSecret: other.clientSecret },
    })
    expect(answer.success).to.equal(false)
    expect(answer.message).to.contain("does not know the Client ID")
    expect(one.ledger.leadsCreated + other.ledger.leadsCreated).to.equal(0)
  })
})
