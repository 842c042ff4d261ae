import { expect } from "chai"
import { FaultEffect } from "../../sandbox/marketo/faults/faults"
import { SEEDED } from "../../sandbox/marketo/instance/seed"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { ERROR_CODES, MarketoError } from "../../src/actions/marketo/lib/errors"
import * as stopReasons from "../../src/actions/marketo/lib/stopping/stop_reasons"
import { connectedFormFields } from "../../src/actions/marketo/marketo_form"
import { MARKETO_PACE } from "../../src/actions/marketo/lib/configuration/limits"
import { configuration, documentOf, requestFor, RowValues, runAgainst, startSandbox } from "../delivery/run_under_test"
import { MessageLookup, MET_ELSEWHERE, SAID } from "./message_lookup"

type Texts = { [name: string]: string }

interface AnyField {
  name: string
  value?: string
  description?: string
  options?: { label: string }[]
}

const LIST = { subaction: "addList", campaignId: String(SEEDED.lists.empty) }
const MIRROR = { subaction: "mirrorList", campaignId: String(SEEDED.lists.newsletter) }
const CAMPAIGN = { subaction: "addCampaign", campaignId: String(SEEDED.campaigns.welcome) }
const PROGRAM = { subaction: "addProgram", campaignId: String(SEEDED.programs.webinar), programStatus: "Registered" }

describe("messages.md", function() {
  this.timeout(30000)

  const lookup = new MessageLookup()
  let sandbox: MarketoSandbox

  afterEach(async () => sandbox.stop())

  /** Runs with the form's values, and looks up every text that comes of it. */
  async function send(formParams: Texts, rows: RowValues[] = PEOPLE, more: object = {}): Promise<string> {
    const form = { lookupField: "email", subaction: "none", ...formParams }
    const outcome = await runAgainst(sandbox, { rows, formParams: form, ...more }).catch((failure: Error) => failure)
    if (outcome instanceof Error) {
      lookup.expectRefusal(outcome)
      return outcome.message
    }
    lookup.expectAnswer(outcome)
    return outcome.message ?? ""
  }

  async function start(options: MarketoSandboxOptions = {}): Promise<void> {
    sandbox = await startSandbox(options)
  }

  describe("of the form's values and the instance", () => {
    const REFUSED: Texts[] = [
      { lookupField: "" }, { campaignId: "1001" }, { subaction: "addCampaign" }, { subaction: "addList" },
      { subaction: "removeList" }, { subaction: "mirrorList" }, { subaction: "addProgram" },
      { subaction: "removeProgram" }, { subaction: "addProgram", campaignId: "3001" },
      { lookupField: ["email"] as unknown as string }, { ...LIST, target: "odd" }, { subaction: "odd" },
      { leadMode: "odd" }, { ...LIST, campaignId: "Newsletter" }, { ...CAMPAIGN, campaignId: "#ST1001A1" },
      { ...LIST, campaignId: "SC2001B2" }, { ...LIST, campaignId: "PG3001A1" }, { ...LIST, campaignId: "#SL1001A1" },
      { ...CAMPAIGN, campaignId: "x" },
      { ...PROGRAM, campaignId: "x" }, { ...MIRROR, mirrorLimit: "half" }, { mostCleared: "101" },
      { ...CAMPAIGN, campaignTokens: "odd" },
      { ...CAMPAIGN, campaignTokens: "{{my.a}} = 1\n{{my.a}} = 2" },
      { ...CAMPAIGN, campaignTokens: Array.from({ length: 101 }, (_unused, index) => `my.t${index}=1`).join("\n") },
      { lookupField: "id", leadMode: "createOnly" }, { ...LIST, listName: "a,b" }, { lookupField: "leadPartitionId" },
      { lookupField: "nobody" }, { lookupField: "firstName" }, { ...LIST, campaignId: "77" },
      { ...CAMPAIGN, campaignId: "77" }, { ...PROGRAM, campaignId: "77" },
      { ...CAMPAIGN, campaignId: String(SEEDED.campaigns.inactive) },
      { ...CAMPAIGN, campaignId: String(SEEDED.campaigns.batch) },
      { ...CAMPAIGN, campaignId: String(SEEDED.campaigns.notRequestable) },
      { ...PROGRAM, programStatus: "odd" }, { partition: "odd" },
    ]

    for (const formParams of REFUSED) {
      it(`has the refusal of ${JSON.stringify(formParams).slice(0, 80)}`, async () => {
        await start()
        await send(formParams)
        expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
      })
    }

    for (const url of ["odd", "https://u:p@123-abc-456.mktorest.com", "https://123-abc-456.mktoapi.com/soap/mktows",
      "https://app-ab12.marketo.com", "https://123-abc-456.mktorest.com/odd", "https://example.com",
      "Endpoint: https://123-abc-456.mktorest.com/rest", "https://123-abc-456.mktoweb.com",
      { odd: true } as unknown as string]) {
      it(`has the refusal of the URL ${JSON.stringify(url)}`, async () => {
        await start()
        await send({}, PEOPLE, { params: { url } })
      })
    }

    const RESTRICTED: [params: Texts, form: Texts][] = [
      [{ notAllowed: "create" }, {}], [{ notAllowed: "mirror" }, MIRROR], [{ notAllowed: "odd" }, {}],
      [{ notAllowed: "remove" }, { ...LIST, subaction: "removeList" }], [{ allowedTargets: "ST77A1" }, LIST],
      [{ allowedTargets: "Newsletter" }, LIST],
    ]
    for (const [params, formParams] of RESTRICTED) {
      it(`has the refusal of what ${JSON.stringify(params)} does not allow`, async () => {
        await start()
        await send(formParams, PEOPLE, { params })
        expect(sandbox.ledger.callsOf("syncLeads")).to.have.length(0)
      })
    }

    it("has the refusals of instances that cannot be asked", async () => {
      await start()
      await send({}, PEOPLE, { params: { clientSecret: "wrong" } })
      await send({}, PEOPLE, { params: { clientID: "unknown" } })
      await send({}, PEOPLE, { params: { url: "http://127.0.0.2" } })
      for (const status of [404, 503]) {
        sandbox.addFault({ match: { operation: "identity" }, times: 9, effect: { kind: "http", status } })
        await send({})
      }
    })

    it("has the refusals of lists by names that several have", async () => {
      await start()
      for (const id of [5001, 5002]) {
        sandbox.store.addStaticList({ id, name: "Twice", createdAt: 0, updatedAt: 0 })
      }
      await send({ ...LIST, listName: "Twice" })
    })

    it("has what keeps a run from starting when Marketo refuses or does not answer", async () => {
      for (const effect of [
        { kind: "error", code: "1003", message: SAID }, { kind: "error", code: "608", message: SAID },
        { kind: "http", status: 502 }, { kind: "envelope", set: { result: [] } }] as FaultEffect[]) {
        await start()
        sandbox.addFault({ match: { operation: ["describeLeads2", "describeLeads"] }, effect })
        expect(await send({})).to.not.match(/^\{|received/)
        await sandbox.stop()
      }
    })
  })

  describe("of the query", () => {
    const COLUMNS: [string, string[], object?][] = [
      ["lacks the lookup field", ["firstName"]], ["has a display name", ["email", "First Name"]],
      ["has a SOAP name", ["email", "FirstName"]], ["has another spelling", ["email", "firstname"]],
      ["has an unknown name", ["email", "qqqqqqqqqq"]], ["has a field that cannot be written", ["email", "createdAt"]],
      ["has a tag without a name", ["email", ""]], ["has a field twice", ["email", "title", "title"]],
      ["is pivoted", ["email"], { pivots: [{ name: "p.p", tags: ["marketo:title"] }], measures: [
        { name: "m.m", tags: ["marketo:firstName"] }] }],
      ["has odd lists", ["email"], { odd: [{ name: "o.o", tags: ["marketo:title"] }] }],
      ["has a list that is none", ["email"], { measures: 7 }],
      ["has a field without a name", ["email"], { measures: [{}] }],
      ["has tags that are no list", ["email"], { measures: [{ name: "m.m", tags: "x" }] }],
      ["has many problems", ["email", ...Array.from({ length: 12 }, (_unused, index) => `qqqqqq${index}`)]],
    ]

    const ROW = [{ "c.0": { value: "a@example.org" } }]

    for (const [what, restNames, lists] of COLUMNS) {
      it(`has the refusal of one that ${what}`, async () => {
        await start()
        const dimensions = restNames.map((name, index) => ({ name: `c.${index}`, tags: [`marketo:${name}`] }))
        const document = JSON.stringify({ fields: { dimensions, ...lists }, data: ROW })
        const message = await send({}, [], { document })
        expect(message).to.not.match(/^\{|received/)
      })
    }

    it("has what is said of fields of program members", async () => {
      await start()
      for (const name of ["seatNumbr", "seat number", "firstName", "qqqqqq", "statusName", "acquiredBy", ""]) {
        await send(PROGRAM, [{ email: "a@example.org", [`program.${name}`]: "x" }])
      }
      const rows = [{ "email": "a@example.org", "program.registrationCode": "R-1" }]
      await send({}, rows)
      await send(PROGRAM, rows)
      sandbox.failNext("describeProgramMembers", { kind: "error", code: "603", message: "Access denied" })
      await send(PROGRAM, rows)
      sandbox.failNext("setProgramMemberData", { kind: "elements", replaceWith: { status: "skipped",
        reasons: [{ code: "1013", message: "Membership not found" }] } })
      await send(PROGRAM, rows)
    })

    it("has the refusal of one without fields", async () => {
      await start()
      await send({}, [], { document: "{\"fields\":null,\"data\":[{}]}" })
    })

    it("has every reason for a value that is left out", async () => {
      await start({ extraFields: [
        { restName: "isVip", displayName: "VIP", dataType: "boolean" },
        { restName: "renewal", displayName: "Renewal", dataType: "date" },
        { restName: "seenAt", displayName: "Seen At", dataType: "datetime" },
        { restName: "share", displayName: "Share", dataType: "percent" },
        { restName: "ratio", displayName: "Ratio", dataType: "float" },
        { restName: "otherMail", displayName: "Other Mail", dataType: "email" },
        { restName: "essay", displayName: "Essay", dataType: "text" },
      ] as MarketoSandboxOptions["extraFields"] })
      await send({}, [{
        email: "a@example.org", isVip: "perhaps", renewal: "soon", seenAt: "2026-08", share: -1, ratio: "many",
        otherMail: "nobody", essay: "x".repeat(30001), leadScore: 1.5, firstName: "x".repeat(300),
        numberOfEmployees: 2 ** 53 + 2,
      }, { email: "b@example.org", firstName: { a: 1 } as unknown as string }])
      await send({ invalidValues: "skipRow" },
        [{ email: "a@example.org", isVip: "perhaps" }, { email: "ä@example.org" }])
      await send({ lookupField: "id" }, [{ id: "x" }])
      await send({}, [{ email: "a@example.org", ratio: "0.1234567890123456789" }])
    })
  })

  describe("of a run", () => {
    const ANSWERS: [string, FaultEffect][] = [
      ["a refusal", { kind: "error", code: "1003", message: SAID }],
      ["a broken connection", { kind: "reset", when: "after" }], ["the day's end", { kind: "dailyQuotaReached" }],
      ["too few results", { kind: "resultLength", difference: -1 }],
      ["an unknown status", { kind: "elements", set: { status: "odd" } }],
      ["no status", { kind: "elements", remove: ["status", "reasons"] }],
      ["a skip without a reason", { kind: "elements", replaceWith: { status: "skipped" } }],
      ["a skip without a text", { kind: "record", code: "1234", message: "" }],
      ["no ID", { kind: "elements", replaceWith: { status: "updated" } }],
    ]
    /** What no operation reads by itself. */
    const FAILURES: [string, FaultEffect][] = [
      ["no text", { kind: "error", code: "610", message: "" }],
      ["no text for an unknown code", { kind: "error", code: "799", message: "" }],
      ["no text for an unknown code of single leads", { kind: "error", code: "1999", message: "" }],
      ["no reason", { kind: "envelope", set: { success: false }, remove: ["result", "errors"] }],
      ["HTTP 500", { kind: "http", status: 500 }], ["HTTP 403", { kind: "http", status: 403 }],
      ["HTTP 401", { kind: "http", status: 401 }], ["HTTP 413", { kind: "http", status: 413 }],
      ["a page", { kind: "http", status: 200, body: "<html>" }],
      ["another JSON", { kind: "http", status: 200, body: "{}", contentType: "application/json" }],
    ]
    const CASES: [string, Texts, [string, FaultEffect][]][] = [
      ["syncLeads", LIST, [...ANSWERS, ...FAILURES]], ["addToList", LIST, ANSWERS],
      ["requestCampaign", CAMPAIGN, ANSWERS], ["setProgramStatus", PROGRAM, ANSWERS],
    ]

    for (const [operation, formParams, effects] of CASES) {
      for (const [what, effect] of effects) {
        it(`has what becomes of ${operation} with ${what}`, async () => {
          await start()
          sandbox.addFault({ match: { operation }, effect })
          await send(formParams)
        })
      }
    }

    it("has the words of runs that went well", async () => {
      await start()
      const program = { subaction: "removeProgram", campaignId: String(SEEDED.programs.webinar) }
      for (const formParams of [{}, LIST, { ...LIST, subaction: "removeList" }, MIRROR, CAMPAIGN, PROGRAM, program]) {
        await send({ ...formParams, mirrorLimit: "100" }, [...PEOPLE, { email: "ANA@example.com" }])
      }
      await send({}, [], { document: NO_ROWS })
      await send(MIRROR, [{ email: "ana@example.com" }], { document: withMembers({ warnings: "odd" }) })
      await send({ ...LIST, subaction: "removeList" })
    })

    it("has what is said of leads whose upsert got no answer", async () => {
      await start()
      sandbox.addFault({ match: { operation: "syncLeads" }, times: 1, effect: { kind: "reset", when: "after" } })
      sandbox.addFault({ match: { operation: "filterLeads" }, effect: { kind: "envelope", set: { result: [] } } })
      await send({})
    })

    it("has the words of a run that is stopped", async () => {
      await start()
      const stop = new AbortController()
      stop.abort()
      await send({}, PEOPLE, { stopSignal: stop.signal })
      await send({}, PEOPLE, { share: { dailyAllowance: 0 } })
      await send({}, PEOPLE, { params: { url: "http://127.0.0.1:9" } })
    })

    it("has the words of dry runs", async () => {
      await start()
      const anyShare = { ...MIRROR, mirrorLimit: "100" }
      const smallShare = { ...MIRROR, mirrorLimit: "1" }
      for (const formParams of [{}, MIRROR, anyShare, smallShare, { ...LIST, listName: "New one" }]) {
        await send({ ...formParams, dryRun: "yes" })
      }
      await send({ dryRun: "yes" }, [], { document: NO_ROWS })
      await send({ dryRun: "yes", lookupField: "customerNumber" }, [{ customerNumber: "a,b" }])
    })

    it("has what is said of values that a run would clear", async () => {
      await start()
      const many = ["title", "city", "phone", "fax", "rating", "address", "country", "salutation", "middleName",
        "department", "mobilePhone", "leadRole", "leadSource", "leadStatus"]
      const full = Object.fromEntries(many.map((name) => [name, "x"]))
      sandbox.store.addLead({ email: "a@example.org", firstName: "A", ...full })
      const empty = { email: "a@example.org", ...Object.fromEntries(many.map((name) => [name, null])) }
      const limit = { mostCleared: "30" }
      await send(limit, [empty])
      await send(limit, [{ email: "a@example.org", title: null }])
      sandbox.addFault({ match: { operation: "filterLeads" }, times: 1, effect: { kind: "error", code: "603" } })
      await send(limit, [empty])
      const odd = { email: null }
      await send({ ...limit, dryRun: "yes" }, [empty, odd])
      await send({ dryRun: "yes" }, [{ email: "a@example.org", title: "y", firstName: "A" }, odd])
      await send({ dryRun: "yes" }, [{ email: "a@example.org", lastName: "L" }, odd])
      await send({ dryRun: "yes" }, [{ email: "b@example.org", lastName: "L" }, odd])
    })

    it("has the reasons for which rows are skipped", async () => {
      await start()
      await send({}, [{ email: SEEDED.duplicateEmails[0] }, { email: null }])
      await send({ leadMode: "updateOnly", partition: "EMEA" }, [{ email: "nobody@example.org" }])
      await send({ leadMode: "createOnly" })
      await send({}, [{ email: "a@example.org", mktoPersonNotes: "x".repeat(29000), firstName: "x" }])
      await send({}, [], { document: "{\"fields\":{\"dimensions\":[{\"name\":\"e\",\"tags\":[\"marketo:email\"]}]}," +
        "\"data\":[{\"e\":{\"value\":\"a@example.org\"}},null]}" })
    })

    it("has why nobody leaves a mirrored list", async () => {
      await start()
      await send(MIRROR, [], { document: NO_ROWS })
      await send({ ...MIRROR, mirrorLimit: "1" })
      await send(MIRROR, [...PEOPLE, { email: null }])
      await send(MIRROR, [], { document: withMembers({ truncated: true }) })
      await send(MIRROR, [], { document: withMembers({ applied_limit: 2 }) })
    })

    it("has what Looker says of its result", async () => {
      await start()
      const warnings = ["a", "b", "c", "d", "e", "f", "g"]
      await send({}, [], { document: withMembers({ truncated: true, column_truncated: true, warnings }) })
      for (const timezone of [undefined, "Nowhere/Nothing"]) {
        const times = [{ email: "a@example.org", lastOrderAt: "2026-08-17 10:00:00" }]
        await send({}, [], { document: withMembers({ timezone }, times) })
      }
      const late = [{ email: "a@example.org", lastOrderAt: "2026-08-17 10:00:00" }]
      await send({}, [], { document: withMembers({}, late).replace(/}$/, ",\"timezone\":\"Asia/Tokyo\"}") })
      const measures = JSON.stringify([
        { name: "h.h", hidden: true, tags: ["marketo:title"] }, { name: "n.n", tags: ["marketo:company"] }])
      await send({}, [], { document: withMembers({}).replace("\"measures\":[]", `"measures":${measures}`) })
      await send({}, [], { document: withMembers({}).replace("\"ana@example.com\"", "NaN") })
      await send({}, [], { document: withMembers({}).slice(0, -3) })
      await send({}, [], { document: withMembers({ errors: [{ message: "broken" }] }) })
    })

    it("has what was not checked for want of a permission", async () => {
      await start({ customServices: [{ permissions: ["Execute Campaign"] }] })
      const byName: Texts = { ...LIST, listName: "New one" }
      const inPartition: Texts = { partition: "EMEA" }
      for (const formParams of [LIST, CAMPAIGN, PROGRAM, inPartition, byName]) {
        await send(formParams)
      }
    })
  })

  it("has the advice for every code of Marketo's", async () => {
    await start()
    for (const code of Object.keys(ERROR_CODES)) {
      const { advice, sendAgain } = ERROR_CODES[code] ?? {}
      for (const remedy of [advice, sendAgain].filter((each) => each !== undefined)) {
        lookup.expectIn(["During a run"], `${SAID}. ${remedy}`)
      }
    }
  })

  it("has every reason for which a run stops", async () => {
    await start()
    const error = new MarketoError("unavailable", `${SAID}.`)
    const { quotaSpent, listMissing, marketoUnavailable, refusedRepeatedly, coordinationLost } = stopReasons
    for (const reason of [quotaSpent(error), listMissing(error), marketoUnavailable(error), refusedRepeatedly(error),
      coordinationLost(SAID), stopReasons.endedByHub(), stopReasons.outOfTime(MARKETO_PACE),
      stopReasons.unexpectedFailure()]) {
      lookup.expectIn(["During a run"], reason.message)
    }
  })

  describe("of the form", () => {
    const USAGE = "dailyUsage"
    const CONNECTION: [string, string, FaultEffect | undefined][] = [
      ["success", "identity", undefined], ["wrong credentials", "identity", { kind: "http", status: 401 }],
      ["no identity", "identity", { kind: "http", status: 404 }], ["a denial", USAGE, { kind: "error", code: "603" }],
      ["a refused token", USAGE, { kind: "error", code: "601" }],
      ["the day's end", USAGE, { kind: "dailyQuotaReached" }],
      ["a busy instance", USAGE, { kind: "error", code: "606" }], ["silence", USAGE, { kind: "hang" }],
      ["a wrong address", USAGE, { kind: "error", code: "610" }], ["a firewall", USAGE, { kind: "http", status: 403 }],
      ["names that are denied", "browseLists", { kind: "error", code: "603" }],
      ["names that are refused", "browseLists", { kind: "error", code: "1003", message: SAID }],
      ["names that are late", "browseLists", { kind: "hang" }],
    ]

    for (const [what, operation, effect] of CONNECTION) {
      it(`has what is said of ${what}`, async () => {
        await start()
        if (effect !== undefined) {
          sandbox.addFault({ match: { operation }, effect })
        }
        forgetConnections()
        const fields = await connectedFormFields(
          requestFor(sandbox, { rows: [], formParams: LIST }), configuration({}), 600)
        const [connection] = fields as { value?: string }[]
        lookup.expectIn(["In the form"], connection.value ?? "")
      })
    }

    for (const params of [{ clientID: "unknown" }, { clientSecret: "wrong" }] as Texts[]) {
      it(`has what is said of ${JSON.stringify(params)}`, async () => {
        await start()
        forgetConnections()
        const [connection] = await connectedFormFields(
          requestFor(sandbox, { rows: [], formParams: LIST, params }), configuration({}), 4000)
        lookup.expectIn(["In the form"], (connection as { value?: string }).value ?? "")
      })
    }

    it("has what is said of IDs of other kinds, of no kind, and that are not allowed", async () => {
      await start()
      const cases: [formParams: Texts, params: Texts][] = [
        [{ ...LIST, campaignId: "1001,SC2001,#PG3001A1,#SL5A1,x" }, {}],
        [{ ...CAMPAIGN, campaignId: "https://app-sj01.marketo.com/#ST1001A1,x" }, {}],
        [{ ...PROGRAM, campaignId: "x" }, {}], [{ ...LIST, campaignId: "1002" }, { allowedTargets: "ST1001A1" }],
      ]
      for (const [formParams, params] of cases) {
        forgetConnections()
        const fields: AnyField[] = await connectedFormFields(
          requestFor(sandbox, { rows: [], formParams, params }), configuration({}), 4000)
        lookup.expectIn(["In the form"], fields.find(({ name }) => name === "targetNames")?.value ?? "")
      }
    })

    it("has what is said of an instance without anything to choose", async () => {
      await start({ seed: "empty" })
      for (const formParams of [LIST, CAMPAIGN, PROGRAM]) {
        forgetConnections()
        const [connection] = await connectedFormFields(
          requestFor(sandbox, { rows: [], formParams }), configuration({ share: { dailyAllowance: 9 } }), 4000)
        lookup.expectIn(["In the form"], (connection as { value?: string }).value ?? "")
      }
    })

    it("has what the other fields say", async () => {
      await start()
      const { campaigns, lists } = SEEDED
      for (const formParams of [
        { ...LIST, campaignId: `${lists.empty},77`, target: "list:78", targetFilter: "qqq", partition: "odd" },
        { ...CAMPAIGN, campaignId: `${campaigns.welcome},${campaigns.inactive},${campaigns.batch}`, leadMode: "odd" },
        { ...PROGRAM, programStatus: "odd", lookupField: "firstName" }, { ...PROGRAM, campaignId: "3001,3002" },
      ] as Texts[]) {
        forgetConnections()
        const fields = await connectedFormFields(
          requestFor(sandbox, { rows: [], formParams: { moreOptions: "yes", ...formParams } }), configuration({}), 4000)
        for (const { name, value, description, options } of fields as AnyField[]) {
          const remarks = (options ?? []).filter(({ label }) => /\((not|Marketo)| - not a field/.test(label))
          remarks.forEach(({ label }) => lookup.expectIn(["In the form"], label))
          if (name === "targetNames") {
            value?.split("; ").forEach((meaning) => lookup.expectIn(["In the form"], meaning.replace(/\.?$/, ".")))
          }
          if (name === "target" || name === "programStatus") {
            description?.split(/(?<=\.) (?=N|T)/).filter((sentence) => /^(N.*(match|read)|The)/.test(sentence))
              .forEach((sentence) => lookup.expectIn(["In the form"], sentence))
          }
        }
      }
    })
  })

  describe("all in all", () => {
    it("has no text that none of the above has met, besides those that are met elsewhere", () => {
      expect(MET_ELSEWHERE).to.include.members(lookup.documented.unmet)
      expect(lookup.documented.all).to.include.members(MET_ELSEWHERE)
    })
  })
})

const NO_ROWS = "{\"fields\":{\"dimensions\":[{\"name\":\"e\",\"tags\":[\"marketo:email\"]}]},\"data\":[]}"

const PEOPLE: RowValues[] = [{ email: "ana@example.com" }, { email: "new@example.org" }]

/** A result that says this about itself. */
function withMembers(members: object, rows: RowValues[] = PEOPLE): string {
  return JSON.stringify({ ...members, ...JSON.parse(documentOf(rows)) as object })
}
