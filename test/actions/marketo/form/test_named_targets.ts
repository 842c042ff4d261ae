import { expect } from "chai"
import { MarketoClient } from "../../../../src/actions/marketo/lib/api/client"
import {
  eachTarget, NamedTarget, targetsById, targetsByName,
} from "../../../../src/actions/marketo/lib/form/named_targets"
import { clientFor, rejectionOf } from "../support/connect"
import { failure, FakeMarketo, LoggedCall, success } from "../support/fake_marketo"

const LISTS = "/rest/v1/lists.json"
const CAMPAIGNS = "/rest/v1/campaigns.json"
const PROGRAMS = "/rest/asset/v1/programs.json"

describe("named targets", () => {
  let marketo: FakeMarketo
  let client: MarketoClient

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    client = clientFor(marketo.origin)
  })

  afterEach(async () => marketo.stop())

  async function all(kind: "list" | "campaign" | "program"): Promise<NamedTarget[]> {
    const targets: NamedTarget[] = []
    await eachTarget(client, kind, (page) => { targets.push(...page) })
    return targets
  }

  it("reads lists page by page, as long as there is a token", async () => {
    marketo.answer("GET", LISTS,
      success([{ id: 1, name: "One" }], { nextPageToken: "A+=" }), success([{ id: 2, name: "Two" }]))
    expect((await all("list")).map((target) => target.name)).to.deep.equal(["One", "Two"])
    expect(marketo.calls.map((call) => call.query.get("nextPageToken"))).to.deep.equal([null, "A+="])
    expect(marketo.calls[0].query.get("batchSize")).to.equal("300")
  })

  it("ends when Marketo repeats a token", async () => {
    marketo.always("GET", LISTS, success([], { nextPageToken: "AGAIN" }))
    expect((await rejectionOf(all("list"))).message).to.contain("repeats the same page")
  })

  it("does not take a part for the whole, when there is more and Marketo does not say where", async () => {
    marketo.answer("GET", LISTS, success([{ id: 1, name: "One" }], { moreResult: true }))
    expect((await rejectionOf(all("list"))).message).to.contain("did not give the rest of its results")
  })

  it("places a list by its program, and by its workspace when that is not the usual one", async () => {
    marketo.answer("GET", LISTS, success([
      { id: 1, name: "A", programName: "Webinar", workspaceName: "Default" },
      { id: 2, name: "B", workspaceName: "EMEA" },
      { id: 3, name: "C", workspaceName: "Default" },
    ]))
    expect((await all("list")).map((target) => target.place)).to.deep.equal(["Webinar", "EMEA", ""])
  })

  it("reads the dates of both families", async () => {
    const expected = Date.UTC(2026, 7, 17, 10, 15, 30)
    marketo.answer("GET", LISTS, success([{ id: 1, name: "A", updatedAt: "2026-08-17T10:15:30Z" }]))
    marketo.answer("GET", PROGRAMS, success([{ id: 1, name: "A", createdAt: "2026-08-17T10:15:30Z+0000" }]))
    expect([...await all("list"), ...await all("program")].map((target) => target.changedAt))
      .to.deep.equal([expected, expected])
  })

  it("reads programs by offset until a page is not full, or has no result at all", async () => {
    const page = (call: LoggedCall) => {
      const offset = Number(call.query.get("offset"))
      return offset < 400 ? success(Array.from({ length: 200 }, (_none, index) => ({
        id: offset + index + 1, name: "P", channel: "Webinar", folder: { folderName: "Events" },
      }))) : success()
    }
    marketo.always("GET", PROGRAMS, page)
    const programs = await all("program")
    expect(programs).to.have.length(400)
    expect(programs[0]).to.include({ place: "Webinar, Events", channel: "Webinar", kind: "program" })
    expect(marketo.calls).to.have.length(3)
  })

  it("reads only campaigns that can be requested", async () => {
    marketo.answer("GET", CAMPAIGNS, success([{ id: 5, name: "Welcome", programName: "Onboarding" }]))
    expect(await all("campaign")).to.deep.equal([
      { kind: "campaign", id: "5", name: "Welcome", place: "Onboarding", changedAt: 0 },
    ])
    expect(marketo.calls[0].query.get("isTriggerable")).to.equal("true")
  })

  for (const code of ["603", "610"]) {
    it(`reads campaigns as assets when the older call answers ${code}`, async () => {
      marketo.answer("GET", CAMPAIGNS, failure(code))
      marketo.answer("GET", "/rest/asset/v1/smartCampaigns.json", success([
        { id: 5, name: "Welcome", isRequestable: true }, { id: 6, name: "Form", isRequestable: false },
      ]))
      expect((await all("campaign")).map((target) => target.id)).to.deep.equal(["5"])
    })
  }

  it("tells why a campaign that exists cannot be requested", async () => {
    marketo.always("GET", CAMPAIGNS, (call) => call.query.get("isTriggerable") === "true" ?
      success([{ id: 1, name: "Fit" }]) : success([
        { id: 1, name: "Fit", type: "trigger", active: true }, { id: 2, name: "Off", type: "trigger", active: false },
        { id: 3, name: "Batch", type: "batch" }, { id: 4, name: "Form", type: "trigger", active: true },
      ]))
    const obstacles = (await targetsById(client, "campaign", ["1", "2", "3", "4"])).map((target) => target.obstacle)
    expect(obstacles[0]).to.equal(undefined)
    expect(obstacles[1]).to.equal("is not active in Marketo")
    expect(obstacles[2]).to.match(/^is a batch campaign/)
    expect(obstacles[3]).to.match(/^cannot be requested/)
  })

  for (const code of ["702", "1013"]) {
    it(`takes ${code} for ids that do not exist`, async () => {
      marketo.answer("GET", LISTS, failure(code))
      expect(await targetsById(client, "list", ["9"])).to.deep.equal([])
    })
  }

  it("finds by exact name in one call", async () => {
    marketo.answer("GET", LISTS, success([{ id: 1, name: "A & B" }]))
    marketo.answer("GET", "/rest/asset/v1/program/byName.json", success())
    expect((await targetsByName(client, "list", "A & B")).map((target) => target.id)).to.deep.equal(["1"])
    expect(await targetsByName(client, "program", "None")).to.deep.equal([])
    expect(marketo.calls.map((call) => call.query.get("name"))).to.deep.equal(["A & B", "None"])
  })
})
