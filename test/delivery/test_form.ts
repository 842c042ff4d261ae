import { expect } from "chai"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { readRunSettings } from "../../src/actions/marketo/lib/settings/run_settings"
import { MarketoAction } from "../../src/actions/marketo/marketo"
import * as Hub from "../../src/hub"
import { allowStandIns } from "../actions/marketo/support/allow_stand_ins"
import { HubUnderTest } from "../server/hub_under_test"
import { configuration, requestFor } from "./run_under_test"
import { SAVED_SCHEDULES } from "./saved_schedules"

interface AnyField {
  name: string
  type?: string
  default?: string
  value?: string
  description?: string
  options?: { name: string, label: string }[]
}

type Texts = { [name: string]: string }

describe("The form, with a Marketo instance", () => {
  allowStandIns()
  let sandbox: MarketoSandbox

  beforeEach(() => forgetConnections())

  afterEach(async () => sandbox.stop())

  async function start(options: MarketoSandboxOptions = {}): Promise<void> {
    sandbox = await MarketoSandbox.start(options)
  }

  async function open(formParams: Texts = {}, params: Texts = {}): Promise<AnyField[]> {
    const request = requestFor(sandbox, { rows: [], formParams, params })
    const form = await new MarketoAction().validateAndFetchForm(request)
    expect(form.error).to.equal(undefined)
    return form.fields
  }

  function named(fields: AnyField[], name: string): AnyField {
    const found = fields.find((field) => field.name === name)
    if (found === undefined) {
      throw new Error(`The form has no field ${name}`)
    }
    return found
  }

  function optionNames(field: AnyField): string[] {
    return (field.options ?? []).map((option) => option.name)
  }

  describe("for saved schedules", () => {
    for (const schedule of SAVED_SCHEDULES) {
      it(`${schedule.title}: shows the values, which mean what they always meant`, async () => {
        await start()
        const { formParams } = schedule
        const fields = await open(formParams)
        expect(named(fields, "lookupField").default).to.equal(formParams.lookupField)
        expect(optionNames(named(fields, "lookupField"))).to.contain(formParams.lookupField)
        expect(named(fields, "subaction").default).to.equal(schedule.subaction)
        const typed = (formParams.campaignId ?? "").trim()
        expect(fields.find((field) => field.name === "campaignId")?.default ?? "").to.equal(typed)
        const meaning = fields.find((field) => field.name === "targetNames")?.value
        if (schedule.names === undefined) {
          expect(meaning).to.equal(undefined)
        } else {
          expect(meaning).to.match(schedule.names)
        }
        const request = requestFor(sandbox, { rows: [], formParams })
        expect(readRunSettings(request, configuration({}))).to.deep.include({
          lookupField: formParams.lookupField, changes: schedule.changes, isDryRun: false, emptyCells: "clear",
          invalidValues: "leaveOut", longText: "report", severalMatches: "skip", writesLeads: true,
        })
      })

      it(`${schedule.title}: saved again as the form shows it, it means the same`, async () => {
        await start()
        const saved: Texts = {}
        for (const field of await open(schedule.formParams)) {
          if (field.default !== undefined && field.type !== "message") {
            saved[field.name] = field.default
          }
        }
        const settingsOf = (formParams: Texts) =>
          readRunSettings(requestFor(sandbox, { rows: [], formParams }), configuration({}))
        expect(settingsOf(saved)).to.deep.equal(settingsOf(schedule.formParams))
      })
    }
  })

  it("offers what the seeded instance has, over HTTP", async () => {
    await start()
    const hub = new HubUnderTest()
    await hub.start([new MarketoAction()])
    try {
      const answer = await hub.post("/actions/marketo/form", {
        type: "query",
        data: { url: sandbox.url, clientID: sandbox.clientId, clientSecret: sandbox.clientSecret },
        form_params: { lookupField: "customerNumber", subaction: "addProgram", target: "program:3001" },
      })
      const { fields } = JSON.parse(answer.body) as { fields: AnyField[] }
      expect(answer.status).to.equal(200)
      expect(named(fields, "connection").value).to.match(/^Connected to 127\.0\.0\.1:\d+ as looker-hub@example\.com\./)
      expect(named(fields, "lookupField").default).to.equal("customerNumber")
      expect(optionNames(named(fields, "target"))).to.deep.equal(
        ["", "program:3005", "program:3004", "program:3003", "program:3002", "program:3001"])
      expect(optionNames(named(fields, "programStatus")))
        .to.deep.equal(["Invited", "Registered", "No Show", "Attended"])
      expect(hub.logText).not.to.contain(sandbox.clientSecret)
    } finally {
      await hub.stop()
    }
  })

  it("stays open over HTTP with wrong credentials", async () => {
    await start()
    const hub = new HubUnderTest()
    await hub.start([new MarketoAction()])
    try {
      const answer = await hub.post("/actions/marketo/form", {
        type: "query",
        data: { url: sandbox.url, clientID: sandbox.clientId, clientSecret: "wrong" },
        form_params: { lookupField: "email", campaignId: "2001" },
      })
      const form = JSON.parse(answer.body) as { fields: AnyField[], error?: string }
      expect(form.error).to.equal(undefined)
      expect(named(form.fields, "connection").value).to.match(/^Marketo at .* knows the Client ID .* but does not accept the Client Secret with it/)
      expect(named(form.fields, "campaignId").default).to.equal("2001")
    } finally {
      await hub.stop()
    }
  })

  describe("with 10,000 lists", () => {
    /** A form waits some seconds for Marketo, and a machine that others use, too, may take longer: the next has all. */
    async function openOnceAllAreRead(): Promise<AnyField[]> {
      await start({ staticListCount: 10000 })
      for (;;) {
        const fields = await open({ lookupField: "email", subaction: "addList" })
        if (!/Not all static lists/.test(named(fields, "target").description ?? "")) {
          return fields
        }
      }
    }

    it("reads all of them within the quota, in 34 calls, and offers the newest", async () => {
      const fields = await openOnceAllAreRead()
      const target = named(fields, "target")
      expect(sandbox.ledger.callsOf("browseLists")).to.have.length(34)
      expect(target.options?.[1].label).to.equal("List 10000, ID 110000")
      expect(target.options?.slice(-1)[0].label).to.equal("(9,800 more: type a part of the name into the filter)")
    })

    it("finds a list by a part of its name without further calls", async () => {
      await openOnceAllAreRead()
      const before = sandbox.ledger.calls.length
      const fields = await open({ lookupField: "email", subaction: "addList", targetFilter: "0742" })
      expect(optionNames(named(fields, "target"))).to.include.members(["list:100742", "list:107420", "list:107429"])
      expect(sandbox.ledger.calls).to.have.length(before)
    })

    it("shows what it has in time on a slow instance, and an exact name all the same", async () => {
      await start({ staticListCount: 10000, latency: { read: 120, list: 120 } })
      const fields = await open({ lookupField: "email", subaction: "addList", targetFilter: "List 09876" })
      const target = named(fields, "target")
      expect(optionNames(target)).to.contain("list:109876")
      expect(target.description).to.match(/Not all static lists have been read so far/)
    })
  })

  describe("with an API user who lacks permissions", () => {
    it("names what is missing for each, and keeps text fields", async () => {
      await start({ customServices: [{ permissions: [] }] })
      const lists = await open({ lookupField: "email", subaction: "addList", campaignId: "1001" })
      expect(lists[0].value).to.match(/^Connected .*fields to look leads up by and the names of static lists.*603.*/)
      expect(named(lists, "lookupField").type).to.equal("string")
      const programs = await open({ lookupField: "email", subaction: "removeProgram", target: "program:3001" })
      expect(programs[0].value).to.contain("\"Read-Only Assets\"")
      expect(optionNames(named(programs, "target"))).to.deep.equal(["", "program:3001"])
    })

    it("reads campaigns as assets for a user who may read those only", async () => {
      await start({ customServices: [{ permissions: ["Read-Write Lead", "Execute Campaign", "Read-Only Assets"] }] })
      const fields = await open({ lookupField: "email", subaction: "addCampaign", campaignId: "2001,2003" })
      expect(optionNames(named(fields, "target"))).to.include.members(
        ["campaign:2001", "campaign:2002", "campaign:2006", "campaign:2007"])
      expect(named(fields, "targetNames").value).to.equal("2001 is Welcome.")
      expect(optionNames(named(fields, "target"))).not.to.include.members([`campaign:${SEEDED.campaigns.inactive}`])
    })

    it("tells a closed allow list from a missing permission", async () => {
      await start({ ipAllowList: ["10.1.2.3"] })
      expect((await open())[0].value).to.contain("IP Restrictions")
    })

    it("sees only the workspaces of its user", async () => {
      await start({ customServices: [{ workspaces: ["EMEA"], partitions: ["EMEA"] }] })
      const fields = await open({ lookupField: "email", subaction: "addList", campaignId: "1001" })
      expect(optionNames(named(fields, "target"))).to.deep.equal(["", `list:${SEEDED.lists.customersEmea}`])
      expect(named(fields, "targetNames").value).to.match(/^1001 is unknown/)
    })
  })

  it("opens with plain fields when nothing ever answers", async () => {
    await start()
    sandbox.addFault({ effect: { kind: "hang" } })
    const fields = await open({ lookupField: "mine", subaction: "addList", campaignId: "1001" })
    expect(fields[0].value).to.match(/did not answer in time/)
    expect(named(fields, "lookupField")).to.include({ type: "string", default: "mine" })
    expect(named(fields, "campaignId").default).to.equal("1001")
  })

  it("asks for settings that the action itself requires, as ever", async () => {
    await start()
    const form = await new MarketoAction().validateAndFetchForm(new Hub.ActionRequest())
    expect(form.error).to.equal("Required setting \"URL\" not specified in action settings.")
  })
})
