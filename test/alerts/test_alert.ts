import { expect } from "chai"
import { alertFor, alertText } from "../../src/alerts/alert"
import { cloudEvent, slackMessage } from "../../src/alerts/alert_body"
import { AlertOccasion } from "../../src/alerts/alert_settings"
import { RunOutcome } from "../../src/runs/records/run_record"
import { aRecord } from "../runs/a_record"

describe("An alert", () => {
  const cases: [outcome: RunOutcome, before: RunOutcome | undefined, ...kinds: (string | undefined)[]][] =
    [
      ["failure", undefined, "failed", "failed", "failed"],
      ["partial", "success", "failed", "failed", "failed"],
      ["lost", "success", "failed", "failed", "failed"],
      ["failure", "failure", "failed", undefined, "failed"],
      ["success", "failure", "recovered", "recovered", "recovered"],
      ["success", "lost", "recovered", "recovered", "recovered"],
      ["success", "success", undefined, undefined, "succeeded"],
      ["success", undefined, undefined, undefined, "succeeded"],
    ]
  for (const [outcome, before, ...kinds] of cases) {
    it(`of a run that ended as ${outcome} after ${before ?? "none"}`, () => {
      const occasions: AlertOccasion[] = ["failure", "change", "always"]
      expect(occasions.map((occasion) =>
        alertFor(aRecord({ outcome }), before === undefined ? undefined : { outcome: before }, occasion)))
        .to.deep.equal(kinds)
    })
  }

  it("tells of a dry run only if every run is told of", () => {
    const record = aRecord({ outcome: "failure", isDryRun: true })
    expect(alertFor(record, undefined, "failure")).to.equal(undefined)
    expect(alertFor(record, undefined, "always")).to.equal("failed")
  })

  it("says which plan, what came of it, and nothing of persons", () => {
    const record = aRecord({
      outcome: "partial", plan: { id: "7", title: "Weekly leads" }, summary: "2 of 3 rows were applied.",
      sender: "canary@example.com",
    })
    expect(alertText(record, "failed")).to.equal("\"Weekly leads\" (marketo): failed. 2 of 3 rows were applied.")
    const { text } = cloudEvent(record, "failed", "https://hub.example.com")
    expect(text).not.to.contain("canary")
    expect(JSON.parse(text)).to.deep.include({
      specversion: "1.0", source: "https://hub.example.com", type: "actionhub.run.failed", subject: record.id,
    })
  })

  it("is text in Slack, whatever a plan is called", () => {
    const record = aRecord({ outcome: "failure", plan: { title: "<!channel> & <https://x|y>" } })
    expect((JSON.parse(slackMessage(record, "failed").text) as { text: string }).text)
      .to.contain("&lt;!channel&gt; &amp; &lt;https://x|y&gt;")
  })
})
