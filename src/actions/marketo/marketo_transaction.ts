import * as winston from "winston"
import { HTTP_ERROR } from "../../error_types/http_errors"
import * as Hub from "../../hub"
import { MarketoConfiguration, readConfiguration } from "./lib/configuration"
import { MarketoError, MarketoSettingsError, RunStoppedError } from "./lib/errors"
import { checkInstance } from "./lib/instance_checks"
import { LargeSendCheck, rowLimit } from "./lib/large_send"
import { LeadDelivery } from "./lib/lead_delivery"
import { LeadReader } from "./lib/lead_reader"
import { MarketoCaller } from "./lib/marketo_caller"
import { MarketoClient } from "./lib/marketo_client"
import { connectionFor } from "./lib/marketo_connection"
import { reportFigures, reportMessage } from "./lib/report_message"
import { RunControl } from "./lib/run_control"
import { RunReport } from "./lib/run_report"
import { readRunSettings } from "./lib/run_settings"
import { watchRun } from "./lib/run_watch"
import { quotaSpent } from "./lib/stop_reasons"

/** One run: reads the query result, delivers the leads, and answers with the account of every row. */
export class MarketoTransaction {
  constructor(private readonly configuration: MarketoConfiguration = readConfiguration()) {}

  /**
   * Runs a request to its end. The answer is a success only if every row arrived and was applied.
   * Throws MarketoSettingsError when the settings, the form's values or the query's columns cannot work.
   */
  async handleRequest(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const settings = readRunSettings(request, this.configuration)
    const connection = connectionFor(settings.credentials, this.configuration)
    const run = new RunControl()
    const report = new RunReport(settings.changes)
    const logContext = { webhookId: request.webhookId }
    const client = new MarketoClient(new MarketoCaller(connection, run, {
      callSent: () => { report.calls++ },
      callFailed: (_operation, error) => { report.throttledCalls += error.kind === "throttled" ? 1 : 0 },
    }, logContext))

    const endWatch = watchRun(request, run, report, connection, logContext)
    try {
      const { notes } = await checkInstance(client, connection, settings)
      report.notes.push(...notes)
      const largeSend = new LargeSendCheck(client, connection, settings, report, logContext)
      await largeSend.beforeStart(rowLimit(request))
      const delivery = new LeadDelivery(
        client, settings, run, report, this.configuration.batchSizes, connection.quota.concurrentCalls)
      await new LeadReader(settings.lookupField, run, report, delivery, largeSend).read(request)
      // What was read before a failure of the download is delivered all the same.
      await delivery.finish(connection.pace.stopGraceMs)
      return this.answer(request, report, reportMessage(report))
    } catch (failure) {
      if (failure instanceof MarketoError && !(failure instanceof MarketoSettingsError) ||
        failure instanceof RunStoppedError) {
        // Nothing was sent yet: the reason alone tells more than an account of nothing.
        const isQuota = failure instanceof MarketoError && failure.kind === "quota"
        const message = isQuota ? quotaSpent(failure).message : failure.message
        report.runErrors.push(message)
        return this.answer(request, report, message)
      }
      throw failure
    } finally {
      endWatch()
    }
  }

  private answer(request: Hub.ActionRequest, report: RunReport, message: string): Hub.ActionResponse {
    const success = report.isSuccess
    winston.info(`Marketo: run ${success ? "succeeded" : "ended with failures"}`, {
      webhookId: request.webhookId, ...reportFigures(report),
    })
    const response = new Hub.ActionResponse({ success, message })
    if (!success) {
      response.error = {
        ...Hub.errorWith(HTTP_ERROR.bad_request, "Some rows were not applied; see the message of the action."),
        documentation_url: "https://experienceleague.adobe.com/docs/marketo-developer/marketo/rest/error-codes.html",
      }
      response.webhookId = request.webhookId
    }
    return response
  }
}
