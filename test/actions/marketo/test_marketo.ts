/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-member-access,
  @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return,
  @typescript-eslint/no-unsafe-assignment -- messages and form fields are JSON of many shapes */
import * as chai from "chai"
import { forgetConnections } from "../../../src/actions/marketo/lib/api/connection"
import { MarketoAction } from "../../../src/actions/marketo/marketo"
import { MarketoTransaction } from "../../../src/actions/marketo/marketo_transaction"
import * as Hub from "../../../src/hub"
import { accountOf } from "./support/account_of"
import { allowStandIns } from "./support/allow_stand_ins"
import { buildRequest, column, EMAIL_AND_GENDER, jsonDetail, peopleRows, RequestParts } from "./support/build_request"
import { FAST_CONFIGURATION, rejectionOf } from "./support/connect"
import { failure, FakeMarketo, skip, success } from "./support/fake_marketo"

const expect = chai.expect

const LEADS = "/rest/v1/leads.json"

const UPSTREAM_DIMENSIONS = [
  { name: "users.id", tags: ["user_id", "marketo:Account__c"] },
  { name: "users.email", tags: ["email", "marketo:email"] },
  { name: "users.gender", tags: ["marketo:gender"] },
  { name: "users.random" },
]

const UPSTREAM_ROWS = [
  { "users.id": 4653, "users.email": "zoraida.gregoire@example.com", "users.gender": "f", "users.random": 7 },
  { "users.id": 629, "users.email": "zola.summers@example.com", "users.gender": "m", "users.random": 4 },
  { "users.id": 6980, "users.email": "zoe.brady@example.com", "users.gender": "f", "users.random": 5 },
]

const EXPECTED_LEADS = [
  { Account__c: 4653, email: "zoraida.gregoire@example.com", gender: "f" },
  { Account__c: 629, email: "zola.summers@example.com", gender: "m" },
  { Account__c: 6980, email: "zoe.brady@example.com", gender: "f" },
]

describe("Marketo action", () => {
  const action = new MarketoAction()
  action.executeInOwnProcess = false
  allowStandIns()
  let marketo: FakeMarketo
  let speed: string | undefined

  beforeEach(async () => {
    speed = process.env.MARKETO_SANDBOX_SPEED
    process.env.MARKETO_SANDBOX_SPEED = "50"
    marketo = await FakeMarketo.start()
  })

  afterEach(async () => {
    if (speed === undefined) {
      delete process.env.MARKETO_SANDBOX_SPEED
    } else {
      process.env.MARKETO_SANDBOX_SPEED = speed
    }
    forgetConnections()
    await marketo.stop()
  })

  async function run(parts: Partial<RequestParts> = {}): Promise<Hub.ActionResponse> {
    return action.validateAndExecute(buildRequest({ origin: marketo.origin, ...parts }))
  }

  /** A run of the rows of upstream's own suite. */
  async function runUpstream(form: Hub.ParamMap): Promise<Hub.ActionResponse> {
    return run({ form, dimensions: UPSTREAM_DIMENSIONS, rows: UPSTREAM_ROWS })
  }

  async function refusal(parts: Partial<RequestParts>): Promise<string> {
    const error: unknown = await rejectionOf(run(parts))
    return error instanceof Error ? error.message : String(error)
  }

  function messageOf(response: Hub.ActionResponse): string {
    return response.message ?? ""
  }

  function documentOf(response: Hub.ActionResponse): any {
    return accountOf(messageOf(response))
  }

  describe("definition", () => {
    it("has the name, label and description that users know", () => {
      expect([action.name, action.label, action.description]).to.deep.equal(
        ["marketo", "Marketo", "Update Marketo leads and their campaign/list membership."])
    })

    it("has an icon", () => {
      expect(action.iconName).to.equal("marketo/marketo.svg")
      expect(action.getImageDataUri()).to.match(/^data:image\/svg\+xml;base64,/)
    })

    it("wants URL, Client ID and Client Secret, of which the last is sensitive", () => {
      expect(action.params.slice(0, 3).map(({ name, label, required, sensitive }) =>
        ({ name, label, required, sensitive }))).to.deep.equal([
        { name: "url", label: "URL", required: true, sensitive: false },
        { name: "clientID", label: "Client ID", required: true, sensitive: false },
        { name: "clientSecret", label: "Client Secret", required: true, sensitive: true },
      ])
    })

    it("says of each setting what to paste and where it is found", () => {
      const [url, clientId, clientSecret] = action.params.map(({ description }) => description)
      expect(url).to.contain("https://123-ABC-456.mktorest.com").and.to.contain("Web Services")
      expect(clientId).to.contain("LaunchPoint")
      expect(clientSecret).to.contain("the same custom service")
    })

    it("restricts sends and names the sender only if an administrator wants that", () => {
      expect(action.params.slice(3).map(({ name, required, sensitive }) => [name, required, sensitive])).to.deep.equal([
        ["allowedTargets", false, false], ["notAllowed", false, false], ["sender", false, false],
      ])
      expect(action.params[5]).to.include({ user_attribute_name: "email" })
    })

    it("takes queries, unformatted", () => {
      expect(action.supportedActionTypes).to.deep.equal(["query"])
      expect(action.supportedFormattings).to.deep.equal(["unformatted"])
      expect(action.supportedVisualizationFormattings).to.deep.equal(["noapply"])
    })

    it("streams, in a process of its own", () => {
      const fresh = new MarketoAction()
      expect([fresh.usesStreaming, fresh.executeInOwnProcess]).to.deep.equal([true, true])
    })

    it("needs no fields and has a form", () => {
      expect(action.requiredFields).to.deep.equal([])
      expect(action.hasForm).to.equal(true)
    })

    it("is registered", async () => {
      const request = new Hub.ActionRequest()
      expect((await Hub.findAction("marketo", { lookerVersion: "6.2.0" })).name).to.equal("marketo")
      expect(request.lookerVersion).to.equal(null)
    })

    it("offers what a hub asks for", () => {
      const definition: any = action.asJson({
        actionUrl: () => "a", formUrl: () => "f", tokenUrl: () => "t",
      }, Object.assign(new Hub.ActionRequest(), { lookerVersion: "6.2.0" }))
      expect(definition.supported_formats).to.deep.equal(["json_detail_lite_stream"])
      expect(definition.supported_download_settings).to.deep.equal(["url"])
      expect(definition.uses_oauth).to.equal(false)
    })
  })

  describe("supported formats", () => {
    const versions: [string | null, string][] = [
      [null, "json_detail"], ["5.24.0", "json_detail"], ["6.0.0", "json_detail"], ["6.1.99", "json_detail"],
      ["6.2.0", "json_detail_lite_stream"], ["7.3.4561", "json_detail_lite_stream"],
      ["25.10.3", "json_detail_lite_stream"],
    ]
    for (const [lookerVersion, format] of versions) {
      it(`are ${format} for Looker ${lookerVersion === null ? "of an unknown version" : lookerVersion}`, () => {
        const request = Object.assign(new Hub.ActionRequest(), { lookerVersion })
        expect(action.supportedFormats(request)).to.deep.equal([format])
      })
    }
  })

  describe("form", () => {
    const KNOWN = ["lookupField", "subaction", "campaignId"]

    async function field(name: string): Promise<any> {
      const form = await action.form()
      return form.fields.filter((each) => each.name === name)[0]
    }

    it("has the fields whose values customers have saved, in this order", async () => {
      const form = await action.form()
      expect(form.fields.map((each) => each.name).filter((name) => KNOWN.includes(name))).to.deep.equal(KNOWN)
    })

    it("has no error", async () => {
      expect((await action.form()).error).to.equal(undefined)
    })

    it("asks for the lookup field", async () => {
      expect(await field("lookupField")).to.deep.include({
        name: "lookupField", label: "Lead Lookup Field", type: "string", default: "email", required: true,
        description: "Marketo field to use when looking up leads to update",
      })
    })

    it("asks for the additional action", async () => {
      expect(await field("subaction")).to.deep.include({
        name: "subaction", label: "Additional Action", type: "select", default: "addCampaign", required: true,
        description: "Additional action to take",
      })
    })

    it("offers the actions that customers have saved, in this order", async () => {
      const { options } = await field("subaction")
      const known = ["addCampaign", "addList", "removeList", "none"]
      expect(options.filter((option: any) => known.includes(option.name))).to.deep.equal([
        { name: "addCampaign", label: "Update lead and add to below Campaign ID" },
        { name: "addList", label: "Update lead and add to below List ID" },
        { name: "removeList", label: "Update lead and remove from below List ID" },
        { name: "none", label: "None - Update lead only" },
      ])
    })

    it("asks for ids, which are not required", async () => {
      const campaignId = await field("campaignId")
      expect(campaignId).to.deep.include({
        name: "campaignId", label: "Campaign/List ID for Additional Action", type: "string", required: false,
        description: "Either a Campaign ID or a List ID, depending on above selection",
      })
      expect(campaignId.default).to.equal(undefined)
    })

    it("can be asked for without a request, and waits for nothing", async () => {
      let isDone = false
      void action.form().then(() => { isDone = true })
      for (let turn = 0; turn < 20; turn++) {
        await Promise.resolve()
      }
      expect(isDone).to.equal(true)
    })
  })

  describe("inputs that cannot work", () => {
    const cases: [Hub.ParamMap, string][] = [
      [{}, "Missing Lookup Field. Choose the field by which leads are found, such as email."],
      [{ subaction: "none", campaignId: "123" },
        "Additional action of 'none' was selected, but additional action ID was provided. " +
          "Empty the box for IDs, or choose what is to happen with them."],
      [{ subaction: "addCampaign", campaignId: "" },
        "'Add to campaign' was selected, but additional action ID was not provided. " +
          "Choose by name, or type the ID."],
      [{ subaction: "addList", campaignId: "" },
        "'Add to list' was selected, but additional action ID was not provided. " +
          "Choose by name, type the ID, or give a list name."],
      [{ subaction: "removeList", campaignId: "" },
        "'Remove from list' was selected, but additional action ID was not provided. " +
          "Choose by name, or type the ID."],
      [{ subaction: "somethingUnexpected" },
        "Unrecognized additional action type \"somethingUnexpected\". Choose one of " +
        "the additional actions in the form."],
      [{ campaignId: "12345" }, "Missing Lookup Field. Choose the field by which leads are found, such as email."],
    ]
    for (const [form, text] of cases) {
      it(`${JSON.stringify(form)} are refused: ${text}`, async () => {
        expect(await refusal({ form, params: { url: "myurl" } })).to.equal(text)
        expect(marketo.calls).to.deep.equal([])
        expect(marketo.identityCalls).to.deep.equal([])
      })
    }

    it("a lookup field that is not in the query is refused before a lead is sent", async () => {
      const text = await refusal({
        form: { campaignId: "1243", lookupField: "customerId" }, dimensions: UPSTREAM_DIMENSIONS, rows: UPSTREAM_ROWS,
      })
      expect(text).to.match(/^Marketo Lookup Field for lead not present in query\. Add .* "marketo:customerId" to/)
      expect(marketo.syncs).to.deep.equal([])
    })

    it("a URL that is none is refused", async () => {
      expect(await refusal({ params: { url: "myurl" } })).to.contain("is not a web address.")
    })

    it("a request without data is refused", async () => {
      const request = buildRequest({ origin: marketo.origin })
      request.attachment = undefined
      expect(String(await rejectionOf(action.validateAndExecute(request))))
        .to.contain("A streaming action was sent incompatible data")
    })

    it("a lookup field that the instance does not have is refused, with those it has", async () => {
      const text = await refusal({
        form: { lookupField: "guid", subaction: "none" }, dimensions: [column("users.guid", "guid")],
        rows: [{ "users.guid": "1" }],
      })
      expect(text).to.contain("guid").and.to.contain("customerId")
      expect(marketo.syncs).to.deep.equal([])
    })

    it("a list that the instance does not have is refused", async () => {
      marketo.always("GET", "/rest/v1/lists.json", success([]))
      expect(await refusal({ form: { lookupField: "email", subaction: "addList", campaignId: "303" } }))
        .to.contain("no static list with the ID 303")
    })

    it("a campaign that the instance does not have is refused", async () => {
      marketo.always("GET", "/rest/v1/campaigns.json", success([]))
      expect(await refusal({ form: { lookupField: "email", subaction: "addCampaign", campaignId: "202" } }))
        .to.contain("no smart campaign with the ID 202")
    })

    it("a campaign that is not active is refused by name", async () => {
      marketo.always("GET", "/rest/v1/campaigns.json", (call) => success(
        call.query.get("isTriggerable") === "true" ? [] :
          [{ id: 202, name: "Spring", type: "trigger", active: false }]))
      expect(await refusal({ form: { lookupField: "email", subaction: "addCampaign", campaignId: "202" } }))
        .to.contain("\"Spring\"").and.to.contain("not active")
    })
  })

  describe("calls on the wire", () => {
    function expectUpsert(): void {
      expect(marketo.syncs).to.have.length(1)
      expect(marketo.syncs[0].body.lookupField).to.equal("email")
      expect(marketo.syncs[0].body.input).to.deep.equal(EXPECTED_LEADS)
      expect(marketo.syncs[0].body.action ?? "createOrUpdate").to.equal("createOrUpdate")
      expect(marketo.syncs[0].body.partitionName).to.equal(undefined)
    }

    function requested(id: string): number[] {
      const calls = marketo.callsTo(`/rest/v1/campaigns/${id}/trigger.json`, "POST")
      return calls.length === 1 ? calls[0].body.input.leads.map((lead: { id: number }) => lead.id) : []
    }

    it("legacy schedules without an additional action request the campaign", async () => {
      const response = await runUpstream({ campaignId: "101", lookupField: "email" })
      expect(response.success).to.equal(true)
      expectUpsert()
      expect(requested("101")).to.deep.equal([1000, 1001, 1002])
    })

    it("legacy schedules without an id update only", async () => {
      expect((await runUpstream({ lookupField: "email" })).success).to.equal(true)
      expectUpsert()
      expect(marketo.calls.filter((call) => call.method !== "GET")).to.have.length(1)
    })

    it("none updates only", async () => {
      expect((await runUpstream({ subaction: "none", lookupField: "email" })).success).to.equal(true)
      expectUpsert()
      expect(marketo.calls.filter((call) => call.method !== "GET")).to.have.length(1)
    })

    it("addCampaign requests the campaign", async () => {
      expect((await runUpstream({ subaction: "addCampaign", campaignId: "202", lookupField: "email" })).success)
        .to.equal(true)
      expectUpsert()
      expect(requested("202")).to.deep.equal([1000, 1001, 1002])
    })

    it("addList adds to the list", async () => {
      expect((await runUpstream({ subaction: "addList", campaignId: "303", lookupField: "email" })).success)
        .to.equal(true)
      expectUpsert()
      const [call] = marketo.callsTo("/rest/v1/lists/303/leads.json", "POST")
      expect(call.body).to.deep.equal({ input: [{ id: 1000 }, { id: 1001 }, { id: 1002 }] })
    })

    it("removeList removes from the list, the ids one by one", async () => {
      expect((await runUpstream({ subaction: "removeList", campaignId: "404", lookupField: "email" })).success)
        .to.equal(true)
      expectUpsert()
      const [call] = marketo.callsTo("/rest/v1/lists/404/leads.json", "DELETE")
      expect(call.query.getAll("id")).to.deep.equal(["1000", "1001", "1002"])
    })

    it("two lists get every lead each", async () => {
      await runUpstream({ subaction: "addList", campaignId: "303, 304", lookupField: "email" })
      for (const id of ["303", "304"]) {
        const [call] = marketo.callsTo(`/rest/v1/lists/${id}/leads.json`, "POST")
        expect(call.body.input, id).to.have.length(3)
      }
    })

    it("answers without `status` are taken for success", async () => {
      marketo.answer("POST", LEADS, success([{ id: 1 }, { id: 2 }, { id: 3 }]))
      expect((await runUpstream({ subaction: "addCampaign", campaignId: "202", lookupField: "email" })).success)
        .to.equal(true)
      expect(requested("202")).to.deep.equal([1, 2, 3])
    })

    it("a lead is looked up by id as an update, with a number", async () => {
      await run({
        form: { lookupField: "id", subaction: "none" }, dimensions: [column("leads.id", "id"), column("a.b", "title")],
        rows: [{ "leads.id": " 70412 ", "a.b": "x" }],
      })
      expect(marketo.syncs[0].body.action).to.equal("updateOnly")
      expect(marketo.syncs[0].body.input).to.deep.equal([{ id: 70412, title: "x" }])
    })
  })

  describe("columns and cells", () => {
    it("several tags on one column feed several fields", async () => {
      await run({
        dimensions: [column("users.email", "email", "customerId")], rows: [{ "users.email": "a@example.com" }],
      })
      expect(marketo.leadsSent).to.deep.equal([{ email: "a@example.com", customerId: "a@example.com" }])
    })

    it("a table calculation may be tagged", async () => {
      await run({ tableCalculations: [column("score", "leadScore")], rows: [
        { "users.email": "a@example.com", "users.gender": "f", "score": 12 },
      ] })
      expect(marketo.leadsSent[0].leadScore).to.equal(12)
    })

    it("a missing cell leaves the field out", async () => {
      await run({ rows: [{ "users.email": "a@example.com" }] })
      expect(marketo.leadsSent).to.deep.equal([{ email: "a@example.com" }])
    })

    it("a null cell clears the field", async () => {
      await run({ rows: [{ "users.email": "a@example.com", "users.gender": null }] })
      expect(marketo.leadsSent).to.deep.equal([{ email: "a@example.com", gender: null }])
    })

    for (const value of [null, "", "  ", undefined]) {
      it(`a row whose lookup value is ${JSON.stringify(value)} is not sent, but reported`, async () => {
        const response = await run({ rows: [{ "users.email": value }, { "users.email": "b@example.com" }] })
        expect(marketo.leadsSent.map((lead) => lead.email)).to.deep.equal(["b@example.com"])
        expect(response.success).to.equal(false)
        expect(documentOf(response).skipped).to.deep.equal({ "No value for the lookup field email": ["row 1"] })
      })
    }

    it("a lookup value is sent without blanks around it", async () => {
      await run({ rows: [{ "users.email": " a@example.com " }] })
      expect(marketo.leadsSent[0].email).to.equal("a@example.com")
    })

    it("a column without `tags` is passed over", async () => {
      await run({ dimensions: [...EMAIL_AND_GENDER, { name: "users.random" }], rows: [
        { "users.email": "a@example.com", "users.gender": "f", "users.random": 1 },
      ] })
      expect(marketo.leadsSent).to.deep.equal([{ email: "a@example.com", gender: "f" }])
    })

    it("a tagged measure under a pivot is refused", async () => {
      const text = await refusal({
        measures: [column("users.count", "leadScore")], pivots: [{ name: "users.state" }],
        rows: [{ "users.email": "a@example.com" }],
      })
      expect(text).to.contain("is pivoted")
      expect(marketo.syncs).to.deep.equal([])
    })

    it("fields may come behind the rows", async () => {
      const { fields, data } = JSON.parse(jsonDetail({ rows: peopleRows(150) }))
      const response = await run({ document: JSON.stringify({ data, fields }) })
      expect(response.success).to.equal(true)
      expect(marketo.leadsSent).to.have.length(150)
    })

    it("a result that does not tell its fields is refused", async () => {
      const { data } = JSON.parse(jsonDetail({ rows: peopleRows(2) }))
      expect(await refusal({ document: JSON.stringify({ data }) })).to.contain("has no field list")
      expect(marketo.syncs).to.deep.equal([])
    })
  })

  describe("numbers of rows", () => {
    it("none: a success that says so", async () => {
      const response = await run({ rows: [] })
      expect(response.success).to.equal(true)
      expect(response.message).to.equal("The query result has no rows, so nothing was sent to Marketo.")
      expect(marketo.syncs).to.deep.equal([])
    })

    for (const count of [1, 100, 299, 300, 301, 600, 601]) {
      it(`${count}: ${Math.ceil(count / 300)} call(s), every row once`, async () => {
        const response = await run({ rows: peopleRows(count) })
        expect(response.success).to.equal(true)
        expect(marketo.syncs).to.have.length(Math.ceil(count / 300))
        expect(new Set(marketo.leadsSent.map((lead) => lead.email)).size).to.equal(count)
        expect(marketo.leadsSent).to.have.length(count)
      })
    }
  })

  describe("answers to Looker", () => {
    it("a success tells the counts", async () => {
      const response = await run({ rows: peopleRows(3) })
      expect(response.message).to.contain("3 rows received: 3 leads created, 0 updated.")
      expect(response.error).to.equal(undefined)
    })

    it("skipped leads are grouped by reason, by lookup value", async () => {
      marketo.answer("POST", LEADS, success([
        skip("1007", "Multiple lead match lookup criteria"), { id: 5, status: "updated" },
      ]))
      const response = await run({ rows: peopleRows(2) })
      expect(response.success).to.equal(false)
      expect(documentOf(response).skipped).to.deep.equal({
        "Multiple lead match lookup criteria": ["person0@example.com"],
      })
    })

    it("skipped leads are named by the lookup field, whichever it is", async () => {
      marketo.answer("POST", LEADS, success([skip("1007", "Multiple")]))
      const response = await run({
        form: { lookupField: "customerId", subaction: "none" }, dimensions: [column("c.id", "customerId")],
        rows: [{ "c.id": 4711 }],
      })
      expect(documentOf(response).skipped).to.deep.equal({ Multiple: ["4711"] })
    })

    it("a failure carries error, webhookId and a link that leads somewhere", async () => {
      marketo.answer("POST", LEADS, success([skip("1007", "Multiple")]))
      const response = await run({ rows: peopleRows(1), webhookId: "w-17" })
      const { error } = response
      expect(response.webhookId).to.equal("w-17")
      expect(error === undefined ? "" : error.documentation_url).to.match(/^https:\/\//)
      expect(error?.message).to.equal("The only row was not applied; 1 was skipped.")
      expect(response.message?.split("\n")[0], "the message's first sentence").to.equal(error?.message)
    })

    it("a membership failure names campaign and leads", async () => {
      marketo.always("POST", "/rest/v1/campaigns/202/trigger.json", failure("1003", "Campaign cannot be requested"))
      const response = await run({
        form: { lookupField: "email", subaction: "addCampaign", campaignId: "202" }, rows: peopleRows(2),
      })
      expect(response.success).to.equal(false)
      const [entry] = documentOf(response).membershipErrors
      expect(entry).to.deep.include({ campaign: "202", code: "1003", leads: 2 })
    })

    it("wrong credentials are told in a sentence, after one attempt", async () => {
      marketo.answerIdentity({ status: 401, json: { error: "invalid_client" } })
      const response = await run({ rows: peopleRows(2) })
      expect(response.success).to.equal(false)
      expect(messageOf(response)).to.contain("does not accept the Client ID and Client Secret")
      expect(marketo.identityCalls).to.have.length(1)
    })

    it("a spent daily quota is told, with the rows that were not sent", async () => {
      marketo.always("POST", LEADS, failure("607", "Max daily quota '50000' reached"))
      const response = await run({ rows: peopleRows(900) })
      const { rows, notSent } = documentOf(response)
      expect(rows).to.include({ received: 900, notSent: 900 })
      expect(Object.keys(notSent)[0]).to.contain("Max daily quota '50000' reached")
    })

    it("credentials that Marketo refuses are told, and that nothing was sent", async () => {
      const refused = { error: "invalid_client", error_description: "Bad client credentials" }
      marketo.answerIdentity(...Array.from({ length: 9 }, () => ({ status: 401, json: refused })))
      const response = await run({ rows: peopleRows(1) })
      expect(response.success).to.equal(false)
      expect(messageOf(response)).to.match(/does not accept .* No row was sent\.$/)
      expect(marketo.calls).to.deep.equal([])
    })

    it("a missing permission to look is no failure, but noted", async () => {
      marketo.always("GET", /describe2/, failure("603", "Access denied"))
      const response = await run({ rows: peopleRows(1) })
      expect(response.success).to.equal(true)
      expect(messageOf(response)).to.contain("could not be checked")
    })

    it("a result that is cut off is never a success, and what had come is told", async () => {
      const whole = jsonDetail({ rows: peopleRows(20) })
      const response = await run({ document: whole.slice(0, whole.length - 200) })
      expect(response.success).to.equal(false)
      expect(documentOf(response).requestErrors[0].message).to.contain("could not be read to its end")
      expect(marketo.leadsSent.length).to.be.greaterThan(0)
      expect(documentOf(response).rows.created).to.equal(marketo.leadsSent.length)
    })

    it("is never longer than Looker can show", async () => {
      marketo.always("POST", LEADS, (call) => success(call.body.input.map((lead: { email: string }) =>
        skip("1003", `Invalid value for field 'x' and value '${lead.email}' ${"x".repeat(300)}`))))
      const response = await run({ rows: peopleRows(700) })
      expect(Buffer.byteLength(messageOf(response))).to.be.at.most(16384)
      expect(documentOf(response).rows.skipped).to.equal(700)
    })
  })

  describe("several runs", () => {
    it("share one token", async () => {
      await Promise.all([0, 5, 10].map(async (first) => run({ rows: peopleRows(5, first) })))
      expect(marketo.identityCalls).to.have.length(1)
    })

    it("do not mix their results", async () => {
      const responses = await Promise.all([5, 0, 7].map(async (count) => run({ rows: peopleRows(count) })))
      expect(responses.map((response) => messageOf(response).split(" ")[0])).to.deep.equal(["5", "The", "7"])
    })

    it("keep together to the calls at once that one would have", async () => {
      const transaction = async () => new MarketoTransaction(FAST_CONFIGURATION).handleRequest(
        buildRequest({ origin: marketo.origin, rows: peopleRows(1500) }))
      marketo.always("POST", LEADS, (call) => ({
        ...success(call.body.input.map(() => ({ id: marketo.nextLeadId++, status: "created" }))), delayMs: 5,
      }))
      await Promise.all([transaction(), transaction(), transaction()])
      expect(marketo.mostAtOnce).to.be.at.most(FAST_CONFIGURATION.share.concurrentCalls)
      expect(marketo.leadsSent).to.have.length(4500)
    })

    it("do not end because another one is stopped by its hub", async () => {
      let open: () => void = () => undefined
      const after = new Promise<void>((resolve) => { open = resolve })
      let listener: () => void = () => undefined
      marketo.answer("GET", /describe2/, (_call) => ({
        ...success([{ fields: [{ name: "email" }, { name: "gender" }], searchableFields: [["email"]] }]), after,
      }))
      const stopped = buildRequest({ origin: marketo.origin, rows: peopleRows(2) })
      Object.defineProperty(stopped, "stopSignal", { enumerable: false, value: {
        aborted: false,
        addEventListener: (_type: string, added: () => void) => { listener = added },
        removeEventListener: () => undefined,
      } })
      // The first run's question is held at the quota, where a stop ends it; the second waits for the same answer.
      marketo.answerIdentity((_call) => ({
        json: { access_token: "t", expires_in: 3600, scope: "s" }, after,
      }))
      const first = action.validateAndExecute(stopped)
      const second = run({ rows: peopleRows(2) })
      while (marketo.identityCalls.length === 0) {
        await new Promise<void>((resolve) => { setTimeout(resolve, 2) })
      }
      listener()
      expect((await first).success).to.equal(false)
      open()
      expect(await second).to.include({ success: true, message: "2 rows received: 2 leads created, 0 updated." })
    })
  })
})
