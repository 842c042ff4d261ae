import * as chai from "chai"
import { LeadSchema } from "../../../../src/actions/marketo/lib/api/types"
import { LeadReader, LeadReaderParts } from "../../../../src/actions/marketo/lib/delivery/lead_reader"
import { MarketoError, RunStoppedError } from "../../../../src/actions/marketo/lib/errors"
import { Lead } from "../../../../src/actions/marketo/lib/report/lead"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import * as Hub from "../../../../src/hub"
import { buildRequest, Column, column, RequestParts, RowValues } from "../support/build_request"
import { rejectionOf } from "../support/connect"

const expect = chai.expect

const SCHEMA: LeadSchema = {
  searchableFields: [["email"], ["id"]],
  fields: [
    { name: "id", displayName: "Id", dataType: "integer" },
    { name: "email", displayName: "Email Address", dataType: "email", length: 255 },
    { name: "leadScore", displayName: "Lead Score", dataType: "integer" },
    { name: "isVip", displayName: "Is VIP", dataType: "boolean" },
    { name: "lastOrderAt", displayName: "Last Order At", dataType: "datetime" },
  ],
}

const EMAIL = column("u.email", "email")
const SCORE: Column = { ...column("u.score", "leadScore"), label: "Score" }
const VIP = column("u.vip", "isVip")
const ORDER = column("u.order", "lastOrderAt")

interface Reading {
  leads: Lead[]
  report: RunReport
  run: RunControl
  soapCalls: number
}

describe("reading of a result's rows as leads", () => {
  let reading: Reading

  beforeEach(() => {
    reading = { leads: [], report: new RunReport(), run: new RunControl(), soapCalls: 0 }
  })

  async function read(
    parts: Partial<RequestParts>, settings: Partial<LeadReaderParts["settings"]> = {},
    more: Partial<LeadReaderParts> & { query?: object } = {},
  ): Promise<Lead[]> {
    const request = buildRequest({ origin: "http://127.0.0.1", ...parts })
    if (more.query !== undefined) {
      request.scheduledPlan = { query: more.query } as unknown as Hub.ActionRequest["scheduledPlan"]
    }
    const { report, run } = reading
    await new LeadReader({
      settings: {
        lookupField: "email", emptyCells: "clear", longText: "report", invalidValues: "leaveOut", writesLeads: true,
        ...settings,
      },
      schema: SCHEMA, run, report,
      leads: { soapNames: async () => {
        reading.soapCalls++
        return new Map([["VIP", "isVip"]])
      } },
      delivery: { add: (lead) => {
        reading.leads.push(lead)
        return undefined
      } },
      largeSend: { whileReading: () => undefined },
      ...more,
    }).read(request)
    return reading.leads
  }

  const oddRows: RowValues[] = [
    { "u.email": "a@x.org", "u.score": "12", "u.vip": "Yes" },
    { "u.email": "b@x.org", "u.score": "twelve", "u.vip": "perhaps" },
  ]
  const ROW_2 = { from: 2, to: 2 }
  const SCORE_REASON = "Column \"Score\" (u.score): text is not a whole number for leadScore"
  const VIP_REASON = "Column u.vip: text is neither yes nor no for isVip"

  it("hands on converted values", async () => {
    expect(await read({ dimensions: [EMAIL, SCORE, VIP], rows: oddRows.slice(0, 1) }))
      .to.deep.equal([{ lookupValue: "a@x.org", record: { email: "a@x.org", leadScore: 12, isVip: true }, rows: [1] }])
  })

  it("sends a row without the values that its fields do not take, and tells which by row", async () => {
    const leads = await read({ dimensions: [EMAIL, SCORE, VIP], rows: oddRows })
    expect(leads[1].record).to.deep.equal({ email: "b@x.org" })
    expect(reading.report.leftOutValues.entries()).to.deep.equal([
      [SCORE_REASON, { count: 1, lookupValues: [], rows: [ROW_2] }],
      [VIP_REASON, { count: 1, lookupValues: [], rows: [ROW_2] }],
    ])
    expect(reading.report.rows.skipped).to.equal(0)
  })

  it("skips such a row once, with all reasons, when that was chosen", async () => {
    const leads = await read({ dimensions: [EMAIL, SCORE, VIP], rows: oddRows }, { invalidValues: "skipRow" })
    expect(leads.map((lead) => lead.lookupValue)).to.deep.equal(["a@x.org"])
    expect(reading.report.skipped.entries()).to.deep.equal([
      [SCORE_REASON, { count: 1, lookupValues: ["b@x.org"] }], [VIP_REASON, { count: 1, lookupValues: ["b@x.org"] }],
    ])
    expect(reading.report.rows).to.include({ received: 2, skipped: 1 })
    expect(reading.report.leftOutValues.isEmpty).to.equal(true)
  })

  it("skips a row whose lookup value cannot be converted, whatever was chosen", async () => {
    expect(await read({ dimensions: [EMAIL], rows: [{ "u.email": "zoë@x.org" }] })).to.deep.equal([])
    expect(reading.report.skipped.entries()).to.deep.equal([[
      "Column u.email: text has other characters than ASCII, which Marketo does not take in an e-mail address " +
        "for email",
      { count: 1, lookupValues: [], rows: [{ from: 1, to: 1 }] },
    ]])
  })

  it("skips a row without a lookup value", async () => {
    const rows = [{ "u.email": null }, { "u.email": "" }, { "u.email": "  " }, {}]
    expect(await read({ dimensions: [EMAIL], rows })).to.deep.equal([])
    expect(reading.report.skipped.entries()).to.deep.equal([
      ["No value for the lookup field email", { count: 4, lookupValues: [], rows: [{ from: 1, to: 4 }] }],
    ])
  })

  it("skips ids that are no whole numbers, with a schema or without", async () => {
    const rows = [{ "u.id": "17" }, { "u.id": "x" }, { "u.id": 1.5 }]
    for (const schema of [SCHEMA, undefined]) {
      reading.leads.length = 0
      const leads = await read({ dimensions: [column("u.id", "id")], rows }, { lookupField: "id" }, { schema })
      expect(leads.map((lead) => lead.record)).to.deep.equal([{ id: 17 }])
    }
    expect(reading.report.skipped.entries().map(([reason]) => reason)).to.deep.equal([
      "Column u.id: text is not a whole number for id", "Column u.id: number is not a whole number for id",
    ])
  })

  it("without a schema hands values on as they are", async () => {
    const leads = await read({ dimensions: [EMAIL, SCORE], rows: oddRows.slice(1) }, {}, { schema: undefined })
    expect(leads[0].record).to.deep.equal({ email: "b@x.org", leadScore: "twelve" })
    expect(reading.report.isSuccess).to.equal(true)
  })

  describe("what the query tells", () => {
    const row = { "u.email": "a@x.org", "u.order": "2026-08-17 10:00:00", "u.score": 1 }

    it("sets the zone of times", async () => {
      const leads = await read({ dimensions: [EMAIL, ORDER], rows: [row] }, {},
        { query: { query_timezone: "Europe/Zurich" } })
      expect(leads[0].record.lastOrderAt).to.equal("2026-08-17T08:00:00Z")
      expect(reading.report.notes).to.deep.equal([])
    })

    it("takes times as UTC without a zone, and says so", async () => {
      const leads = await read({ dimensions: [EMAIL, ORDER], rows: [row] })
      expect(leads[0].record.lastOrderAt).to.equal("2026-08-17T10:00:00Z")
      expect(reading.report.notes).to.deep.equal(["The query does not give its time zone; times were taken as UTC."])
    })

    it("takes times as UTC in a zone that is not known, and says so", async () => {
      await read({ dimensions: [EMAIL, ORDER], rows: [row] }, {}, { query: { query_timezone: "Mars/Olympus" } })
      expect(reading.report.notes[0]).to.contain("\"Mars/Olympus\" is not known here")
    })

    it("says nothing of zones when there are no times", async () => {
      await read({ dimensions: [EMAIL, SCORE], rows: [row] })
      expect(reading.report.notes).to.deep.equal([])
    })

    it("hides columns, which are then named", async () => {
      const leads = await read({ dimensions: [EMAIL, SCORE], rows: [row] }, {},
        { query: { vis_config: { hidden_fields: ["u.score"] } } })
      expect(leads[0].record).to.deep.equal({ email: "a@x.org" })
      expect(reading.report.notes).to.deep.equal(["Hidden columns were not sent: \"Score\" (u.score)."])
    })

    it("may be malformed", async () => {
      for (const query of [{ vis_config: null }, { vis_config: { hidden_fields: "u.score" }, query_timezone: 7 }]) {
        reading.leads.length = 0
        expect((await read({ dimensions: [EMAIL, SCORE], rows: [row] }, {}, { query }))[0].record)
          .to.deep.equal({ email: "a@x.org", leadScore: 1 })
      }
    })
  })

  describe("with names that the instance does not know", () => {
    const dimensions = [EMAIL, column("u.vip", "VIP")]

    it("refuses before a lead is handed on, telling SOAP names", async () => {
      const error = await rejectionOf(read({ dimensions, rows: [{ "u.email": "a@x.org" }] }))
      expect(error.message).to.equal("The column u.vip has the tag \"marketo:VIP\", but that is the field's SOAP " +
        "name. Its REST API name is \"isVip\".")
      expect(reading.leads).to.deep.equal([])
    })

    it("asks for SOAP names only then", async () => {
      await read({ dimensions: [EMAIL], rows: [{ "u.email": "a@x.org" }] })
      expect(reading.soapCalls).to.equal(0)
    })

    it("refuses all the same when SOAP names cannot be had", async () => {
      const failures = [new MarketoError("auth", "Access denied", { code: "603" }), new RunStoppedError("Stopped")]
      for (const failure of failures) {
        const leads = { soapNames: async () => { throw failure } }
        const error = await rejectionOf(read({ dimensions, rows: [] }, {}, { leads }))
        expect(error.message).to.contain("has the tag \"marketo:VIP\"")
      }
    })
  })

  it("enters no values of rows that are not sent since the run was stopped", async () => {
    reading.run.stop({ message: "Stopped.", category: "hub", readOn: true })
    await read({ dimensions: [EMAIL, SCORE, VIP], rows: oddRows })
    expect(reading.report.rows).to.include({ received: 2, notSent: 2, skipped: 0 })
    expect(reading.report.leftOutValues.isEmpty).to.equal(true)
  })

  it("takes an error of ours for the hub's, not for one of the download", async () => {
    await read({ dimensions: [EMAIL], rows: [{ "u.email": "a@x.org" }, { "u.email": "b@x.org" }] }, {}, {
      delivery: { add: () => { throw new TypeError("canary") } },
    })
    expect(reading.report.runErrors).to.deep.equal([{
      message: "An unexpected error occurred in the Marketo action at row 1; the rows after it were not sent.",
      category: "hub",
    }])
  })

  it("ends with the run on a hub that cannot end the download, and then takes no row more", async () => {
    const request = buildRequest({ origin: "http://127.0.0.1" })
    let callbacks: Parameters<Hub.ActionRequest["streamJsonDetail"]>[0] | undefined
    request.streamJsonDetail = async (given) => {
      callbacks = given
      await given.onFields?.({ dimensions: [EMAIL] } as unknown as Hub.Fieldset)
      await given.onRow({ "u.email": { value: "a@x.org" } })
      return new Promise(() => undefined)
    }
    const { report, run } = reading
    const whole = new LeadReader({
      settings: {
        lookupField: "email", emptyCells: "clear", longText: "report", invalidValues: "leaveOut", writesLeads: true,
      },
      schema: SCHEMA, run, report, leads: { soapNames: async () => new Map<string, string>() },
      delivery: { add: () => undefined }, largeSend: { whileReading: () => undefined },
    }).read(request)
    setImmediate(() => run.stop({ message: "Stopped.", category: "hub", readOn: false }))
    await whole
    expect(report.runErrors).to.deep.equal([
      { message: "Stopped. Reading ended after row 1; the rows after it were not sent.", category: "hub" },
    ])
    expect((): unknown => callbacks?.onRow({ "u.email": { value: "b@x.org" } })).to.throw(RunStoppedError)
    expect(report.rows.received).to.equal(1)
  })
})
