import { expect } from "chai"
import { LeadIdSet } from "../../../../src/actions/marketo/lib/membership/lead_id_set"
import { ListMirror } from "../../../../src/actions/marketo/lib/membership/list_mirror"
import { RunReport } from "../../../../src/actions/marketo/lib/report/run_report"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"
import { clientFor } from "../support/connect"
import { failure, FakeAnswer, FakeMarketo, LoggedCall, skip, success } from "../support/fake_marketo"

const MEMBERS = "/rest/v1/lists/303/leads.json"
const MIRROR: MembershipChange & { kind: "mirrorList" } = {
  kind: "mirrorList", target: { id: "303" }, mostRemovedPercent: 100,
}

function askedFor(call: LoggedCall): number[] {
  return call.query.getAll("id").map(Number)
}

describe("removal of those who are not in a mirrored list's result", () => {
  let marketo: FakeMarketo
  let report: RunReport

  beforeEach(async () => {
    marketo = await FakeMarketo.start()
    report = new RunReport([MIRROR])
    report.rowReceived()
  })

  afterEach(async () => { await marketo.stop() })

  /** Mirrors a list of so many members of whom none is in the result. */
  async function removeAll(members: number, answer: FakeAnswer): Promise<number> {
    const ids = new Array(members).fill(0).map((_unused, index) => ({ id: index + 1 }))
    marketo.answer("GET", MEMBERS, success(ids))
    marketo.always("DELETE", MEMBERS, answer)
    const mirror = new ListMirror(clientFor(marketo.origin), MIRROR, report)
    await mirror.readMembers()
    await mirror.removeOthers(new LeadIdSet())
    return marketo.calls.filter((call) => call.method === "DELETE").length
  }

  function expectCounts(removed: number, notRemoved: number): void {
    const counts = report.membership.get(MIRROR)
    expect(counts?.removed ?? 0, "removed").to.equal(removed)
    expect((counts?.skipped ?? 0) + (counts?.failed ?? 0), "not removed").to.equal(notRemoved)
    expect(report.membershipErrors.reduce((sum, entry) => sum + entry.group.count, 0)).to.be.at.least(notRemoved)
    expect(report.isSuccess).to.equal(notRemoved === 0)
  }

  for (const [name, result] of [
    ["skipped without reasons", { status: "skipped" }],
    ["skipped with no reasons", { status: "skipped", reasons: [] }],
    ["of an unknown status", { status: "failed" }],
    ["of no status", {}],
    ["skipped for another reason", skip("1004", "Lead not found")],
    ["skipped for another reason, too", { status: "skipped", reasons: [
      { code: "1015", message: "Lead not in list" }, { code: "1008", message: "Denied" }] }],
  ] as [string, object][]) {
    it(`reports a member that was ${name}`, async () => {
      await removeAll(2, success([{ id: 1, status: "removed" }, { ...result, id: 2 }]))
      expectCounts(1, 1)
      expect(report.membershipErrors[0].group.lookupValues).to.deep.equal(["lead 2"])
      expect(report.membershipErrors[0].leadIds).to.deep.equal([2])
    })
  }

  it("takes a member that has left meanwhile for removed", async () => {
    await removeAll(2, success([skip("1015", "Lead not in list", 1), { id: 2, status: "removed" }]))
    expectCounts(2, 0)
  })

  it("removes the others when one member spoils a call", async () => {
    const calls = await removeAll(900, (call) => askedFor(call).includes(417) ? failure("1008", "Denied") :
      success(askedFor(call).map((id) => ({ id, status: "removed" }))))
    expectCounts(899, 1)
    expect(report.membershipErrors[0]).to.deep.include({ code: "1008", message: "Denied", leadIds: [417] })
    expect(calls).to.be.at.most(25)
  })

  for (const [name, answer] of [
    ["1013", failure("1013", "List not found")], ["1003", failure("1003", "No")], ["603", failure("603", "Denied")],
  ] as [string, FakeAnswer][]) {
    it(`ends soon when Marketo refuses every removal with ${name}`, async () => {
      expect(await removeAll(9000, answer)).to.be.at.most(20)
      expectCounts(0, 9000)
    })
  }

  for (const status of [403, 404, 500]) {
    it(`ends after several calls when something answers HTTP ${status} to every removal`, async () => {
      expect(await removeAll(9000, { status, text: "<html>" })).to.be.at.most(20)
      expectCounts(0, 9000)
    })
  }

  it("goes on after one call that something else answered", async () => {
    let calls = 0
    await removeAll(3000, (call) => calls++ === 2 ? { status: 403, text: "<html>" } :
      success(askedFor(call).map((id) => ({ id, status: "removed" }))))
    expect(report.membership.get(MIRROR)?.removed).to.be.at.least(2700)
  })
})
