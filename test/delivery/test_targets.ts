import { expect } from "chai"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { failureOf, RowValues, runAgainst, startSandbox } from "./run_under_test"

const NEWSLETTER = SEEDED.lists.newsletter
const GROUP_LISTS = 13

function people(count: number): RowValues[] {
  return Array.from({ length: count }, (_unused, index) => ({ email: `p${index}@example.org`, firstName: "Ana" }))
}

describe("What a run goes to, by id or by name", () => {
  let sandbox: MarketoSandbox

  afterEach(async () => sandbox.stop())

  async function start(options: MarketoSandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox(options)
  }

  /** The form may hold what JSON can hold. */
  async function run(rows: RowValues[], form: { [name: string]: unknown }) {
    const formParams = { lookupField: "email", subaction: "addList", ...form } as { [name: string]: string }
    return runAgainst(sandbox, { rows, formParams })
  }

  /** How a run is refused, with nothing written. */
  async function refusal(form: { [name: string]: unknown }): Promise<string> {
    const message = await run(people(1), form).then((response) => `answered: ${response.message}`,
      (failure: Error) => failure.message)
    expect(written()).to.deep.equal([])
    return message
  }

  function written(): string[] {
    return ["syncLeads", "addToList", "removeFromList", "createStaticList"]
      .filter((operation) => sandbox.ledger.callsOf(operation).length > 0)
  }

  function membersOf(id: number): number {
    return sandbox.lists.get(id)?.members.size ?? -1
  }

  describe("ids", () => {
    for (const campaignId of ["2001, SC2001B2,02001", ["2001", 2001, "#sc02001a1"], "2001,2001"]) {
      it(`${JSON.stringify(campaignId)} request the campaign once for each lead`, async () => {
        await start()
        const form = { subaction: "addCampaign", campaignId, target: "campaign:2001" }
        expect((await run(people(150), form)).message).to.contain("Campaign 2001: requested for 150 leads.")
        expect(sandbox.ledger.repeatedCampaignRequests()).to.deep.equal([])
      })
    }

    it("that are numbers are used", async () => {
      await start()
      expect((await run(people(2), { subaction: undefined, campaignId: 2001 })).message)
        .to.contain("Campaign 2001: requested for 2 leads.")
    })

    it("that cannot be read are refused by the field's name", async () => {
      await start()
      expect(await refusal({ subaction: undefined, campaignId: { id: 2001 } }))
        .to.equal("The form's value for campaignId is an object, where a text is meant. Choose or type it anew in " +
          "the form.")
    })

    it("of a list that is given by name, too, add to it once", async () => {
      await start()
      const response = await run(people(2), { campaignId: `ST${NEWSLETTER}A1`, listName: "Newsletter" })
      expect(response.message).to.contain(`List ${NEWSLETTER}: 2 leads added.`).and.not.to.contain("\"Newsletter\"")
      expect(sandbox.ledger.callsOf("addToList")).to.have.length(1)
    })
  })

  describe("a list name", () => {
    it("is looked up once, and the run goes by the id from then on", async () => {
      await start()
      const response = await run(people(2), { subaction: "mirrorList", listName: " Newsletter\n", mirrorLimit: "100" })
      expect(response.message)
        .to.contain("List \"Newsletter\": 2 leads added, 10 removed that were not in the result.")
      expect(membersOf(NEWSLETTER)).to.equal(2)
      expect(sandbox.ledger.callsOf("getStaticListByName")).to.have.length(1)
    })

    for (const subaction of ["addList", "mirrorList"]) {
      it(`that several lists have is refused with all of them (${subaction})`, async () => {
        await start()
        sandbox.store.addStaticList({ id: 1101, name: "Newsletter", folderId: SEEDED.folders.events,
          programName: "Spring Webinar" })
        sandbox.store.addStaticList({ id: 1102, name: "Newsletter", folderId: SEEDED.folders.emea, workspace: "EMEA" })
        const message = await refusal({ subaction, listName: "Newsletter" })
        expect(message).to.equal("Marketo has 3 static lists named \"Newsletter\": \"Newsletter\" (ID 1001, folder " +
          "13, workspace Default); \"Newsletter\" (ID 1101, program Spring Webinar, workspace Default); " +
          "\"Newsletter\" (ID 1102, folder 22, workspace EMEA). Choose the one that is meant by name, or give its ID " +
          "in place of the name.")
        expect(membersOf(NEWSLETTER)).to.equal(10)
      })
    }

    it("that several lists have is refused also when their programs cannot be read, naming ten at most", async () => {
      await start()
      for (let id = 1101; id <= 1112; id++) {
        sandbox.store.addStaticList({ id, name: "Newsletter", folderId: id })
      }
      sandbox.addFault({ match: { operation: "browseLists" }, effect: { kind: "error", code: "603" } })
      const message = await refusal({ listName: "Newsletter" })
      expect(message).to.match(/^Marketo has 13 static lists/)
      expect(message).to.contain("(ID 1109, folder 1109, workspace Default); and 3 more.")
    })

    it("that only nearly is a list's is refused with that list", async () => {
      await start()
      sandbox.addFault({
        match: { operation: "getStaticListByName" }, effect: { kind: "malformed", text: JSON.stringify({
          success: true, errors: [], requestId: "1#1", warnings: [],
          result: [{ id: NEWSLETTER, name: "Newsletter", folder: { id: 13, type: "Folder" }, workspace: "Default" }],
        }) },
      })
      expect(await refusal({ listName: "newsletter" })).to.equal("Marketo has no static list named exactly " +
        "\"newsletter\", but \"Newsletter\" (ID 1001, folder 13, workspace Default). Write the name as it is in " +
        "Marketo, or give the list's ID in place of its name.")
    })

    it("with a comma is refused before anything is asked", async () => {
      await start()
      expect(await refusal({ listName: "Spain, Portugal" })).to.contain("has a comma")
      expect(sandbox.ledger.calls).to.have.length(0)
    })

    it("is created in the one folder for lists, and found again by the next run", async () => {
      await start()
      for (const round of [1, 2]) {
        const response = await run(people(round), { listName: "Made by Looker" })
        expect(response.message).to.contain(`List "Made by Looker": ${round} lead${round === 1 ? "" : "s"} added.`)
      }
      expect(sandbox.ledger.callsOf("createStaticList")).to.have.length(1)
      const made = [...sandbox.lists.values()].find((list) => list.name === "Made by Looker")
      expect(made).to.include({ folderId: GROUP_LISTS })
    })

    it("is not created when there are several folders for lists, which are named", async () => {
      await start()
      sandbox.store.addFolder({ id: 31, name: "Group Lists", workspace: "EMEA" })
      for (const dryRun of ["no", "yes"]) {
        const message = await refusal({ listName: "Made by Looker", dryRun })
        expect(message).to.contain("Marketo has no static list \"Made by Looker\", and it cannot be created, since " +
          "there are 2 folders \"Group Lists\": ID 13").and.to.contain("workspace Default; ID 31")
          .and.to.contain("workspace EMEA. Create the list")
      }
    })

    it("is created when the API user sees one of several folders for lists", async () => {
      await start({ customServices: [{ workspaces: ["Default"] }] })
      sandbox.store.addFolder({ id: 31, name: "Group Lists", workspace: "EMEA" })
      expect((await run(people(1), { listName: "Made by Looker" })).success).to.equal(true)
    })

    it("is not created without the folder for lists", async () => {
      await start()
      sandbox.store.folders.delete(GROUP_LISTS)
      expect(await refusal({ listName: "Made by Looker" })).to.contain("the folder \"Group Lists\" was not found")
    })

    it("is used as it is when another one created the list meanwhile", async () => {
      await start()
      sandbox.addFault({ match: { operation: "createStaticList" },
        effect: { kind: "error", code: "709", executes: true } })
      expect((await run(people(2), { listName: "Made by Looker" })).message)
        .to.contain("List \"Made by Looker\": 2 leads added.")
    })

    it("is found again when the answer to its creation was lost", async () => {
      await start()
      sandbox.failNext("createStaticList", { kind: "reset", when: "after" })
      expect((await run(people(2), { listName: "Made by Looker" })).message)
        .to.contain("List \"Made by Looker\": 2 leads added.")
      expect([...sandbox.lists.values()].filter((list) => list.name === "Made by Looker")).to.have.length(1)
    })

    it("that Marketo calls taken and does not find sends nothing, and says what to do", async () => {
      await start()
      sandbox.addFault({ match: { operation: "createStaticList" }, effect: { kind: "error", code: "709",
        message: "Static List with the same name already exists" } })
      const failure = failureOf(await run(people(2), { listName: "Made by Looker" }))
      expect(Object.keys(failure.notSent ?? {})[0]).to.contain("Static List with the same name already exists. But " +
        "Marketo finds none that is named exactly \"Made by Looker\": give the list's ID in place of its name.")
      expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
    })
  })

  describe("a question before the first lead", () => {
    const QUESTIONS: [string, { [name: string]: unknown }][] = [
      ["describeLeads2", { subaction: "none" }],
      ["browseLists", { campaignId: "1005" }],
      ["browseCampaigns", { subaction: "addCampaign", campaignId: "2001" }],
      ["getProgram", { subaction: "removeProgram", campaignId: "3001" }],
      ["getChannelByName", { subaction: "addProgram", campaignId: "3001", programStatus: "Registered" }],
      ["browsePartitions", { subaction: "none", partition: "Default" }],
      ["getStaticListByName", { listName: "Newsletter" }],
      ["getFolderByName", { listName: "Made by Looker" }],
    ]
    const ANSWERS = {
      "610": { kind: "error", code: "610", message: "Requested resource not found" },
      "1003": { kind: "error", code: "1003", message: "Invalid data" },
      "31337": { kind: "error", code: "31337", message: "Something new" },
      "HTTP 404": { kind: "http", status: 404 },
      "HTTP 403": { kind: "http", status: 403 },
      "HTTP 502": { kind: "http", status: 502 },
      "HTML": { kind: "malformed", text: "<html>login</html>" },
    } as const

    for (const [operation, form] of QUESTIONS) {
      for (const [name, effect] of Object.entries(ANSWERS)) {
        it(`${operation} that only gets ${name} keeps the run from starting, with the reason`, async () => {
          await start()
          sandbox.addFault({ match: { operation }, effect })
          const outcome = await run([{ email: "a@example.org", isVip: "Yes" }], form)
            .then((response) => ({ success: response.success, message: response.message ?? "" }),
              (failure: Error) => ({ success: false, message: failure.message }))
          expect(outcome.success, outcome.message).to.equal(false)
          expect(outcome.message).to.match(/(Nothing|No row) was sent/)
          expect(written()).to.deep.equal([])
        })
      }
    }

    it("that gets one odd answer is asked again, and the run goes by what it was about", async () => {
      const odd = [ANSWERS["HTTP 404"], ANSWERS["HTTP 403"], ANSWERS["HTTP 502"], ANSWERS.HTML,
        { kind: "http", status: 302 }, { kind: "http", status: 404, contentType: "application/json",
          body: "{\"success\":false,\"errors\":[{\"code\":\"603\",\"message\":\"Access denied\"}]}" }] as const
      for (const effect of odd) {
        sandbox = await startSandbox()
        try {
          sandbox.failNext("describeLeads2", effect)
          const response = await run([{ email: "a@example.org", isVip: "No", lastOrderAt: "2026-01-15 09:30:00" }],
            { subaction: "none" })
          const [id] = sandbox.leads.find("email", "a@example.org")
          const { isVip, lastOrderAt } = sandbox.leads.get(id)?.values ?? {}
          expect(response.success, response.message).to.equal(true)
          expect([isVip, lastOrderAt]).to.deep.equal([false, "2026-01-15T09:30:00Z"])
          expect(response.message).not.to.contain("could not be checked")
        } finally {
          await sandbox.stop()
        }
      }
      await start()
    })

    it("that is refused for a lacking permission is waived, and noted", async () => {
      await start()
      const waived = QUESTIONS.filter(([operation]) => !/ByName/.test(operation))
      for (const [operation, form] of waived) {
        const removeFault = sandbox.addFault({ match: { operation }, effect: { kind: "error", code: "603" } })
        const response = await run([{ email: "ana@example.com", firstName: "A" }], form)
        expect(response.success, response.message).to.equal(true)
        expect(response.message).to.match(/could not be checked, since the API user may not read them/)
        removeFault()
      }
    })

    it("is noted with others that are refused for the same permission", async () => {
      await start()
      const operation = ["describeLeads2", "browseLists"]
      sandbox.addFault({ match: { operation }, effect: { kind: "error", code: "603" } })
      const response = await run([{ email: "ana@example.com", firstName: "A" }],
        { subaction: "addList", campaignId: String(SEEDED.lists.empty) })
      expect(response.message).to.match(/ The lead fields and the lists could not be checked, since the API user may not/)
      expect(response.message?.match(/could not be checked/g)).to.have.length(1)
    })

    it("about a status, of a channel whose statuses Marketo does not name, is noted in every run", async () => {
      await start()
      sandbox.addFault({ match: { operation: "getChannelByName" }, effect: { kind: "malformed",
        text: JSON.stringify({ success: true, errors: [], requestId: "1#1", warnings: ["No assets found"] }) } })
      const formParams = {
        lookupField: "email", subaction: "addProgram", campaignId: "3001", programStatus: "Registered",
      }
      for (const isShared of [false, true]) {
        const { message } = await runAgainst(sandbox, { rows: people(1), formParams, isShared })
        expect(message).to.contain("The status \"Registered\" could not be checked, since Marketo does not name the " +
          "statuses of the channel \"Webinar\".")
      }
    })

    it("that Marketo itself refuses says what was asked, and what Marketo said", async () => {
      await start()
      sandbox.addFault({ match: { operation: "describeLeads2" }, effect: ANSWERS["610"] })
      const response = await run(people(1), { subaction: "none" })
      expect(response.message).to.match(new RegExp("^Nothing was sent, since the lead fields could not be checked: " +
        "Requested resource not found\\. Check the URL"))
    })
  })

  describe("a lead partition", () => {
    it("does not go out with updates, and is told of", async () => {
      await start()
      const response = await run([{ email: "ana@example.com", firstName: "A" }],
        { subaction: "none", leadMode: "updateOnly", partition: "EMEA" })
      expect(response.message).to.contain("1 updated").and.to.contain("The lead partition \"EMEA\" was not used")
      expect(sandbox.ledger.callsOf("browsePartitions")).to.have.length(0)
    })
  })

  it("tells once of columns that feed the lead's company", async () => {
    await start()
    const rows = people(3).map((row) => ({ ...row, company: "Acme", industry: "Steel" }))
    const response = await run(rows, { subaction: "none" })
    expect(response.success).to.equal(true)
    expect(response.message?.split("sending leads does not update fields of their company")).to.have.length(2)
    expect(response.message).to.contain("\"company\" (lead.company), \"industry\" (lead.industry).")
  })

  it("is not looked up by a field that Marketo does not find leads by when it writes them", async () => {
    await start()
    expect(await refusal({ subaction: "none", lookupField: "leadPartitionId" }))
      .to.contain("cannot look leads up by the field \"leadPartitionId\"")
  })
})
