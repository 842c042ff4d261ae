/* eslint-disable @typescript-eslint/no-unsafe-member-access -- bodies of calls are JSON of many shapes */
import * as chai from "chai"
import { MarketoClient } from "../../../../src/actions/marketo/lib/api/client"
import { syncLeadsBody } from "../../../../src/actions/marketo/lib/api/lead_calls"
import { reasonsOf } from "../../../../src/actions/marketo/lib/api/record_results"
import { clientFor, rejectionOf } from "../support/connect"
import { failure, FAKE_FIELDS, FakeMarketo, skip, success } from "../support/fake_marketo"

const expect = chai.expect

const LEADS = "/rest/v1/leads.json"

describe("client of Marketo's API", () => {
  let marketo: FakeMarketo
  let client: MarketoClient

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    client = clientFor(marketo.origin)
  })

  afterEach(async () => { await marketo.stop() })

  const TWO_LEADS = ["{\"email\":\"a@example.com\"}", "{\"email\":\"ü@example.com\"}"]

  describe("sync leads", () => {
    it("sends mode, lookup field and the leads as they are", async () => {
      await client.leads.sync({ mode: "createOrUpdate", lookupField: "email", leads: TWO_LEADS })
      expect([marketo.calls[0].method, marketo.calls[0].url]).to.deep.equal(["POST", LEADS])
      expect(marketo.calls[0].body).to.deep.equal({
        action: "createOrUpdate", lookupField: "email",
        input: [{ email: "a@example.com" }, { email: "ü@example.com" }],
      })
    })

    it("names the partition when there is one", async () => {
      await client.leads.sync({ mode: "createOnly", lookupField: "email", partitionName: "P \"1\"", leads: TWO_LEADS })
      expect(marketo.calls[0].body.partitionName).to.equal("P \"1\"")
      expect(marketo.calls[0].body.action).to.equal("createOnly")
    })

    it("gives one result per lead, in their order", async () => {
      marketo.answer("POST", LEADS, success([skip("1007", "Multiple lead match lookup criteria"),
        { id: 7, status: "updated" }]))
      const results = await client.leads.sync({ mode: "createOrUpdate", lookupField: "email", leads: TWO_LEADS })
      expect(results[0].status).to.equal("skipped")
      expect(results[0].id).to.equal(undefined)
      expect(results[0].reasons).to.deep.equal([{ code: "1007", message: "Multiple lead match lookup criteria" }])
      expect([results[1].id, results[1].status]).to.deep.equal([7, "updated"])
    })

    it("reads a single `reason`, ids that are texts and codes that are numbers", async () => {
      marketo.answer("POST", LEADS, success([
        { status: "skipped", reason: { code: 1003, message: "No" } }, { id: "7", status: "created" },
      ]))
      const results = await client.leads.sync({ mode: "createOrUpdate", lookupField: "email", leads: TWO_LEADS })
      expect(results[0].reasons).to.deep.equal([{ code: "1003", message: "No" }])
      expect(results[1].id).to.equal(7)
    })

    for (const result of [undefined, [], [{ id: 1 }], [{ id: 1 }, { id: 2 }, { id: 3 }]]) {
      it(`cannot match ${result === undefined ? "no result" : `${result.length} results`} with two leads`, async () => {
        marketo.answer("POST", LEADS, success(result))
        const error = await rejectionOf(
          client.leads.sync({ mode: "createOrUpdate", lookupField: "email", leads: TWO_LEADS }))
        expect([error.kind, error.maybeExecuted]).to.deep.equal(["unavailable", true])
        expect(error.requestId).to.be.a("string")
        expect(error.message).to.contain("of 2 leads")
      })
    }

    it("does not take odd entries for results", async () => {
      marketo.answer("POST", LEADS, success([null as unknown as object, "x" as unknown as object]))
      const results = await client.leads.sync({ mode: "createOrUpdate", lookupField: "email", leads: TWO_LEADS })
      expect(results.map((result) => result.id)).to.deep.equal([undefined, undefined])
    })

    it("is not repeated after a lost answer: that is decided where the leads are known", async () => {
      for (const mode of ["createOrUpdate", "createOnly", "updateOnly"] as const) {
        const progress: string[] = []
        marketo.answer("POST", LEADS, { reset: true })
        const error = await rejectionOf(client.leads.sync({
          mode, lookupField: "email", leads: TWO_LEADS,
          beforeAttempt: () => { progress.push("begun") }, onSent: () => { progress.push("sent") },
        }))
        expect([error.maybeExecuted, error.maybeRunning, progress]).to.deep.equal([true, true, ["begun", "sent"]])
      }
      expect(marketo.syncs).to.have.length(3)
    })

    it("has the length that its body was measured with", () => {
      const call = { mode: "createOrUpdate" as const, lookupField: "email" }
      const empty = Buffer.byteLength(syncLeadsBody({ ...call, leads: [] }))
      const full = Buffer.byteLength(syncLeadsBody({ ...call, leads: TWO_LEADS }))
      expect(full).to.equal(empty + Buffer.byteLength(TWO_LEADS.join(",")))
    })
  })

  it("names no partition for updates, for which it has no meaning", () => {
    const call = { lookupField: "email", partitionName: "EMEA", leads: [] }
    expect(syncLeadsBody({ ...call, mode: "updateOnly" }).toString()).not.to.contain("partitionName")
    for (const mode of ["createOrUpdate", "createOnly"] as const) {
      expect(syncLeadsBody({ ...call, mode }).toString()).to.contain("\"partitionName\":\"EMEA\"")
    }
  })

  describe("lists", () => {
    it("adds by ids in the body", async () => {
      const results = await client.lists.add("303", [1, 2])
      expect([marketo.calls[0].method, marketo.calls[0].url]).to.deep.equal(["POST", "/rest/v1/lists/303/leads.json"])
      expect(marketo.calls[0].body).to.deep.equal({ input: [{ id: 1 }, { id: 2 }] })
      expect(results.map((result) => result.status)).to.deep.equal(["added", "added"])
    })

    it("removes by repeated ids in the query, without a body", async () => {
      await client.lists.remove("404", [1, 2, 3])
      const [call] = marketo.calls
      expect([call.method, call.url]).to.deep.equal(["DELETE", "/rest/v1/lists/404/leads.json?id=1&id=2&id=3"])
      expect(call.text).to.equal("")
    })

    it("removes more ids than an address holds in several calls", async () => {
      const ids = new Array(400).fill(0).map((_, index) => 9000000000000000 - 2 * index)
      const results = await client.lists.remove("404", ids)
      expect(results.map((result) => result.id)).to.deep.equal(ids)
      const calls = marketo.callsTo("/rest/v1/lists/404/leads.json")
      expect(calls.length).to.be.greaterThan(1)
      for (const call of calls) {
        expect(call.url.length).to.be.at.most(7000)
      }
    })

    it("matches results by id, in whatever order they come", async () => {
      marketo.answer("POST", /leads/, success([skip("1004", "Lead not found", 2), { id: 1, status: "added" }]))
      const results = await client.lists.add("303", [1, 2])
      expect(results.map((result) => [result.id, result.status])).to.deep.equal([[1, "added"], [2, "skipped"]])
    })

    it("cannot match another number of results", async () => {
      marketo.answer("POST", /leads/, success([{ id: 1, status: "added" }]))
      expect((await rejectionOf(client.lists.add("303", [1, 2]))).maybeExecuted).to.equal(true)
    })

    it("are repeated after a lost answer, since that changes nothing", async () => {
      marketo.answer("POST", /leads/, { reset: true })
      marketo.answer("DELETE", /leads/, { reset: true })
      await client.lists.add("303", [1])
      await client.lists.remove("303", [1])
      expect(marketo.calls).to.have.length(4)
    })
  })

  describe("campaigns", () => {
    it("are requested for ids in the body", async () => {
      await client.campaigns.request("202", [1, 2])
      expect([marketo.calls[0].method, marketo.calls[0].url])
        .to.deep.equal(["POST", "/rest/v1/campaigns/202/trigger.json"])
      expect(marketo.calls[0].body).to.deep.equal({ input: { leads: [{ id: 1 }, { id: 2 }] } })
    })

    it("are given tokens when there are some", async () => {
      await client.campaigns.request("202", [1], [{ name: "{{my.a}}", value: "b" }])
      expect(marketo.calls[0].body.input.tokens).to.deep.equal([{ name: "{{my.a}}", value: "b" }])
    })

    it("need no result", async () => {
      marketo.answer("POST", /trigger/, success())
      await client.campaigns.request("202", [1])
    })

    it("are not requested twice after a lost answer", async () => {
      marketo.answer("POST", /trigger/, { reset: true })
      expect((await rejectionOf(client.campaigns.request("202", [1]))).maybeExecuted).to.equal(true)
      expect(marketo.calls).to.have.length(1)
    })

    it("are asked for by id, requestable ones alone or all", async () => {
      expect((await client.campaigns.byId(["1", "2"], true)).map((each) => each.id)).to.deep.equal([1, 2])
      await client.campaigns.byId(["1"], false)
      expect(marketo.calls[0].query.get("isTriggerable")).to.equal("true")
      expect(marketo.calls[1].query.get("isTriggerable")).to.equal(null)
    })
  })

  describe("pages of results", () => {
    it("are read to the last", async () => {
      marketo.answer("GET", "/rest/v1/lists.json",
        success([{ id: 1 }], { nextPageToken: "p 2=" }),
        success([{ id: 2 }], { nextPageToken: "p3", moreResult: true }),
        success([{ id: 3 }]))
      expect((await client.lists.byId(["1", "2", "3"])).map((each) => each.id)).to.deep.equal([1, 2, 3])
      expect(marketo.calls[1].query.get("nextPageToken")).to.equal("p 2=")
    })

    it("end where Marketo says that there are no more", async () => {
      marketo.answer("GET", "/rest/v1/lists.json", success([{ id: 1 }], { nextPageToken: "p2", moreResult: false }))
      await client.lists.byId(["1"])
      expect(marketo.calls).to.have.length(1)
    })

    it("that repeat themselves do not go on for ever", async () => {
      marketo.always("GET", "/rest/v1/lists.json", success([{ id: 1 }], { nextPageToken: "again" }))
      expect((await rejectionOf(client.lists.byId(["1"]))).message).to.contain("same page")
      expect(marketo.calls.length).to.be.at.most(3)
    })

    it("may hold nothing", async () => {
      marketo.answer("GET", "/rest/v1/lists.json", success())
      expect(await client.lists.byId(["1"])).to.deep.equal([])
    })
  })

  describe("schema", () => {
    it("gives fields and searchable fields", async () => {
      const schema = await client.leads.describe()
      expect(schema.fields.map((field) => field.name)).to.deep.equal(FAKE_FIELDS.map((field) => field.name))
      expect(schema.searchableFields).to.deep.include(["email"])
    })

    it("passes over entries that have no name", async () => {
      const fields = [null, 7, {}, { displayName: "Nameless" }, { name: "email", dataType: "email" }]
      marketo.answer("GET", "/rest/v1/leads/describe2.json", success([{ fields, searchableFields: [["email"], null] }]))
      const schema = await client.leads.describe()
      expect(schema.fields.map((field) => field.name)).to.deep.equal(["email"])
      expect(schema.searchableFields).to.deep.equal([["email"]])
    })

    for (const result of [[], [{}], [{ fields: "no" }]]) {
      it(`is not to be had from ${JSON.stringify(result)}`, async () => {
        marketo.always("GET", /describe2/, success(result))
        expect((await rejectionOf(client.leads.describe())).kind).to.equal("rejected")
      })
    }
  })

  it("reads the partitions", async () => {
    marketo.answer("GET", "/rest/v1/leads/partitions.json",
      success([{ id: 1, name: "Default" }, { id: 2, name: "EMEA" }]))
    expect(await client.leads.partitions()).to.deep.equal([{ id: 1, name: "Default" }, { id: 2, name: "EMEA" }])
  })

  it("reads today's usage", async () => {
    expect((await client.usageToday() as { total: number }).total).to.equal(10)
  })

  it("passes Marketo's refusals on", async () => {
    marketo.always("POST", /trigger/, failure("1013", "Campaign not found"))
    const error = await rejectionOf(client.campaigns.request("202", [1]))
    expect(error.code).to.equal("1013")
    expect(error.message).to.contain("Campaign not found")
  })

  describe("reasons of a skip", () => {
    it("are Marketo's", () => {
      const reasons = [{ code: "1004", message: "Lead not found" }]
      expect(reasonsOf({ status: "skipped", reasons })).to.deep.equal(reasons)
    })

    it("are never none", () => {
      for (const result of [{}, { reasons: [] }]) {
        expect(reasonsOf(result)).to.have.length(1)
        expect(reasonsOf(result)[0].message).to.contain("without giving a reason")
      }
    })
  })
})
