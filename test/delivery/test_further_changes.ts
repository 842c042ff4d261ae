import { expect } from "chai"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

const WEBINAR = String(SEEDED.programs.webinar)
const NEWSLETTER = SEEDED.lists.newsletter

function people(count: number): RowValues[] {
  return Array.from({ length: count }, (_unused, index) => ({ email: `p${index}@example.org`, firstName: "Ana" }))
}

describe("Further changes that a run makes in Marketo", () => {
  let sandbox: MarketoSandbox

  afterEach(async () => sandbox.stop())

  async function start(options: MarketoSandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox(options)
  }

  async function run(rows: RowValues[], formParams: { [name: string]: string }) {
    return runAgainst(sandbox, { rows, formParams: { lookupField: "email", subaction: "none", ...formParams } })
  }

  async function refusal(rows: RowValues[], formParams: { [name: string]: string }): Promise<string> {
    return run(rows, formParams).then(() => "", (failure: Error) => failure.message)
  }

  describe("programs", () => {
    it("adds to a program with a status; those already in or past it are no failure", async () => {
      await start()
      const rows = [...people(3), { email: "ana@example.com", firstName: "Ana" }]
      const response = await run(rows, { subaction: "addProgram", campaignId: WEBINAR, programStatus: "Registered" })
      expect(response.message).to.equal("4 rows received: 3 leads created, 1 updated. " +
        `Program ${WEBINAR}: 3 leads set to status "Registered", 1 needed no change.`)
      expect(sandbox.programs.get(SEEDED.programs.webinar)?.members.size).to.equal(4)
    })

    it("removes from a program; those that are not in it are no failure", async () => {
      await start()
      const rows = ["ana@example.com", "bo@example.com"].map((email) => ({ email, firstName: "x" }))
      const response = await run(rows, { subaction: "removeProgram", campaignId: WEBINAR })
      expect(response.message).to.contain(`Program ${WEBINAR}: 1 lead removed, 1 needed no change.`)
    })

    it("refuses an unknown program, and a status that its channel does not have, before a lead is sent", async () => {
      await start()
      const unknown = await refusal(people(1), { subaction: "removeProgram", campaignId: "99" })
      expect(unknown).to.match(/^Marketo has no program with the ID 99/)
      const status = await refusal(people(1), { subaction: "addProgram", campaignId: WEBINAR, programStatus: "Gone" })
      expect(status).to.equal("The program \"Spring Webinar\" has no status \"Gone\". " +
        "Choose one of: Invited, Registered, No Show, Attended.")
      expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
    })

    it("asks for a status", async () => {
      await start()
      expect(await refusal(people(1), { subaction: "addProgram", campaignId: WEBINAR })).to.match(/program status was not/)
    })
  })

  describe("lists by name", () => {
    it("uses the list of that name", async () => {
      await start()
      const response = await run(people(2), { subaction: "addList", listName: "Newsletter" })
      expect(response.message).to.contain("List \"Newsletter\": 2 leads added.")
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(12)
    })

    it("creates it when there is none, once", async () => {
      await start()
      const response = await run(people(700), { subaction: "addList", listName: "Made by Looker" })
      expect(response.success, response.message).to.equal(true)
      expect(sandbox.ledger.callsOf("createStaticList")).to.have.length(1)
      const made = [...sandbox.lists.values()].find((list) => list.name === "Made by Looker")
      expect(made?.members.size).to.equal(700)
    })

    it("refuses a name that the API user may not look up, before a lead is sent", async () => {
      await start({ customServices: [{ permissions: ["Read-Write Lead"] }] })
      for (const subaction of ["addList", "mirrorList"]) {
        expect(await refusal(people(1), { subaction, listName: "Newsletter" })).to.match(
          /^The static list "Newsletter" cannot be found by its name, since .*\(code 603\).*permission Read-Only Assets/)
      }
      expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
    })

    it("sends no lead when the API user may not create the list", async () => {
      await start({ customServices: [{ permissions: ["Read-Write Lead", "Read-Only Assets"] }] })
      const failure = failureOf(await run(people(301), { subaction: "addList", listName: "Made by Looker" }))
      expect(Object.keys(failure.notSent ?? {})).to.deep.equal(["No lead was sent, since the list to add them to " +
        "could not be found or created: Access denied. The role of the API user lacks the permission Read-Write " +
        "Assets, or this hub's address is not on the instance's IP allow list. Ask your Marketo administrator to add " +
        "what is missing."])
      expect(failure.rows).to.include({ received: 301, notSent: 301 })
      expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
    })

    it("leaves none behind when there is nobody to add", async () => {
      await start()
      await run([{ email: null, firstName: "x" }], { subaction: "addList", listName: "Made by Looker" })
      expect(sandbox.ledger.callsOf("createStaticList")).to.have.length(0)
    })
  })

  describe("mirroring a list", () => {
    const members = ["ana", "bo", "chen", "dina", "emre", "fay", "goran", "hana", "ivo", "jun"]
    const rowsFor = (names: string[]): RowValues[] =>
      names.map((name) => ({ email: `${name}@example.com`, firstName: name }))
    const mirror = { subaction: "mirrorList", campaignId: String(NEWSLETTER) }

    it("makes it hold exactly the leads of the result", async () => {
      await start()
      const response = await run([...rowsFor(members.slice(0, 7)), ...people(2)], mirror)
      expect(response.message).to.contain(`List ${NEWSLETTER}: 9 leads added, 3 removed that were not in the result.`)
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(9)
    })

    it("refuses to remove more members than the form allows", async () => {
      await start()
      const failure = failureOf(await run(rowsFor(members.slice(0, 2)), mirror))
      expect(failure.requestErrors?.[0].message).to.contain("8 of its 10 members are not in the query result")
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(10)
      await run(rowsFor(members.slice(0, 2)), { ...mirror, mirrorLimit: "80 %" })
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(2)
    })

    it("removes nobody when a row was not applied", async () => {
      await start()
      const failure = failureOf(await run([...rowsFor(members.slice(0, 8)), { email: null, firstName: "x" }], mirror))
      expect(failure.requestErrors?.[0].message).to.contain("since not every row was applied")
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(10)
    })

    it("removes nobody when an addition to the list is not certain", async () => {
      await start()
      sandbox.failNext("addToList", { kind: "error", code: "1013", message: "List not found" })
      const failure = failureOf(await run(rowsFor(members.slice(0, 8)), mirror))
      expect(failure.requestErrors?.[0].message).to.contain("since not every row was applied")
      expect(sandbox.ledger.callsOf("removeFromList")).to.have.length(0)
    })

    it("removes the others when a single value was left out, since every lead is known", async () => {
      await start()
      const rows = rowsFor(members.slice(0, 8)).map((row) => ({ ...row, leadScore: "high" }))
      const failure = failureOf(await run(rows, mirror))
      expect(failure.membership).to.deep.equal(
        [{ list: String(NEWSLETTER), changed: 8, already: 0, skipped: 0, failed: 0, removed: 2 }])
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(8)
    })

    it("never empties a list for a result without rows", async () => {
      await start()
      const document = JSON.stringify({ fields: { dimensions: [{ name: "e", tags: ["marketo:email"] }] }, data: [] })
      const response = await runAgainst(sandbox, {
        rows: [], document, formParams: { lookupField: "email", ...mirror, mirrorLimit: "100" },
      })
      expect(failureOf(response).requestErrors?.[0].message).to.contain("the query result has no rows")
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(10)
    })
  })

  describe("modes", () => {
    it("updates only", async () => {
      await start()
      const rows = [{ email: "ana@example.com", firstName: "A" }, { email: "new@example.org", firstName: "B" }]
      const failure = failureOf(await run(rows, { leadMode: "updateOnly" }))
      expect(failure.skipped).to.deep.equal({ "Lead not found": ["new@example.org"] })
      expect(failure.rows).to.include({ updated: 1, created: 0 })
    })

    it("creates only", async () => {
      await start()
      const rows = [{ email: "ana@example.com", firstName: "A" }, { email: "new@example.org", firstName: "B" }]
      const failure = failureOf(await run(rows, { leadMode: "createOnly" }))
      expect(failure.skipped).to.deep.equal({ "Lead already exists": ["ana@example.com"] })
      expect(failure.rows).to.include({ updated: 0, created: 1 })
    })

    it("says that it is uncertain who created a lead, when the first attempt broke off", async () => {
      await start()
      sandbox.failNext("syncLeads", { kind: "reset", when: "after" })
      const failure = failureOf(await run(people(2), { leadMode: "createOnly" }))
      expect(failure.skipped).to.equal(undefined)
      expect(failure.requestErrors?.[0].message).to.contain("uncertain")
    })

    it("creates leads in the chosen partition", async () => {
      await start()
      await run(people(1), { partition: "EMEA" })
      const [id] = sandbox.leads.find("email", "p0@example.org")
      expect(sandbox.leads.get(id)?.partitionId).to.equal(sandbox.store.partitionByName("EMEA")?.id)
    })

    it("refuses a partition that is none, before a lead is sent", async () => {
      await start()
      expect(await refusal(people(1), { partition: "Nowhere" })).to.equal(
        "Marketo has no lead partition \"Nowhere\" that this API user can see. Choose one of: Default, EMEA.")
      expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
    })

    it("names a choice that is none", async () => {
      await start()
      expect(await refusal(people(1), { leadMode: "destroy" })).to.equal(
        "\"destroy\" is not a choice for leadMode. Choose one of: createOrUpdate, updateOnly, createOnly, " +
          "membershipOnly.")
    })
  })

  it("gives a campaign its tokens", async () => {
    await start()
    const campaignTokens = "{{my.offer}} = Spring\nmy.code=7"
    const formParams = { subaction: "addCampaign", campaignId: "2001", campaignTokens }
    expect((await run(people(1), formParams)).success).to.equal(true)
    const refused = await refusal(people(1), { ...formParams, campaignTokens: "offer: Spring" })
    expect(refused).to.match(/^"offer: Spring" is not a campaign token/)
  })

  it("says when to send again the rows whose membership met the end of the day's calls", async () => {
    await start()
    sandbox.failNext("addToList", { kind: "error", code: "607", message: "Daily quota reached" })
    const failure = failureOf(await run(people(2), { subaction: "addList", campaignId: "1005" }))
    expect(failure.membershipErrors?.[0].message).to.match(
      /^Daily quota reached\. Marketo takes calls again after midnight .* UTC\)\. Send these rows again then\.$/)
  })

  describe("a dry run", () => {
    it("writes nothing, and tells what would become of every row", async () => {
      await start()
      const rows = [...people(301), { email: "ANA@example.com", firstName: "A" },
        { email: SEEDED.duplicateEmails[0], firstName: "x" }, { email: null, firstName: "y" }]
      const failure = failureOf(await run(rows, { dryRun: "yes", subaction: "addList", campaignId: "1005" }))
      expect(failure).to.deep.include({
        dryRun: true,
        skipped: {
          "No value for the lookup field email": ["row 304"],
          "Multiple lead match lookup criteria": [SEEDED.duplicateEmails[0]],
        },
      })
      expect(failure.rows).to.include({ received: 304, created: 301, updated: 1, skipped: 2 })
      expect(failure.notes?.join(" ")).to.contain("A real run would take about 4 calls and 2 seconds.")
      expect(sandbox.ledger.leadsCreated + sandbox.ledger.leadsUpdated).to.equal(0)
      expect(sandbox.ledger.callsOf("addToList")).to.have.length(0)
    })

    it("is a success when nothing would be skipped", async () => {
      await start()
      const response = await run(people(2), { dryRun: "yes" })
      expect(response.message).to.equal("2 rows received: 2 leads would be created, 0 updated. firstName would be " +
        "set in 2 new leads. This was a dry run: nothing was written to Marketo. A real run would take about 1 call " +
        "and 1 second.")
    })

    it("tells how many members mirroring would remove", async () => {
      await start()
      const rows = [{ email: "ana@example.com", firstName: "A" }, ...people(2)]
      const response = await run(rows, { dryRun: "yes", subaction: "mirrorList", campaignId: String(NEWSLETTER) })
      expect(response.message).to.contain("A real run would remove no lead from list 1001: 9 of its 10 members are " +
        "not in the query result, which is more than the 50 % that the form allows to be removed.")
      const raised = await run(rows, {
        dryRun: "yes", subaction: "mirrorList", campaignId: String(NEWSLETTER), mirrorLimit: "90",
      })
      expect(raised.message).to.contain("A real run would remove 9 of the 10 members of list 1001, since they are not")
      expect(sandbox.lists.get(NEWSLETTER)?.members.size).to.equal(10)
    })

    it("tells that mirroring would remove nobody while rows are skipped", async () => {
      await start()
      const rows = [{ email: "ana@example.com", firstName: "A" }, { email: null, firstName: "B" }]
      const failure = failureOf(await run(rows, { dryRun: "yes", subaction: "mirrorList", listName: "Newsletter" }))
      expect(failure.notes?.[0]).to.equal("A real run would remove no lead from list \"Newsletter\", since not " +
        "every row would be applied: a lead that is skipped may be among its members.")
    })

    it("tells that a list would be created", async () => {
      await start()
      const response = await run(people(1), { dryRun: "yes", subaction: "addList", listName: "Made by Looker" })
      expect(response.message).to.contain(
        "There is no static list \"Made by Looker\" yet; a real run would create it")
      expect(sandbox.ledger.callsOf("createStaticList")).to.have.length(0)
    })

    it("counts the calls of leads that Marketo would skip", async () => {
      await start()
      const failure = failureOf(await run(people(301), { dryRun: "yes", leadMode: "updateOnly" }))
      expect(failure.notes).to.deep.equal(["This was a dry run: nothing was written to Marketo. A real run would " +
        "take about 2 calls and 1 second."])
    })

    it("says no more than that of an empty result", async () => {
      await start()
      const fields = { dimensions: [{ name: "lead.email", tags: ["marketo:email"] }] }
      const document = JSON.stringify({ fields, data: [] })
      const response = await runAgainst(sandbox, {
        rows: [], document, formParams: { lookupField: "email", subaction: "none", dryRun: "yes" },
      })
      expect(response.message).to.equal(
        "The query result has no rows, so nothing was sent to Marketo. This was a dry run.")
    })

    it("knows the modes", async () => {
      await start()
      const rows = [{ email: "ana@example.com", firstName: "A" }, ...people(1)]
      const updateOnly = failureOf(await run(rows, { dryRun: "yes", leadMode: "updateOnly" }))
      expect(updateOnly.skipped).to.deep.equal({ "Lead not found": ["p0@example.org"] })
      const createOnly = failureOf(await run(rows, { dryRun: "yes", leadMode: "createOnly" }))
      expect(createOnly.skipped).to.deep.equal({ "Lead already exists": ["ana@example.com"] })
    })
  })
})
