import * as winston from "winston"
import * as Hub from "../../../hub"
import { MarketoConfiguration } from "./configuration/configuration"
import { MarketoError, MarketoSettingsError, placeOf, RunStoppedError } from "./errors"
import { HubAccount, hubAccountOf, ReasonCategory } from "./report/hub_account"
import { reportFigures } from "./report/report_message"
import { conclusionOf, progressOf, refusalOf } from "./report/run_conclusion"
import { RunReport } from "./report/run_report"
import { answerOf, answerToFailure } from "./run_answer"
import { QUERY_RUN, RunKind } from "./run_kind"
import { RunControl } from "./stopping/run_control"
import { amount } from "./words/amounts"

/** The end of a run: what came of it goes to the log, into the hub's account, and into the answer. */
export class RunEnding {
  constructor(
    private readonly request: Hub.ActionRequest, private readonly report: RunReport, private readonly run: RunControl,
    private readonly configuration: MarketoConfiguration, private readonly account: HubAccount | undefined,
    private readonly kind: RunKind = QUERY_RUN,
  ) {}

  /** Returns the answer to a request whose rows were all read. */
  answer(): Hub.ActionResponse {
    this.conclude()
    return answerOf(this.request, this.report, this.configuration, this.kind)
  }

  /**
   * Returns the answer to a request that a failure ended. Throws the failure if the request cannot start as it is, or
   * if the fault is ours and no row has come.
   */
  answerTo(failure: unknown): Hub.ActionResponse {
    if (failure instanceof MarketoSettingsError) {
      // Once a row has come, the fault is with what the query gives.
      const { received } = this.report.rows
      refuse(this.request, this.account, failure, received > 0 || this.report.hasColumns ? "query" : "settings")
      throw failure
    }
    if (!(failure instanceof MarketoError || failure instanceof RunStoppedError)) {
      this.concludeUnexpected(failure)
      if (this.report.rows.received > 0) {
        return answerOf(this.request, this.report, this.configuration, this.kind)
      }
    }
    const response = answerToFailure(
      this.request, this.report, this.configuration, failure, this.run.stopReason, this.kind)
    this.conclude()
    return response
  }

  /** Its message may hold lead data, and its place does not. */
  private concludeUnexpected(failure: unknown): void {
    const { webhookId } = this.request
    winston.error("Marketo: an unexpected error ended the run", { reason: "hub", webhookId, at: placeOf(failure) })
    const open = this.report.rowsOpen
    this.report.runFailed("An unexpected error occurred in the Marketo action." + (open === 0 ? "" :
      ` What became of ${amount(open, "row")} is not known: Marketo may have them.`), "hub")
    this.account?.progress(progressOf(this.report))
    this.account?.conclude(conclusionOf(this.report, this.run.stopReason))
  }

  private conclude(): void {
    const { report, request: { webhookId } } = this
    const conclusion = conclusionOf(report, this.run.stopReason)
    const { category } = conclusion
    this.account?.progress(progressOf(report))
    this.account?.conclude(conclusion)
    const what = `Marketo: ${report.isDryRun ? "dry run" : "run"}`
    if (category === undefined) {
      winston.info(`${what} succeeded`, { webhookId, ...reportFigures(report) })
    } else {
      winston.warn(`${what} ended with failures`, { reason: category, webhookId, ...reportFigures(report) })
    }
  }
}

/** Returns what `read` does. A refusal is logged and entered into the hub's account on its way. */
export function readOrRefuse<T>(request: Hub.ActionRequest, read: () => T): T {
  try {
    return read()
  } catch (failure) {
    if (failure instanceof MarketoSettingsError) {
      refuse(request, hubAccountOf(request), failure, "settings")
    }
    throw failure
  }
}

function refuse(
  { webhookId }: Hub.ActionRequest, account: HubAccount | undefined, failure: MarketoSettingsError,
  reason: ReasonCategory,
): void {
  const fields = failure.validationErrors.map(({ field }) => field)
  winston.warn("Marketo: the send was refused", {
    reason, webhookId, fields: fields.length === 0 ? undefined : fields.join(", "),
  })
  account?.conclude(refusalOf(reason, fields))
}
