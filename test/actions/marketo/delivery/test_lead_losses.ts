import { expect } from "chai"
import { LeadLosses } from "../../../../src/actions/marketo/lib/delivery/lead_losses"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { LeadOutcome } from "../../../../src/actions/marketo/lib/report/outcomes"

const LEAD: QueuedLead = { lookupValue: "a", record: { email: "a" }, json: "{}", bytes: 2, rows: [1], reservation: "a" }

/** The lost upsert was sent at 1,000 on our clock, which Marketo's answers place between these. */
const SENT_AT = { earliest: Date.parse("2026-08-17T10:15:30.200Z"), latest: Date.parse("2026-08-17T10:15:30.600Z") }

describe("a lead whose upsert was lost", () => {
  let losses: LeadLosses

  beforeEach(() => {
    losses = new LeadLosses(true)
    losses.note([LEAD], 1000, 95000)
  })

  function found(createdAt: unknown, ...others: unknown[]): void {
    const leads = [createdAt, ...others]
      .map((each, index) => ({ id: 7 + index, value: "a", createdAt: each, fields: {} }))
    losses.found(LEAD, leads,
      (moment) => moment === 1000 ? SENT_AT : undefined)
  }

  function settled(outcome: LeadOutcome): string {
    return losses.settle(outcome).kind
  }

  const updated: LeadOutcome = { kind: "updated", lead: LEAD, leadId: 7 }
  const exists: LeadOutcome = { kind: "skipped", lead: LEAD, reasons: [{ code: "1005", message: "Exists already" }] }

  const ages: [string, string, string, string][] = [
    ["2026-01-05T09:00:00Z", "updated", "skipped", "long before"],
    ["2026-08-17T10:15:29Z", "updated", "skipped", "the second before has ended"],
    ["2026-08-17T10:15:30Z", "createdOrUpdated", "failed", "the same second"],
    ["2026-08-17T10:15:31Z", "createdOrUpdated", "failed", "the second after, which may be a second late"],
    ["2026-08-17T10:15:32Z", "created", "created", "surely after"],
    ["2026-08-17T10:15:32Z+0000", "created", "created", "surely after, as the asset family writes it"],
    ["", "createdOrUpdated", "failed", "not told"],
    ["yesterday", "createdOrUpdated", "failed", "not to be understood"],
  ]
  for (const [createdAt, afterUpdate, afterCreateOnly, when] of ages) {
    it(`that was created at ${createdAt} (${when}) is ${afterUpdate} or, where leads are created only, ` +
      `${afterCreateOnly}`, () => {
      found(createdAt)
      expect([settled(updated), settled(exists)]).to.deep.equal([afterUpdate, afterCreateOnly])
    })
  }

  it("has the id that the look-up found", () => {
    found("2026-08-17T10:15:40Z")
    expect(losses.settle(exists)).to.deep.equal({ kind: "created", lead: LEAD, leadId: 7 })
  })

  it("and who is found only after nobody was found has been created", () => {
    losses.notFound(LEAD)
    found("2026-08-17T10:15:30Z")
    expect([settled(updated), settled(exists)]).to.deep.equal(["created", "created"])
  })

  it("and who was not found although older stays older", () => {
    losses.notFound(LEAD)
    found("2026-01-05T09:00:00Z")
    expect([settled(updated), settled(exists)]).to.deep.equal(["updated", "skipped"])
  })

  it("and who was never found may have been created or updated", () => {
    expect([settled(updated), settled(exists)]).to.deep.equal(["createdOrUpdated", "failed"])
    losses.notFound(LEAD)
    expect([settled(updated), settled(exists)]).to.deep.equal(["createdOrUpdated", "failed"])
  })

  it("is judged by the first of several lost upserts", () => {
    losses.note([LEAD], 60000, 155000)
    found("2026-08-17T10:15:40Z")
    expect(settled(updated)).to.equal("created")
    expect(losses.attempts([LEAD])).to.equal(2)
  })

  it("and for whom there are two leads of different age is unknown", () => {
    found("2026-01-05T09:00:00Z", "2026-08-17T10:15:40Z")
    expect(settled(updated)).to.equal("createdOrUpdated")
  })

  it("is created when the repetition says so", () => {
    expect(settled({ kind: "created", lead: LEAD, leadId: 9 })).to.equal("created")
  })

  it("stays skipped for what is wrong with its record, unless it was created by then", () => {
    const refused: LeadOutcome = { kind: "skipped", lead: LEAD, reasons: [{ code: "1003", message: "Invalid value" }] }
    expect(settled(refused)).to.equal("skipped")
    found("2026-01-05T09:00:00Z")
    expect(settled(refused)).to.equal("skipped")
    found("2026-08-17T10:15:40Z")
    expect(settled(refused)).to.equal("failed")
  })

  it("is uncertain when it was not repeated, or was refused then", () => {
    const error = new MarketoError("rejected", "No", { code: "610" })
    for (const outcome of [{ kind: "notSent", lead: LEAD }, { kind: "failed", lead: LEAD, error }] as LeadOutcome[]) {
      const { error: told } = losses.settle(outcome) as { error: MarketoError }
      expect(told.maybeExecuted).to.equal(true)
    }
  })

  it("tells until when the upsert may be running, unless it has done its work on this lead", () => {
    expect(losses.settle(updated).runningUntil).to.equal(95000)
    found("2026-01-05T09:00:00Z")
    expect(losses.settle(updated).runningUntil).to.equal(95000)
    found("2026-08-17T10:15:40Z")
    expect(losses.settle(updated).runningUntil).to.equal(undefined)
  })

  it("of updates alone can only have been updated", () => {
    losses = new LeadLosses(false)
    losses.note([LEAD], 1000, 95000)
    expect(settled(updated)).to.equal("updated")
  })

  it("is no other lead's matter", () => {
    const other = { ...LEAD }
    const outcome: LeadOutcome = { kind: "updated", lead: other, leadId: 1 }
    expect(losses.settle(outcome)).to.equal(outcome)
  })
})
