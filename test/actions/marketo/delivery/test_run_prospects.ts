import { expect } from "chai"
import { RunProspects } from "../../../../src/actions/marketo/lib/delivery/run_prospects"
import { MarketoError, MarketoErrorKind } from "../../../../src/actions/marketo/lib/errors"
import { QueuedLead } from "../../../../src/actions/marketo/lib/report/lead"
import { LeadOutcome } from "../../../../src/actions/marketo/lib/report/outcomes"

const LEAD: QueuedLead = { lookupValue: "a", record: {}, rows: [1], json: "{}", bytes: 2, reservation: "a" }
const CREATED: LeadOutcome = { kind: "created", lead: LEAD, leadId: 1 }
const SKIPPED: LeadOutcome = { kind: "skipped", lead: LEAD, reasons: [{ code: "1007", message: "Multiple" }] }
const NOT_SENT: LeadOutcome = { kind: "notSent", lead: LEAD }

function failed(code: string | undefined, message = "No", kind: MarketoErrorKind = "rejected"): LeadOutcome {
  return { kind: "failed", lead: LEAD, error: new MarketoError(kind, message, { code, origin: "marketo" }) }
}

/** After how many batches the run is ended; 0 for never. */
function endOf(batches: LeadOutcome[][]): number {
  const prospects = new RunProspects()
  return batches.findIndex((batch) => prospects.learnFrom(batch) !== undefined) + 1
}

function times(count: number, batch: (index: number) => LeadOutcome[]): LeadOutcome[][] {
  return new Array(count).fill(0).map((_unused, index) => batch(index))
}

describe("prospects of a run", () => {
  it("are gone at once when the quota is spent or access is denied", () => {
    expect(endOf([[failed("607", "Spent", "quota")]])).to.equal(1)
    expect(endOf([[failed("603", "Denied", "auth")]])).to.equal(1)
  })

  it("are gone after three batches in a row without a useful answer", () => {
    const lost = failed(undefined, "Lost", "unavailable")
    expect(endOf(times(9, () => [lost, lost]))).to.equal(3)
    expect(endOf(times(9, (index) => index % 3 === 2 ? [CREATED] : [lost]))).to.equal(0)
  })

  for (const code of ["610", "1006", "1009", "1003", "605", undefined]) {
    it(`are gone after three batches in a row that were refused with ${code ?? "no code"}`, () => {
      const refused = failed(code)
      expect(endOf(times(9, () => [refused, refused]))).to.equal(3)
    })
  }

  it("do not depend on the values, names and numbers in Marketo's text", () => {
    const texts = ["Invalid value 'a' for 7", "Invalid value 'b, c' for 12345", "Invalid value '' for 0x1f"]
    expect(endOf(times(9, (index) => times(2, () => [failed("1003", texts[index % 3])]).map(([each]) => each))))
      .to.equal(3)
  })

  it("are gone after six batches that were refused for different reasons", () => {
    const codes = ["1003", "1006", "610"]
    const refused = (index: number) => [failed(codes[index % 3]), failed(codes[index % 3])]
    expect(endOf(times(9, refused))).to.equal(6)
  })

  it("stay while anything is applied in between", () => {
    const refused = failed("1006")
    expect(endOf(times(30, (index) => index % 3 === 2 ? [CREATED, SKIPPED] : [refused, refused]))).to.equal(0)
    expect(endOf(times(30, (index) => index % 3 === 2 ? [SKIPPED] : [refused, refused]))).to.equal(0)
    expect(endOf(times(30, () => [refused, CREATED]))).to.equal(0)
  })

  it("are not better for rows that were not sent, or got no answer, in between", () => {
    const refused = failed("1006")
    const lost = failed(undefined, "Lost", "unavailable")
    expect(endOf(times(9, (index) => index % 2 === 0 ? [refused, refused] : [NOT_SENT]))).to.equal(5)
    expect(endOf(times(9, (index) => index % 2 === 0 ? [refused, refused] : [lost]))).to.equal(5)
  })

  it("are judged later by calls of a single lead, which may be the cause itself", () => {
    expect(endOf(times(30, () => [failed("1003")]))).to.equal(10)
    expect(endOf(times(30, () => [failed("1006")]))).to.equal(3)
  })

  it("are not judged by what may have been executed", () => {
    const error = new MarketoError("rejected", "No", { code: "1003", maybeExecuted: true, origin: "marketo" })
    expect(endOf(times(30, () => [{ kind: "failed", lead: LEAD, error }, NOT_SENT]))).to.equal(0)
  })

  it("are told with the reason and what to do", () => {
    const prospects = new RunProspects()
    const reasons = times(3, () => [failed("1006", "Field 'x' not found"), NOT_SENT])
      .map((batch) => prospects.learnFrom(batch))
    expect(reasons[2]?.message).to.equal("Field 'x' not found. The run was ended, since several calls in a row were " +
      "refused like that and the others would have been, too. Remove the cause, then send the rows that failed or " +
      "were not sent again.")
    expect(reasons[2]?.readOn).to.equal(true)
  })
})
