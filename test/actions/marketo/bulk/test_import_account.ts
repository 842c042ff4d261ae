import { expect } from "chai"
import { accountOf, EndedImport } from "../../../../src/actions/marketo/lib/bulk/import_account"
import { EMAIL_COMPARISON } from "../../../../src/actions/marketo/lib/delivery/lookup_comparison"
import { MarketoError } from "../../../../src/actions/marketo/lib/errors"

const LEADS = ["a@x.org", "b@x.org", "c@x.org"].map((lookupValue, index) => ({ lookupValue, rows: [index], cells: "" }))

/** Returns the kind of each lead's outcome, with what is said of it. */
function outcomesOf(ended: Partial<EndedImport>, numbers: { processed?: number, failed?: number }): string[] {
  const { outcomes } = accountOf({
    id: "7", leads: LEADS, state: { status: "Complete", message: "", ...numbers }, failures: [], warnings: [],
    isUpdate: false, ...ended,
  }, EMAIL_COMPARISON)
  return outcomes.map((outcome) => outcome.kind === "skipped" ? `skipped: ${outcome.reasons[0].message}` :
    outcome.kind === "failed" ? `failed, maybe executed: ${outcome.error.maybeExecuted}` : outcome.kind)
}

describe("accountOf an import", () => {
  const ALL = { processed: 0, failed: 3 }

  it("takes all leads as skipped when Marketo says that all failed, although its list names none of them", () => {
    const unnamed = (reason: string) => ({ lookupValue: "", reason })
    expect(outcomesOf({ failures: [unnamed("No."), unnamed("No."), unnamed("No.")] }, ALL))
      .to.deep.equal(["skipped: No", "skipped: No", "skipped: No"])
    expect(new Set(outcomesOf({ failures: [unnamed("No."), unnamed("Full."), unnamed("No.")] }, ALL))).to.deep.equal(
      new Set(["skipped: Marketo imported none of the rows in a file (import 7), and its reasons could not be " +
        "matched to leads. One of them is: No"]))
    expect(new Set(outcomesOf({ failures: undefined }, ALL))).to.deep.equal(
      new Set(["skipped: Marketo imported none of the rows in a file (import 7), and its list of reasons could not " +
        "be read"]))
  })

  it("keeps the reasons of those leads that the list names", () => {
    const failures = [{ lookupValue: "A@x.org ", reason: "Full" }, { lookupValue: "", reason: "No" }]
    expect(outcomesOf({ failures }, ALL)[0]).to.equal("skipped: Full")
  })

  it("knows of an import that was given up only what its files name", () => {
    const gaveUp = new MarketoError("rejected", "Out of luck.", { maybeExecuted: true })
    const failures = [{ lookupValue: "a@x.org", reason: "Full" }]
    const warnings = [{ lookupValue: "b@x.org", reason: "Odd" }]
    expect(outcomesOf({ gaveUp, failures, warnings }, { processed: 2, failed: 1 })).to.deep.equal(
      ["skipped: Full", "createdOrUpdated", "failed, maybe executed: true"])
    expect(new Set(outcomesOf({ gaveUp, failures: undefined, warnings: undefined }, { processed: 1, failed: 2 })))
      .to.deep.equal(new Set(["failed, maybe executed: true"]))
  })

  it("takes Marketo's numbers of an import that was given up for no word about leads that are not named", () => {
    const gaveUp = new MarketoError("rejected", "Out of luck.", { maybeExecuted: false })
    const failures = [{ lookupValue: "a@x.org", reason: "Full" }]
    const unsure = "failed, maybe executed: false"
    expect(outcomesOf({ gaveUp, failures }, { processed: 0, failed: 3 })).to.deep.equal(
      ["skipped: Full", unsure, unsure])
    expect(outcomesOf({ gaveUp, failures: undefined }, { processed: 0, failed: 3 })).to.deep.equal(
      [unsure, unsure, unsure])
  })

  it("takes nobody for imported by an import that was given up before the first row", () => {
    const gaveUp = new MarketoError("rejected", "Out of luck.", { maybeExecuted: false })
    const warnings = [{ lookupValue: "b@x.org", reason: "Odd" }]
    const account = accountOf({
      id: "1", leads: LEADS, state: { status: "Failed", message: "", processed: 0, withWarning: 1 }, failures: [],
      warnings, isUpdate: false, gaveUp,
    }, EMAIL_COMPARISON)
    expect(account.warnings).to.deep.equal([])
    expect(new Set(account.outcomes.map(({ kind }) => kind))).to.deep.equal(new Set(["failed"]))
  })

  it("leaves leads in doubt when only some failed, or when the numbers contradict each other", () => {
    const doubt = "failed, maybe executed: true"
    expect(new Set(outcomesOf({ failures: undefined }, { processed: 1, failed: 2 }))).to.deep.equal(new Set([doubt]))
    expect(new Set(outcomesOf({ failures: undefined }, { processed: 3, failed: 3 }))).to.deep.equal(new Set([doubt]))
    expect(new Set(outcomesOf({ failures: undefined }, { processed: 0, failed: 4 }))).to.deep.equal(new Set([doubt]))
  })
})
