import { expect } from "chai"
import { forgetConnections } from "../../../src/actions/marketo/lib/api/connection"
import { targetIds } from "../../../src/actions/marketo/lib/settings/target_ids"
import { MarketoAction } from "../../../src/actions/marketo/marketo"
import { connectedFormFields, FORM_PATIENCE_MS, staticFormFields } from "../../../src/actions/marketo/marketo_form"
import * as Hub from "../../../src/hub"
import { allowStandIns } from "./support/allow_stand_ins"
import { buildRequest } from "./support/build_request"
import { errorOf, FAST_CONFIGURATION } from "./support/connect"
import { failure, FakeAnswer, FakeMarketo, success } from "./support/fake_marketo"

const LISTS = "/rest/v1/lists.json"
const CAMPAIGNS = "/rest/v1/campaigns.json"
const PROGRAMS = "/rest/asset/v1/programs.json"
const CHANNEL = "/rest/asset/v1/channel/byName.json"
const DESCRIBE = "/rest/v1/leads/describe2.json"
const USAGE = "/rest/v1/stats/usage.json"
const PARTITIONS = "/rest/v1/leads/partitions.json"

/** Milliseconds that forms of these tests wait when Marketo does not answer. */
const SHORT_PATIENCE_MS = 60

interface AnyField {
  name: string
  type?: string
  label?: string
  description?: string
  default?: string
  value?: string
  interactive?: boolean
  required?: boolean
  options?: { name: string, label: string }[]
}

describe("The form of the Marketo action", () => {
  allowStandIns()
  let marketo: FakeMarketo

  beforeEach(async () => {
    forgetConnections()
    marketo = await FakeMarketo.start()
    marketo.always("GET", LISTS, (call) => {
      const ids = (call.query.get("id") ?? "").split(",")
      const name = call.query.get("name")
      const lists = [
        { id: 1001, name: "Newsletter", updatedAt: "2026-01-01T00:00:00Z" },
        { id: 1002, name: "Webinar Invitees", programName: "Spring Webinar", updatedAt: "2026-02-01T00:00:00Z" },
      ]
      return success(lists.filter((list) =>
        (call.query.get("id") === null || ids.includes(String(list.id))) && (name === null || list.name === name)))
    })
    marketo.always("GET", CAMPAIGNS, success([{ id: 2001, name: "Welcome", type: "trigger", active: true }]))
    marketo.always("GET", PROGRAMS, success([
      { id: 3001, name: "Spring Webinar", channel: "Webinar" },
      { id: 3002, name: "Autumn Webinar", channel: "Webinar" },
      { id: 3003, name: "Fair", channel: "Tradeshow" }, { id: 3004, name: "Care", channel: "Operational" },
    ]))
    const statuses: { [channel: string]: string[] } = {
      Webinar: ["Invited", "Registered"], Tradeshow: ["Registered", "Visited"], Operational: ["Member"],
    }
    marketo.always("GET", CHANNEL, (call) => success([{
      id: 1, name: "any", progressionStatuses: [
        { name: "Not in Program", step: 0 }, { name: "Secret", step: 5, hidden: true },
        ...statuses[call.query.get("name") ?? ""].map((name, index) => ({ name, step: index + 10, hidden: false })),
      ],
    }]))
    marketo.always("GET", PARTITIONS, success([{ id: 1, name: "Default" }, { id: 2, name: "EMEA" }]))
  })

  afterEach(async () => marketo.stop())

  async function open(form: Hub.ParamMap = {}, patienceMs = 4000, params: Hub.ParamMap = {}): Promise<AnyField[]> {
    const request = buildRequest({ origin: marketo.origin, form, params })
    return connectedFormFields(request, FAST_CONFIGURATION, patienceMs)
  }

  async function fieldOf(name: string, form: Hub.ParamMap = {}): Promise<AnyField> {
    const found = (await open(form)).find((field) => field.name === name)
    if (found === undefined) {
      throw new Error(`The form has no field ${name}`)
    }
    return found
  }

  function names(fields: AnyField[]): string[] {
    return fields.map((field) => field.name)
  }

  function optionsOf(field: AnyField): string[] {
    return (field.options ?? []).map((option) => option.name)
  }

  function messageOf(fields: AnyField[]): string {
    expect(fields[0]).to.include({ name: "connection", type: "message" })
    return fields[0].value ?? ""
  }

  describe("without settings of a connection", () => {
    it("is the static one, and asks nothing", async () => {
      const action = new MarketoAction()
      const request = buildRequest({ origin: marketo.origin, params: { clientSecret: " " } })
      expect((await action.form()).fields).to.deep.equal(staticFormFields())
      expect((await action.form(request)).fields).to.deep.equal(staticFormFields())
      expect(marketo.identityCalls).to.have.length(0)
    })
  })

  describe("of a new schedule", () => {
    it("is short", async () => {
      expect(names(await open())).to.deep.equal(
        ["connection", "lookupField", "subaction", "target", "campaignId", "dryRun", "mostCleared", "moreOptions"])
    })

    it("has plain words for what schedules store under the names of ever", async () => {
      const opened = await open()
      expect(opened[1]).to.include({ label: "Lead Lookup Field", default: "email" })
      expect(opened[2]).to.include({ label: "Additional Action", default: "addCampaign", interactive: true })
      expect(opened[2].options).to.deep.equal([
        { name: "addCampaign", label: "Send through a campaign" },
        { name: "addList", label: "Add to a list" },
        { name: "removeList", label: "Remove from a list" },
        { name: "mirrorList", label: "Make a list hold exactly these leads" },
        { name: "addProgram", label: "Add to a program, with a status" },
        { name: "removeProgram", label: "Remove from a program" },
        { name: "none", label: "Nothing else: only create or update the leads" },
      ])
      expect(opened[4]).to.include({ name: "campaignId", label: "Campaign IDs or Addresses", interactive: true })
    })

    it("takes few calls, and none for some minutes after that", async () => {
      await open()
      expect(marketo.calls.map((call) => call.path)).to.have.members([USAGE, DESCRIBE, CAMPAIGNS])
      await open()
      expect(marketo.calls).to.have.length(3)
      expect(marketo.identityCalls).to.have.length(1)
    })

    it("explains every field", async () => {
      for (const subaction of ["addCampaign", "addList", "mirrorList", "addProgram", "none"]) {
        for (const field of await open({ lookupField: "email", subaction, moreOptions: "yes" })) {
          expect(field.type === "message" ? field.value : field.description, field.name).to.match(/\w+ \w+/)
          expect(field.label, field.name).to.match(/\w/)
        }
      }
    })
  })

  describe("the message on the connection", () => {
    it("says to what, as whom, and how many calls were used", async () => {
      marketo.always("GET", USAGE, success([{ date: "2026-08-17", total: 4310 }]))
      const { host } = new URL(marketo.origin)
      expect(messageOf(await open())).to.equal(
        `Connected to ${host} as api@example.com. 4,310 API calls used today by all integrations.`)
    })

    it("says what is left when the hub's administrator has set a limit", async () => {
      const configuration = { ...FAST_CONFIGURATION, share: { ...FAST_CONFIGURATION.share, dailyAllowance: 1010 } }
      const fields = await connectedFormFields(buildRequest({ origin: marketo.origin }), configuration)
      expect(messageOf(fields)).to.match(/1,000 are left of those that this hub may use today\.$/)
    })

    const failures: ([string, RegExp, (fake: FakeMarketo) => void, boolean?])[] = [
      ["wrong credentials", /does not accept the Client ID and Client Secret .* LaunchPoint/,
        (fake) => fake.answerIdentity({ status: 401, json: { error: "invalid_client" } })],
      ["a host whose identity is something else", /does not answer as a Marketo instance does \(HTTP 404\)\. Check the URL/,
        (fake) => fake.answerIdentity({ status: 404, text: "<html>" })],
      ["a host without Marketo's paths", /does not answer as a Marketo instance does \(code 610\)\. Check the URL/,
        (fake) => fake.always("GET", USAGE, failure("610"))],
      ["an IP allow list", /code 603.*IP addresses.*IP Restrictions/,
        (fake) => fake.always("GET", USAGE, failure("603", "Access denied"))],
      ["a token that is refused again and again", /does not accept the token.*code 601.*LaunchPoint/,
        (fake) => fake.always("GET", USAGE, failure("601", "Access token invalid"))],
      ["a spent quota", /No API calls are left today: Daily quota reached\..*midnight US Central time/,
        (fake) => fake.always("GET", USAGE, failure("607", "Daily quota reached"))],
      ["a connection that breaks", /broke before the answer was complete\. If this lasts, check the URL/,
        (fake) => fake.always("GET", USAGE, { reset: true })],
      ["other integrations in the way", /is busy with the calls of other integrations\. Open the form again in a minute\./,
        (fake) => fake.always("GET", USAGE, failure("606", "Max rate limit exceeded")), true],
      ["maintenance", /did not answer in time \(Under maintenance\), so names are missing here/,
        (fake) => fake.always("GET", USAGE, failure("608", "Under maintenance")), true],
      ["an instance that is not found",
        /^Subscription not found\. Check the URL .* If this lasts, check that the hub's/,
        (fake) => fake.always("GET", USAGE, failure("614", "Subscription not found")), true],
      ["silence", /did not answer in time, so names are missing here\. It may be slow or busy/,
        (fake) => fake.always("GET", USAGE, { silent: true }), true],
      ["a silent identity", /did not answer in time, so names are missing here/,
        (fake) => fake.answerIdentity({ silent: true }), true],
    ]
    for (const [what, expected, prepare, isLate] of failures) {
      it(`says what ${what} is, what to do, and that the form works all the same`, async () => {
        prepare(marketo)
        const fields = await open(
          { lookupField: "mine", subaction: "addList", campaignId: "7" }, isLate === true ? SHORT_PATIENCE_MS : 4000)
        expect(messageOf(fields)).to.match(expected)
        expect(messageOf(fields)).to.contain("form can")
        expect(fields[1]).to.include({ name: "lookupField", type: "string", default: "mine" })
        expect(fields[3]).to.include({ name: "campaignId", type: "string", default: "7" })
        expect(names(fields)).not.to.contain("target")
      })
    }

    const addresses: [string, RegExp][] = [
      ["https://123-abc-456.mktoapi.com/soap/mktows/3_1", /SOAP endpoint/],
      ["https://app-ab12.marketo.com", /user interface/],
      ["https://example.com", /not the address of a Marketo instance/],
    ]
    for (const [url, expected] of addresses) {
      it(`says what is wrong with the URL ${url}`, async () => {
        const fields = await open({}, 4000, { url })
        expect(messageOf(fields)).to.match(expected)
        expect(messageOf(fields)).to.contain("REST endpoint")
      })
    }

    it("names the host that cannot be reached, without waiting for identity's repetitions", async () => {
      const nowhere = await FakeMarketo.start()
      const url = nowhere.origin
      await nowhere.stop()
      expect(messageOf(await open({}, 4000, { url }))).to.match(/could not be reached at .*nothing accepts connections/)
    })

    it("names it at a real pace, too, where the token's own attempts take longer than people wait", async () => {
      const nowhere = await FakeMarketo.start()
      const { origin } = nowhere
      await nowhere.stop()
      const [connection] = await connectedFormFields(
        buildRequest({ origin }), { ...FAST_CONFIGURATION, sandboxSpeed: 1 }) as AnyField[]
      expect(connection.value).to.match(/could not be reached at .*nothing accepts connections/)
    })

    it("is no error of the form", async () => {
      marketo.answerIdentity({ status: 401, json: { error: "invalid_client" } })
      const form = await new MarketoAction().validateAndFetchForm(buildRequest({ origin: marketo.origin }))
      expect(form.error).to.equal(undefined)
    })

    it("holds no secret", async () => {
      marketo.answerIdentity({ status: 401, json: { error: "invalid_client" } })
      expect(JSON.stringify(await open())).not.to.contain("fake-client-secret")
    })

    it("names the permission that is missing, once for all that it hides", async () => {
      marketo.always("GET", DESCRIBE, failure("603"))
      const refusing = await FakeMarketo.start()
      try {
        refusing.always("GET", DESCRIBE, failure("603"))
        refusing.always("GET", LISTS, failure("603"))
        const fields = await open({ lookupField: "email", subaction: "addList" }, 4000, { url: refusing.origin })
        expect(messageOf(fields)).to.match(/^Connected .*The fields to look leads up by and the names of static lists /)
        expect(messageOf(fields)).to.match(/code 603.*"Read-Write Lead"/)
        expect(names(fields)).not.to.contain("target")
      } finally {
        await refusing.stop()
      }
    })

    it("says what came too late, and shows what came in time", async () => {
      const slow = await FakeMarketo.start()
      try {
        slow.always("GET", LISTS, { silent: true })
        const fields = await open({ lookupField: "email", subaction: "addList" }, 1000, { url: slow.origin })
        expect(messageOf(fields))
          .to.match(/^Connected .*did not return the names of static lists in time: type IDs, or/)
        expect(fields[1].type).to.equal("select")
      } finally {
        await slow.stop()
      }
    })

    it("waits less than the five seconds that people do", () => {
      expect(FORM_PATIENCE_MS).to.be.below(4500)
    })
  })

  describe("the choice by name", () => {
    it("offers none first, then the newest, with their places", async () => {
      const target = await fieldOf("target", { lookupField: "email", subaction: "addList" })
      expect(target.options).to.deep.equal([
        { name: "", label: "None - only the IDs typed below" },
        { name: "list:1002", label: "Webinar Invitees (Spring Webinar), ID 1002" },
        { name: "list:1001", label: "Newsletter, ID 1001" },
      ])
      expect(target).to.include({ type: "select", default: "", required: false })
    })

    it("follows the additional action", async () => {
      const prefixes: [string, string][] = [
        ["addCampaign", "campaign:2001"], ["removeList", "list:1002"], ["mirrorList", "list:1002"],
        ["removeProgram", "program:3004"],
      ]
      for (const [subaction, first] of prefixes) {
        expect(optionsOf(await fieldOf("target", { lookupField: "email", subaction }))[1]).to.equal(first)
      }
    })

    it("is absent when leads are updated only", async () => {
      const fields = names(await open({ lookupField: "email", subaction: "none", target: "list:1001" }))
      expect(fields).to.deep.equal(["connection", "lookupField", "subaction", "dryRun", "mostCleared", "moreOptions"])
      expect(marketo.callsTo(/lists|campaigns|programs/)).to.have.length(0)
    })

    it("leaves away the box for IDs when leads are updated only, unless there is something in it", async () => {
      const form = { lookupField: "email", subaction: "none", campaignId: "1001" }
      expect(await fieldOf("campaignId", form)).to.include({ label: "IDs That Are Not Used", default: "1001" })
    })

    it("keeps what is chosen, known or not", async () => {
      const known = await fieldOf("target", { subaction: "addList", lookupField: "email", target: "list:1001" })
      expect(known.default).to.equal("list:1001")
      expect(optionsOf(known)).to.have.length(3)
      const unknown = await fieldOf("target", { subaction: "addList", lookupField: "email", target: "list:77" })
      expect(unknown.default).to.equal("list:77")
      expect(unknown.options?.[1]).to.deep.equal({ name: "list:77", label: "ID 77 (Marketo has no such list)" })
    })

    it("keeps what is chosen when Marketo cannot be asked", async () => {
      marketo.always("GET", USAGE, failure("603"))
      const target = await fieldOf("target", { subaction: "addList", lookupField: "email", target: "list:1001" })
      expect(optionsOf(target)).to.deep.equal(["", "list:1001"])
    })

    it("drops what was chosen for another action", async () => {
      const target = await fieldOf("target", { subaction: "addList", lookupField: "email", target: "campaign:2001" })
      expect(target.default).to.equal("")
      expect(optionsOf(target)).not.to.contain("campaign:2001")
    })

    it("tells what typed ids are", async () => {
      const { value } = await fieldOf("targetNames",
        { subaction: "addList", lookupField: "email", campaignId: "1001, 1002,9999,x" })
      expect(value).to.match(/^1001 is Newsletter; 1002 is Webinar Invitees \(Spring Webinar\); 9999 is unknown: /)
      expect(value).to.contain("\"x\" is not a list ID")
    })

    it("says of an ID of another kind what a run would say", async () => {
      const form = { subaction: "addList", lookupField: "email", campaignId: "1001, SC2001" }
      const sentence = "\"SC2001\" is a campaign; you chose a list. Give the ID of a list, or choose another " +
        "additional action."
      expect((await fieldOf("targetNames", form)).value).to.equal(`1001 is Newsletter. ${sentence}`)
      expect(errorOf(() => targetIds(form, "list")).message).to.equal(sentence)
    })

    it("tells what several pasted addresses are, with nothing between them", async () => {
      const { value } = await fieldOf("targetNames", {
        subaction: "addList", lookupField: "email",
        campaignId: "https://app-sj01.marketo.com/#ST1001A1https://app-sj01.marketo.com/#ST1002A1",
      })
      expect(value).to.equal("1001 is Newsletter; 1002 is Webinar Invitees (Spring Webinar).")
    })

    it("tells what is wrong with a campaign", async () => {
      const answer: FakeAnswer = (call) => call.query.get("isTriggerable") === "true" ? success() :
        success([{ id: 5, name: "Off", type: "trigger", active: false }])
      const other = await FakeMarketo.start()
      try {
        other.always("GET", CAMPAIGNS, answer)
        // The names of those that can be requested are known by then, and do not have it.
        await open({}, 4000, { url: other.origin })
        const fields = await open(
          { subaction: "addCampaign", lookupField: "email", campaignId: "5" }, 4000, { url: other.origin })
        expect(fields.find((field) => field.name === "targetNames")?.value)
          .to.equal("5 is Off, which is not active in Marketo.")
        expect(messageOf(fields)).to.contain("There are no campaigns to choose")
      } finally {
        await other.stop()
      }
    })
  })

  describe("with an administrator's restrictions", () => {
    async function restricted(params: Hub.ParamMap, form: Hub.ParamMap): Promise<AnyField[]> {
      return open({ lookupField: "email", ...form }, 4000, params)
    }
    const named = (fields: AnyField[], name: string) => fields.find((field) => field.name === name) as AnyField

    it("offers what leads may be sent to, and says of other IDs that they may not", async () => {
      const fields = await restricted({ allowedTargets: "ST1001A1" }, { subaction: "addList", campaignId: "1002" })
      expect(optionsOf(named(fields, "target"))).to.deep.equal(["", "list:1001"])
      expect(named(fields, "targetNames").value).to.contain("1002 may not be sent to from this Looker")
      expect(optionsOf(named(fields, "subaction"))).to.deep.equal(["addList", "removeList", "mirrorList", "none"])
    })

    for (const [subaction, allowed, path] of [
      ["addList", "ST1001A1, ST1002A1", /lists\.json/], ["addCampaign", "SC2001A1", /campaigns\.json/],
      ["addProgram", "PG3001A1", /programs\.json/],
    ] as const) {
      it(`looks up what may be used with ${subaction}, and does not read all the others`, async () => {
        await restricted({ allowedTargets: allowed }, { subaction })
        const asked = marketo.calls.filter((call) => path.test(call.path)).map(({ query }) => query)
        expect(asked.map((query) => query.get("id") ?? query.get("filterValues")))
          .to.deep.equal(asked.map(() => allowed.replace(/[A-Z]+(\d{4})A1/g, "$1").replace(" ", "")))
        expect(asked).not.to.have.length(0)
      })
    }

    it("finds the campaigns that may be used also where the API user may not make the older call", async () => {
      const other = await FakeMarketo.start()
      try {
        other.always("GET", CAMPAIGNS, failure("603", "Access denied"))
        other.always("GET", /smartCampaigns\.json/, success([2001, 2002].map((id) =>
          ({ id, name: `Campaign ${id}`, isRequestable: true }))))
        const fields = await restricted(
          { allowedTargets: "SC2002A1", url: other.origin }, { subaction: "addCampaign" })
        expect(optionsOf(named(fields, "target"))).to.deep.equal(["", "campaign:2002"])
      } finally {
        await other.stop()
      }
    })

    it("says so if none of what may be used is there", async () => {
      const fields = await restricted({ allowedTargets: "ST1009A1" }, { subaction: "addList" })
      expect(messageOf(fields)).to.contain("None of the static lists that may be used from this Looker")
    })

    it("offers no removal, no mirroring and no creation where these are not allowed", async () => {
      const fields = await restricted({ notAllowed: "create, remove" }, { subaction: "none" })
      expect(optionsOf(named(fields, "subaction"))).to.deep.equal(["addCampaign", "addList", "addProgram", "none"])
      expect(named(fields, "leadMode")).to.include({ default: "updateOnly" })
      expect(optionsOf(named(fields, "leadMode"))).to.deep.equal(["updateOnly", "membershipOnly"])
    })

    it("shows what a schedule has stored all the same", async () => {
      const fields = await restricted({ notAllowed: "remove" }, { subaction: "mirrorList", campaignId: "1001" })
      expect(named(fields, "subaction").default).to.equal("mirrorList")
      expect(optionsOf(named(fields, "subaction"))).to.contain("mirrorList")
    })

    it("says so above fields that can be filled in, if they cannot be read", async () => {
      const fields = await restricted({ notAllowed: "odd" }, { subaction: "none" })
      expect(named(fields, "connection").value).to.contain("The setting \"Not Allowed\"")
      expect(named(fields, "subaction").options).to.have.length(7)
    })
  })

  describe("with many names", () => {
    let large: FakeMarketo

    beforeEach(async () => {
      large = await FakeMarketo.start()
    })

    afterEach(async () => large.stop())

    function numberedList(id: number) {
      return { id, name: `List ${id}`, updatedAt: "2026-01-01T00:00:00Z" }
    }

    async function openLarge(form: Hub.ParamMap = {}, patienceMs = 4000): Promise<AnyField[]> {
      return open({ lookupField: "email", subaction: "addList", ...form }, patienceMs, { url: large.origin })
    }

    it("offers a filter, and only some hundred options with a word on the others", async () => {
      large.always("GET", LISTS, success(Array.from({ length: 300 }, (_none, index) => numberedList(index + 1))))
      const fields = await openLarge()
      expect(fields[3]).to.include({ name: "targetFilter", type: "string", interactive: true })
      expect(fields[4].options).to.have.length(202)
      expect(fields[4].options?.[201].label).to.equal("(100 more: type a part of the name into the filter)")
    })

    it("narrows the choice, the exact name first", async () => {
      large.always("GET", LISTS, success(Array.from({ length: 300 }, (_none, index) => numberedList(index + 1))))
      const fields = await openLarge({ targetFilter: "list 30" })
      expect(fields[3].default).to.equal("list 30")
      expect(optionsOf(fields[4])).to.deep.equal(["", "list:30", "list:300", "list:230", "list:130"])
    })

    it("says when nothing matches", async () => {
      large.always("GET", LISTS, success(Array.from({ length: 60 }, (_none, index) => numberedList(index + 1))))
      const fields = await openLarge({ targetFilter: "gone" })
      expect(fields[4].description).to.contain("None of the static lists matches \"gone\".")
    })

    it("shows what there is when time runs out, and the rest next time", async () => {
      let letGo: () => void = () => undefined
      const held = new Promise<void>((resolve) => { letGo = resolve })
      large.always("GET", LISTS, (call) => call.query.get("nextPageToken") === null ?
        success([numberedList(1)], { nextPageToken: "NEXT" }) : { ...success([numberedList(2)]), after: held })
      const first = await openLarge({}, 1000)
      expect(optionsOf(first[4])).to.deep.equal(["", "list:1"])
      expect(first[4].description).to.contain("Not all static lists have been read so far (1)")
      letGo()
      const second = await openLarge()
      expect(optionsOf(second[3])).to.deep.equal(["", "list:2", "list:1"])
      expect(large.callsTo(LISTS)).to.have.length(2)
    })

    it("finds an exact name by a call of its own, without waiting for the others", async () => {
      large.always("GET", LISTS, (call) => call.query.get("name") === "List 9001" ? success([numberedList(9001)]) :
        call.query.get("nextPageToken") === null ?
          success([numberedList(1)], { nextPageToken: "NEXT" }) : { silent: true })
      const fields = await openLarge({ targetFilter: "List 9001" })
      expect(optionsOf(fields[4])).to.deep.equal(["", "list:9001"])
    })

    it("asks anew after names could not be read", async () => {
      large.answer("GET", LISTS, failure("1003", "Odd"))
      large.always("GET", LISTS, success([numberedList(1)]))
      expect(messageOf(await openLarge())).to.match(/names of static lists are not shown, since Marketo answered: Odd/)
      expect(names(await openLarge())).to.contain("target")
    })
  })

  describe("the program status", () => {
    async function statusField(form: Hub.ParamMap): Promise<AnyField> {
      return fieldOf("programStatus", { lookupField: "email", subaction: "addProgram", ...form })
    }

    it("is a choice of the channel's statuses, without hidden ones and without leaving", async () => {
      const field = await statusField({ target: "program:3001" })
      expect(field).to.include({ type: "select", required: true })
      expect(optionsOf(field)).to.deep.equal(["Invited", "Registered"])
    })

    it("keeps a current value that the channel does not have", async () => {
      const field = await statusField({ campaignId: "3001", programStatus: "Gone" })
      expect(optionsOf(field)).to.deep.equal(["Invited", "Registered", "Gone"])
      expect(field.default).to.equal("Gone")
    })

    it("is a choice of those that several programs have in common", async () => {
      expect(optionsOf(await statusField({ campaignId: "3001,3002" }))).to.deep.equal(["Invited", "Registered"])
      expect(optionsOf(await statusField({ campaignId: "3001", target: "program:3003" }))).to.deep.equal(["Registered"])
    })

    it("is text when they have none in common, and then says what each has", async () => {
      const field = await statusField({ campaignId: "3001,3004", programStatus: "Member" })
      expect(field).to.include({ type: "string", default: "Member" })
      expect(field.description).to.contain("Spring Webinar has Invited, Registered; Care has Member.")
    })

    it("is text while no program is chosen, or an unknown one", async () => {
      expect((await statusField({})).type).to.equal("string")
      expect((await statusField({ campaignId: "77" })).type).to.equal("string")
    })

    it("is asked for again when another program is chosen", async () => {
      const form = { lookupField: "email", subaction: "addProgram" }
      expect((await fieldOf("target", form)).interactive).to.equal(true)
      expect(await fieldOf("campaignId", form)).to.include(
        { label: "Program IDs or Addresses", type: "string", interactive: true })
    })
  })

  describe("further options", () => {
    const ALL = ["leadMode", "emptyCells", "invalidValues", "longText", "severalMatches", "sendBy", "partition"]

    it("are shown when wanted", async () => {
      const fields = names(await open({ lookupField: "email", subaction: "none", moreOptions: "yes" }))
      expect(fields.slice(fields.indexOf("moreOptions") + 1)).to.deep.equal(ALL)
      const campaign = names(await open({ lookupField: "email", subaction: "addCampaign", moreOptions: "yes" }))
      expect(campaign.slice(-1)).to.deep.equal(["campaignTokens"])
    })

    it("are shown when they differ from the usual, since Looker would drop their values", async () => {
      const values: Hub.ParamMap = {
        leadMode: "updateOnly", emptyCells: "leave", invalidValues: "skipRow", longText: "cut", partition: "EMEA",
        campaignTokens: "{{my.a}} = b", dryRun: "yes",
      }
      for (const name of Object.keys(values)) {
        const fields = await open({ lookupField: "email", subaction: "addCampaign", [name]: values[name] })
        expect(fields.find((field) => field.name === name)?.default, name).to.equal(values[name])
      }
      const usual = await open(
        { lookupField: "email", subaction: "none", leadMode: "createOrUpdate", emptyCells: "clear", mirrorLimit: "50" })
      expect(names(usual).slice(-1)).to.deep.equal(["moreOptions"])
    })

    it("have the limit of values to clear in every form, since a run without a stored limit has none", async () => {
      for (const form of [{}, { leadMode: "membershipOnly" }, { emptyCells: "leave" }, { subaction: "none" }]) {
        const field = await fieldOf("mostCleared", { subaction: "addList", ...form })
        expect(field).to.include({ label: "Most Values to Clear (Percent)", default: "30", type: "string" })
      }
      expect((await fieldOf("mostCleared", { lookupField: "email", mostCleared: "7" })).default).to.equal("7")
    })

    it("keep a form without a limit that was saved before there was one", async () => {
      expect((await fieldOf("mostCleared", { lookupField: "email", subaction: "none" })).default).to.equal("100")
    })

    it("keep a value that is no choice", async () => {
      const field = await fieldOf("leadMode", { lookupField: "email", subaction: "none", leadMode: "odd" })
      expect(field.default).to.equal("odd")
      expect(optionsOf(field)).to.contain("odd")
    })

    it("offer partitions only where there are several", async () => {
      const form = { lookupField: "email", subaction: "none", moreOptions: "yes" }
      expect(optionsOf(await fieldOf("partition", form))).to.deep.equal(["", "Default", "EMEA"])
      expect(optionsOf(await fieldOf("partition", { ...form, partition: "Gone" })))
        .to.deep.equal(["", "Default", "EMEA", "Gone"])
      const single = await FakeMarketo.start()
      try {
        single.always("GET", PARTITIONS, success([{ id: 1, name: "Default" }]))
        expect(names(await open(form, 4000, { url: single.origin }))).not.to.contain("partition")
      } finally {
        await single.stop()
      }
    })

    it("are text where partitions may not be read", async () => {
      const refusing = await FakeMarketo.start()
      try {
        const form = { lookupField: "email", subaction: "none", partition: "EMEA" }
        const fields = await open(form, 4000, { url: refusing.origin })
        expect(fields.find((field) => field.name === "partition")).to.include({ type: "string", default: "EMEA" })
      } finally {
        await refusing.stop()
      }
    })

    it("of lists come with the actions that take them", async () => {
      const form = { lookupField: "email", listName: "Mine", mirrorLimit: "10" }
      const withName = names(await open({ ...form, subaction: "addList" }))
      expect(withName).to.contain("listName").and.not.to.contain("mirrorLimit")
      expect(names(await open({ ...form, subaction: "mirrorList" }))).to.include.members(["listName", "mirrorLimit"])
      expect(names(await open({ ...form, subaction: "removeList" }))).not.to.contain("listName")
      expect((await fieldOf("mirrorLimit", { lookupField: "email", subaction: "mirrorList" })).default).to.equal("50")
    })
  })

  it("shows an additional action that it does not know", async () => {
    const field = await fieldOf("subaction", { lookupField: "email", subaction: "odd" })
    expect(field.default).to.equal("odd")
    expect(optionsOf(field)).to.contain("odd")
  })
})
