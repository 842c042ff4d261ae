import { expect } from "chai"
import * as sinon from "sinon"
import * as winston from "winston"
import { MarketoConfiguration } from "../../../src/actions/marketo/lib/configuration/configuration"
import { AccountConclusion } from "../../../src/actions/marketo/lib/report/hub_account"
import { RunReport } from "../../../src/actions/marketo/lib/report/run_report"
import { RunEnding } from "../../../src/actions/marketo/lib/run_ending"
import { RunControl } from "../../../src/actions/marketo/lib/stopping/run_control"
import * as Hub from "../../../src/hub"

describe("The end of a run that an unforeseen error ended", () => {
  afterEach(() => sinon.restore())

  it("is a fault of the hub in the log and in its account, which have no word of the error's own", () => {
    const log = sinon.stub(winston, "error")
    const concluded: AccountConclusion[] = []
    const account = { progress: () => undefined, conclude: (each: AccountConclusion) => { concluded.push(each) } }
    const ending = new RunEnding(
      new Hub.ActionRequest(), new RunReport(), new RunControl(), {} as MarketoConfiguration, account)
    const bug = new TypeError("canary\n    at canary@example.com")

    expect(() => ending.answerTo(bug)).to.throw(bug.message)
    expect(concluded).to.have.length(1)
    expect(concluded[0]).to.deep.include({ category: "hub", summary: "No row was sent. The hub ended the run." })
    expect(log.callCount).to.equal(1)
    const [, fields] = log.firstCall.args as unknown as [string, { reason: string, at: string }]
    expect(fields.reason).to.equal("hub")
    expect(fields.at).to.contain("test_run_ending")
    expect(JSON.stringify([concluded, log.args])).not.to.contain("canary")
  })

  it("is answered with the account once rows have come, and with the number of those that are open", () => {
    sinon.stub(winston, "error")
    const report = new RunReport()
    report.rowReceived()
    report.rowSkipped("No value for the lookup field email", 1)
    report.rowReceived()
    const ending = new RunEnding(
      new Hub.ActionRequest(), report, new RunControl(), { isJsonInMessage: true } as MarketoConfiguration, undefined)
    const { success, message = "" } = ending.answerTo(new TypeError("canary@example.com"))
    expect(success).to.equal(false)
    expect(message).to.contain("What became of 1 row is not known: Marketo may have them.")
    expect(message).to.contain("1 skipped")
    expect(message).not.to.contain("canary")
  })
})
