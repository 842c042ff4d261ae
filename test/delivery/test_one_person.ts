import { expect } from "chai"
import * as fc from "fast-check"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { MarketoPersonAction } from "../../src/actions/marketo/marketo_person"
import * as Hub from "../../src/hub"
import { allowStandIns } from "../actions/marketo/support/allow_stand_ins"
import { DocumentedTexts, readDocument } from "../docs/documented_texts"
import { HubUnderTest } from "../server/hub_under_test"

type Texts = { [name: string]: string }

interface AnyField {
  name: string
  label?: string
  default?: string
  value?: string
  options?: { name: string, label: string }[]
}

const { lists, campaigns, programs } = SEEDED
const documented = new DocumentedTexts(readDocument("src/actions/marketo/one_person.md"))
/** The first lead of the stand-in, on the list Newsletter and in the program Spring Webinar. */
const ANA = 50001
/** The last of those with an address of their own, on no list and in no program. */
const VITO = "vito@example.com"

describe("One person, from a cell", () => {
  allowStandIns()
  let sandbox: MarketoSandbox

  beforeEach(() => forgetConnections())

  afterEach(async () => {
    delete process.env.MARKETO_SANDBOX_SPEED
    await sandbox.stop()
  })

  async function start(options: MarketoSandboxOptions = {}): Promise<void> {
    sandbox = await MarketoSandbox.start(options)
  }

  /** Waits of a minute take a fraction of a second. */
  async function startHurried(): Promise<void> {
    process.env.MARKETO_SANDBOX_SPEED = "200"
    await start({ speed: 200 })
  }

  function requestFor(value: unknown, formParams: Texts, params: Texts = {}): Hub.ActionRequest {
    const request = new Hub.ActionRequest()
    request.type = Hub.ActionType.Cell
    request.webhookId = "cell"
    request.params = {
      url: sandbox.url, clientID: sandbox.clientId, clientSecret: sandbox.clientSecret, ...params,
      ...value === undefined ? {} : { value: value as string },
    }
    request.formParams = formParams
    return request
  }

  async function act(value: unknown, formParams: Texts, params: Texts = {}): Promise<Hub.ActionResponse> {
    return new MarketoPersonAction().validateAndExecute(requestFor(value, formParams, params))
  }

  /** Fails if a message, or the reason in it, is not documented. */
  function expectDocumented(message = ""): void {
    for (const part of [message, message.replace(/^Nothing was done with \S+: /, "")]) {
      expect(documented.has(part, ["Messages"], () => false), `one_person.md has no row for: ${part}`).to.equal(true)
    }
  }

  async function open(value: unknown, formParams: Texts = {}, params: Texts = {}): Promise<AnyField[]> {
    const form = await new MarketoPersonAction().validateAndFetchForm(requestFor(value, formParams, params))
    expect(form.error).to.equal(undefined)
    return form.fields
  }

  async function cardOf(value: unknown, formParams: Texts = {}): Promise<string | undefined> {
    return (await open(value, formParams)).find(({ name }) => name === "person")?.value
  }

  async function refusalOf(value: unknown, formParams: Texts, params: Texts = {}): Promise<Hub.ValidationError> {
    try {
      await act(value, formParams, params)
    } catch (failure) {
      const [error] = (failure as { validationErrors: Hub.ValidationError[] }).validationErrors
      return error
    }
    throw new Error("Nothing was refused")
  }

  function memberships(id: number): { target: number, kind: string, changed: boolean }[] {
    const { listChanges, programChanges } = sandbox.ledger
    return [...listChanges, ...programChanges].filter(({ leadId }) => leadId === id)
      .map(({ target, kind, changed }) => ({ target, kind, changed }))
  }

  function nothingWasWritten(): boolean {
    const { leadsCreated, leadsUpdated, listChanges, programChanges } = sandbox.ledger
    return leadsCreated + leadsUpdated + listChanges.length + programChanges.length === 0 &&
      sandbox.ledger.campaignRequests().length === 0
  }

  before(() => { process.env.ACTION_HUB_ENABLE_FORKING = "false" })
  after(() => { delete process.env.ACTION_HUB_ENABLE_FORKING })

  describe("changes what the person is a member of", () => {
    for (const { what, value, form, says, changes } of [
      {
        what: "adds to a list", value: VITO, form: { subaction: "addList", campaignId: String(lists.empty) },
        says: `${VITO} is on list ${lists.empty} now.`,
        changes: [{ target: lists.empty, kind: "added", changed: true }],
      },
      {
        what: "removes from a list", value: "ana@example.com",
        form: { subaction: "removeList", target: `list:${lists.newsletter}` },
        says: `ana@example.com was removed from list ${lists.newsletter}.`,
        changes: [{ target: lists.newsletter, kind: "removed", changed: true }],
      },
      {
        what: "finds nobody to remove from a list", value: VITO,
        form: { subaction: "removeList", campaignId: String(lists.empty) },
        says: `${VITO} was not on list ${lists.empty} before, either.`, changes: [],
      },
      {
        what: "adds to a program", value: VITO,
        form: { subaction: "addProgram", campaignId: String(programs.webinar), programStatus: "Invited" },
        says: `${VITO} has the status "Invited" in program ${programs.webinar} now.`,
        changes: [{ target: programs.webinar, kind: "status", changed: true }],
      },
      {
        what: "leaves a program status alone that is past the wanted one", value: "ana@example.com",
        form: { subaction: "addProgram", campaignId: String(programs.webinar), programStatus: "Invited" },
        says: `ana@example.com was in program ${programs.webinar} already, in the status "Invited" or past it.`,
        changes: [],
      },
      {
        what: "removes from a program", value: ANA,
        form: { subaction: "removeProgram", campaignId: String(programs.webinar), lookupField: "id" },
        says: `Lead ${ANA} was removed from program ${programs.webinar}.`,
        changes: [{ target: programs.webinar, kind: "removed", changed: true }],
      },
    ]) {
      it(what, async () => {
        await start()
        const response = await act(value, form)
        expect(response.message).to.equal(says)
        expectDocumented(response.message)
        expect([response.success, response.refreshQuery]).to.deep.equal([true, true])
        const { leadId } = [...sandbox.ledger.listChanges, ...sandbox.ledger.programChanges][0] ?? { leadId: 0 }
        expect(memberships(leadId)).to.deep.equal(changes)
        expect(sandbox.ledger.leadsCreated + sandbox.ledger.leadsUpdated).to.equal(0)
      })
    }

    it("sends through a campaign, once, with its tokens", async () => {
      await start()
      const response = await act(VITO, {
        subaction: "addCampaign", campaignId: String(campaigns.welcome), campaignTokens: "{{my.offer}} = Spring sale",
      })
      expect(response.message).to.equal(`Campaign ${campaigns.welcome} was requested for ${VITO}.`)
      expect(sandbox.ledger.campaignRequests(campaigns.welcome)).to.have.length(1)
    })

    it("makes a list of a name that is not there yet", async () => {
      await start()
      const response = await act(VITO, { subaction: "addList", listName: "Called today" })
      expect(response.message).to.equal(`${VITO} is on list "Called today" now.`)
    })

    it("makes no list where nobody, or no single person, is there to be added", async () => {
      await start()
      for (const value of ["nobody@example.com", "twin@example.com"]) {
        expect((await act(value, { subaction: "addList", listName: "Called today" })).success).to.equal(false)
      }
      expect(sandbox.ledger.callsOf("createStaticList")).to.have.length(0)
    })

    it("says why a list could not be made", async () => {
      await start()
      sandbox.faults.add({ match: { operation: "createStaticList" }, effect: { kind: "error", code: "603" } })
      const { success, message } = await act(VITO, { subaction: "addList", listName: "Called today" })
      expect(success).to.equal(false)
      expect(message).to.match(/^Nothing was done with vito@example\.com: Access denied .*Read-Write Assets/)
    })

    it("finds leads by another field, as the form says", async () => {
      await start()
      const form = { subaction: "addList", campaignId: String(lists.empty), lookupField: "customerNumber" }
      expect((await act("C-1000", form)).message).to.equal(`C-1000 is on list ${lists.empty} now.`)
      expect(memberships(ANA)).to.have.length(1)
    })

    it("pays no heed to values of other forms, which would write or only try", async () => {
      await start()
      const form = {
        subaction: "addList", campaignId: String(lists.empty), leadMode: "createOnly", dryRun: "yes", emptyCells: "odd",
      }
      expect((await act(` ${VITO} `, form)).success).to.equal(true)
      expect(sandbox.ledger.listAdds).to.equal(1)
    })
  })

  describe("says plainly why nothing was done", () => {
    const form = { subaction: "addList", campaignId: String(lists.empty) }

    it("when Marketo has nobody of that value", async () => {
      await start()
      const { success, message, refreshQuery } = await act("nobody@example.com", form)
      expect([success, refreshQuery]).to.deep.equal([false, false])
      expect(message).to.equal("Nothing was done with nobody@example.com: Marketo has no such lead that this API " +
        "user can see, and nobody is created from a cell. Choose another lookup field if the cell has something else.")
      expectDocumented(message)
      expect(nothingWasWritten()).to.equal(true)
    })

    it("when several leads have the value", async () => {
      await start()
      const { success, message } = await act("twin@example.com", form)
      expect(success).to.equal(false)
      const twins = sandbox.leads.find("email", "twin@example.com")
      expect(twins).to.have.length(2)
      expect(message).to.equal("Nothing was done with twin@example.com: Several leads in Marketo have this value, " +
        `with the ids ${twins.join(", ")}, so it is not clear who is meant. Merge them in Marketo, or use a cell ` +
        "with the lead's Marketo id.")
      expectDocumented(message)
      expect(nothingWasWritten()).to.equal(true)
    })

    it("when the answer to a campaign request was lost, and does not repeat it", async () => {
      await start()
      sandbox.faults.add({ match: { operation: "requestCampaign" }, effect: { kind: "reset", when: "after" } })
      const { success, message } = await act(VITO, { subaction: "addCampaign", campaignId: String(campaigns.welcome) })
      expect(success).to.equal(false)
      expect(message).to.match(new RegExp(`^It is not certain what was done with ${VITO}: The connection to .* broke ` +
        "before the answer was complete\\. The request was not repeated, so that nobody goes through the campaign " +
        "twice: look at its results in Marketo\\.$"))
      expectDocumented(message)
      expect(sandbox.ledger.campaignRequests(campaigns.welcome)).to.have.length(1)
    })

    it("when the answer to the look-up was lost, which leaves nothing in doubt", async () => {
      await startHurried()
      sandbox.faults.add({ match: { operation: "filterLeads" }, effect: { kind: "reset", when: "after" } })
      const { success, message } = await act(VITO, form)
      expect(success).to.equal(false)
      expect(message).to.match(new RegExp(`^Nothing was done with ${VITO}: .* Try again later\\.$`))
      expect(nothingWasWritten()).to.equal(true)
    })

    for (const operation of ["describeLeads2", "filterLeads", "addToList"]) {
      it(`when Marketo has no room for ${operation} for a minute, while somebody waits`, async () => {
        await startHurried()
        sandbox.faults.add({ match: { operation }, effect: { kind: "error", code: "615" } })
        const { success, message } = await act(VITO, form)
        expect(success).to.equal(false)
        // At that moment the question may be on its way once more.
        expect(message).to.match(new RegExp("when (it still waited for (room in Marketo, which others use, too|its " +
          "turn in Marketo's quota)|Marketo had not answered yet)\\. Try again later\\."))
        expectDocumented(message)
        expect(nothingWasWritten()).to.equal(true)
      })
    }

    it("when one of two lists takes nobody", async () => {
      await start()
      sandbox.faults.add({
        match: { path: `/rest/v1/lists/${lists.webinarInvitees}/leads.json` },
        effect: { kind: "record", positions: [0], code: "1004", message: "Lead not found" },
      })
      const { success, message } = await act(VITO, {
        subaction: "addList", campaignId: `${lists.empty},${lists.webinarInvitees}`,
      })
      expect(success).to.equal(false)
      expect(message).to.contain(`${VITO} is on list ${lists.empty} now. The rest was not done: Lead not found ` +
        `(list ${lists.webinarInvitees}, code 1004).`)
    })

    for (const { what, value, form: asked, field, says, isOfLargeAction = false } of [
      { what: "an empty cell", value: "", form, field: "lookupField", says: "The cell is empty" },
      { what: "a cell of null", value: null, form, field: "lookupField", says: "The cell is empty" },
      { what: "a cell that is missing", value: undefined, form, field: "lookupField", says: "The cell is empty" },
      { what: "a list", value: ["a"], form, field: "lookupField", says: "The cell has a list" },
      { what: "a comma", value: "a@example.com, b@example.com", form, field: "lookupField", says: "comma" },
      {
        what: "a text where a number is meant", value: VITO, form: { ...form, lookupField: "id" },
        field: "lookupField", says: "no lead can be found by id",
      },
      {
        what: "a field that finds nobody", value: VITO, form: { ...form, lookupField: "leadPartitionId" },
        field: "lookupField", says: "cannot look leads up by the field \"leadPartitionId\"", isOfLargeAction: true,
      },
      ...[ANA, String(ANA), "007"].map((value) => ({
        what: `the number ${JSON.stringify(value)}, which two people may have as different keys`, value, form,
        field: "lookupField", says: "may be a Marketo id or another key", isOfLargeAction: false,
      })),
      { what: "nothing to do", value: VITO, form: {}, field: "subaction", says: "Choose what is to be done" },
      {
        what: "the mirroring of a list", value: VITO, form: { ...form, subaction: "mirrorList" }, field: "subaction",
        says: "\"mirrorList\" cannot be done with a single person",
      },
      {
        what: "no list", value: VITO, form: { subaction: "addList" }, field: "campaignId",
        says: "additional action ID was not provided", isOfLargeAction: true,
      },
      {
        what: "a list that is not there", value: VITO, form: { ...form, campaignId: "77" }, field: "campaignId",
        says: "Marketo has no static list with the ID 77", isOfLargeAction: true,
      },
    ]) {
      it(`when it gets ${what}, before anything is sent`, async () => {
        await start()
        const refusal = await refusalOf(value, asked)
        expect(refusal.field).to.equal(field)
        expect(refusal.message).to.contain(says)
        if (!isOfLargeAction) {
          expectDocumented(refusal.message)
        }
        expect(nothingWasWritten()).to.equal(true)
      })
    }

    it("when an administrator does not allow the list, or removals", async () => {
      await start()
      expect((await refusalOf(VITO, form, { allowedTargets: "ST1001A1" })).field).to.equal("campaignId")
      expect((await refusalOf(VITO, { ...form, subaction: "removeList" }, { notAllowed: "remove" })).field)
        .to.equal("subaction")
    })

    it("whatever the cell has", async () => {
      await start()
      await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 300 }), async (value) => {
        try {
          const { success, message = "" } = await act(value, form)
          expect([success, message.startsWith("Nothing was done with ")]).to.deep.equal([false, true])
        } catch (failure) {
          expect((failure as Error).name).to.equal("MarketoSettingsError")
        }
      }), { numRuns: 40 })
      expect(nothingWasWritten()).to.equal(true)
    })
  })

  describe("shows in its form who that is", () => {
    it("with name, lists and programs", async () => {
      await start()
      expect(await cardOf("ana@example.com")).to.equal(`Ana Seed, ana@example.com, lead ${ANA}. ` +
        "On 1 list: Newsletter. In 1 program: Spring Webinar (Registered).")
      expect(await cardOf(VITO)).to.contain("On no list. In no program.")
    })

    it("by a number as soon as somebody has chosen which field has it, and by none beforehand", async () => {
      await start()
      sandbox.store.addLead({ email: "other@example.org", legacyId: ANA })
      const fields = await open(ANA)
      expect(fields.find(({ name }) => name === "person")?.value).to.contain("may be a Marketo id or another key")
      const field = fields.find(({ name }) => name === "lookupField")
      expect(field).to.include({ default: "", required: true })
      expect(field?.options?.map(({ name }) => name)).to.include.members(["", "id", "legacyId"])
      expect(await cardOf(ANA, { lookupField: "id" })).to.contain(`ana@example.com, lead ${ANA}`)
      expect(await cardOf(ANA, { lookupField: "legacyId" })).to.contain("other@example.org")
      const [chosen] = (await open(ANA, { lookupField: "id" })).filter(({ name }) => name === "lookupField")
      expect(chosen.default).to.equal("id")
      expect(chosen.options?.map(({ name }) => name)).not.to.include("")
    })

    it("and asks for the field of a number even if the instance cannot be asked", async () => {
      await start()
      const fields = await open(ANA, {}, { clientSecret: "wrong" })
      expect(fields.find(({ name }) => name === "lookupField"))
        .to.include({ type: "string", default: "", required: true })
    })

    it("or that nobody or several people have the value", async () => {
      await start()
      expect(await cardOf("nobody@example.com")).to.contain("Marketo has no lead with the email \"nobody@example.com\"")
      expect(await cardOf("twin@example.com"))
        .to.match(/^2 leads in Marketo have the email "twin@example.com": \d+, \d+\./)
    })

    it("without the names of lists and programs that an administrator does not allow", async () => {
      await start()
      const card = async (allowedTargets: string) => (await open("ana@example.com", {}, { allowedTargets }))
        .find(({ name }) => name === "person")?.value
      expect(await card(`ST${lists.empty}A1`)).to.match(/ On 1 list\. In 1 program\.$/)
      expect(await card(`ST${lists.newsletter}A1,PG${programs.webinar}A1`))
        .to.match(/ On 1 list: Newsletter\. In 1 program: Spring Webinar \(Registered\)\.$/)
    })

    it("as a single line without markup, whatever people call themselves and their lists", async () => {
      await start()
      const markup = `<img src=x onerror="alert(1)">\n\u202e${"y".repeat(300)}`
      const id = sandbox.store.addLead({ email: "odd@example.org", firstName: markup }).id
      sandbox.store.addStaticList({ name: "<b>Bold</b>" }).members.add(id)
      const card = await cardOf("odd@example.org") ?? ""
      expect(card).to.match(/^‹img src=x onerror="alert\(1\)"› y+…, odd@example\.org/).and.contain("‹b›Bold‹/b›")
      expect(await cardOf("<i>odd@example.org</i>")).to.contain("\"‹i›odd@example.org‹/i›\"")
    })

    it("in three calls from the second time on", async () => {
      await start()
      await cardOf("ana@example.com")
      const before = sandbox.ledger.calls.length
      await cardOf("ana@example.com")
      expect(sandbox.ledger.calls.length - before).to.equal(3)
    })

    it("or why it cannot", async () => {
      await start()
      expect(await cardOf("")).to.contain("The cell is empty")
      sandbox.faults.add({
        match: { operation: ["listsOfLead", "programsOfLead"] }, effect: { kind: "error", code: "603" },
      })
      const card = await cardOf(VITO)
      expect(card).to.contain("Lists cannot be shown: ").and.contain("Programs cannot be shown: ")
      expect(card).to.contain("permission Read-Only Assets")
    })

    it("within the form's time, when Marketo is slow", async () => {
      await start()
      sandbox.faults.add({ match: { operation: "listsOfLead" }, effect: { kind: "hang" } })
      expect(await cardOf(VITO)).to.contain("Lists cannot be shown: Marketo did not answer in time.")
    })

    it("and offers what can be done with one person alone, by name", async () => {
      await start()
      const fields = await open(VITO)
      expect(fields.map(({ name }) => name)).to.deep.equal(
        ["connection", "person", "lookupField", "subaction", "target", "campaignId", "listName"])
      const actions = fields.find(({ name }) => name === "subaction")
      expect(actions?.default).to.equal("addList")
      expect(actions?.options?.map(({ name }) => name)).to.deep.equal(
        ["addList", "removeList", "addCampaign", "addProgram", "removeProgram"])
      const program = await open(VITO, { subaction: "addProgram", target: `program:${programs.webinar}` })
      expect(program.find(({ name }) => name === "programStatus")?.options?.map(({ name }) => name))
        .to.deep.equal(["Invited", "Registered", "No Show", "Attended"])
    })

    it("or what is wrong with the connection", async () => {
      await start()
      const [connection, ...others] = await open(VITO, {}, { clientSecret: "wrong" })
      expect(connection.value).to.contain("does not accept the Client Secret")
      expect(others.map(({ name }) => name)).to.deep.equal(["lookupField", "subaction", "campaignId", "listName"])
    })
  })

  it("is offered on e-mail addresses and lookup fields, and works through the hub's own addresses", async () => {
    await start()
    const hub = new HubUnderTest()
    await hub.start([new MarketoPersonAction()])
    try {
      const body = (form: Texts) => JSON.stringify({
        type: "cell", form_params: form, data: {
          url: sandbox.url, clientID: sandbox.clientId, clientSecret: sandbox.clientSecret, value: VITO,
        },
      })
      const [listed] = (JSON.parse((await hub.post("/", "")).body) as {
        integrations: { supported_action_types: string[], required_fields: { any_tag: string[] }[] }[],
      }).integrations
      expect(listed.supported_action_types).to.deep.equal(["cell"])
      expect(listed.required_fields[0].any_tag).to.include.members(["email", "marketo:email", "marketo:id"])
      const { fields } = JSON.parse((await hub.post("/actions/marketo_person/form", body({}))).body) as {
        fields: AnyField[],
      }
      expect(fields.map(({ name }) => name)).to.include.members(["person", "subaction"])
      const sent = JSON.parse((await hub.post("/actions/marketo_person/execute",
        body({ subaction: "addList", campaignId: String(lists.empty) }))).body) as { looker: Hub.ActionResponse }
      expect(sent.looker).to.include({
        success: true, refresh_query: true, message: `${VITO} is on list ${lists.empty} now.`,
      })
    } finally {
      await hub.stop()
    }
  })
})
