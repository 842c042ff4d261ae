import * as winston from "winston"
import { HTTP_ERROR, HttpErrorInfo } from "../../error_types/http_errors"
import * as Hub from "../../hub"
import { MarketoCaller } from "./lib/api/caller"
import { MarketoClient } from "./lib/api/client"
import { connectionFor } from "./lib/api/connection"
import { readQueryDetails } from "./lib/columns/query_details"
import { MarketoConfiguration, readConfiguration } from "./lib/configuration/configuration"
import { leadDeliveryFor } from "./lib/delivery/lead_delivery_for"
import { LeadReader } from "./lib/delivery/lead_reader"
import { estimateSentence } from "./lib/dry_run_estimate"
import { MarketoError, MarketoErrorKind, MarketoSettingsError, RunStoppedError, sentence } from "./lib/errors"
import { LargeSendCheck } from "./lib/large_send"
import { ListMirror } from "./lib/membership/list_mirror"
import { coordinationOf } from "./lib/quota/coordination"
import { reportFigures, reportMessage } from "./lib/report/report_message"
import { RunReport } from "./lib/report/run_report"
import { ParkedCalls, watchRun } from "./lib/run_watch"
import { checkInstance } from "./lib/settings/instance_checks"
import { MembershipChange } from "./lib/settings/membership_change"
import { readRunSettings, RunSettings } from "./lib/settings/run_settings"
import { RunControl } from "./lib/stopping/run_control"
import { quotaSpent, runIsOver } from "./lib/stopping/stop_reasons"

/** One run: reads the query result, delivers the leads, and answers with the account of every row. */
export class MarketoTransaction {
  constructor(private readonly configuration: MarketoConfiguration = readConfiguration()) {}

  /**
   * Runs a request to its end. The answer is a success only if every row arrived and was applied.
   * Throws MarketoSettingsError when the settings, the form's values or the query's columns cannot work.
   */
  async handleRequest(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const asked = readRunSettings(request, this.configuration)
    const connection = connectionFor(asked.credentials, this.configuration, "runs", coordinationOf(request))
    const run = new RunControl()
    const report = new RunReport([], asked.isDryRun)
    const logContext = { webhookId: request.webhookId }
    const parked = new ParkedCalls()
    const client = new MarketoClient(new MarketoCaller(connection, run, {
      callSent: () => { report.calls++ },
      callFailed: (_operation, error) => { report.throttledCalls += error.kind === "throttled" ? 1 : 0 },
      callParked: (isParked, error) => parked.note(isParked, error),
    }, logContext))

    const endWatch = watchRun(request, run, report, connection, parked, logContext)
    try {
      const { schema, changes, notes } = await checkInstance(client, asked)
      // From here on lists are known by their ids alone.
      const settings: RunSettings = { ...asked, changes }
      report.expect(changes)
      report.notes.push(...notes)
      const largeSend = new LargeSendCheck(client, connection, settings, report, logContext)
      await largeSend.beforeStart(readQueryDetails(request).rowLimit)
      const mirrors = await this.mirrors(client, settings, report)
      const delivery = leadDeliveryFor({
        client, settings, run, report, batchSizes: this.configuration.batchSizes,
        concurrentCalls: connection.quota.concurrentCalls,
        reservations: connection.reservations(settings.lookupField),
      })
      await new LeadReader({ settings, schema, leads: client.leads, run, report, delivery, largeSend }).read(request)
      // What was read before a failure of the download is delivered all the same.
      await delivery.finish(connection.pace.stopGraceMs)
      for (const { change, mirror } of mirrors) {
        await mirror.removeOthers(delivery.leadIdsFor(change))
      }
      if (settings.isDryRun) {
        report.notes.push(estimateSentence(report, settings, connection))
      }
      return this.answer(request, report, reportMessage(report))
    } catch (failure) {
      if (failure instanceof MarketoError && !(failure instanceof MarketoSettingsError) ||
        failure instanceof RunStoppedError) {
        // While nothing has been sent, the reason alone tells more than an account of nothing.
        const isQuota = failure instanceof MarketoError && failure.kind === "quota"
        const message = isQuota ? quotaSpent(failure).message : messageOf(failure, report)
        report.runErrors.push(message)
        const kind = failure instanceof MarketoError ? failure.kind : "unavailable"
        return this.answer(request, report, report.rows.received > 0 ? reportMessage(report) : message, kind)
      }
      throw failure
    } finally {
      endWatch()
      // Ends what nobody waits for any longer, such as a look-up that came too late.
      run.stop(runIsOver())
    }
  }

  /** For each list that is to be mirrored, what knows the members it has before the run. */
  private async mirrors(client: MarketoClient, settings: RunSettings, report: RunReport) {
    const mirrors: { change: MembershipChange, mirror: ListMirror }[] = []
    for (const change of settings.changes) {
      if (change.kind === "mirrorList") {
        const mirror = new ListMirror(client, change, report)
        await mirror.readMembers()
        mirrors.push({ change, mirror })
      }
    }
    return mirrors
  }

  private answer(
    request: Hub.ActionRequest, report: RunReport, message: string, failure?: MarketoErrorKind,
  ): Hub.ActionResponse {
    const success = report.isSuccess
    winston.info(`Marketo: run ${success ? "succeeded" : "ended with failures"}`, {
      webhookId: request.webhookId, ...reportFigures(report),
    })
    const kind = failure === undefined ? HTTP_ERROR.bad_request : httpErrorOf(failure)
    const response = new Hub.ActionResponse({ success, message })
    if (!success) {
      response.error = {
        ...Hub.errorWith(kind, report.rows.received > 0 ? "Not everything was applied; see the message." :
          report.runErrors.join(" ")),
        documentation_url: "https://experienceleague.adobe.com/docs/marketo-developer/marketo/rest/error-codes.html",
      }
      response.webhookId = request.webhookId
    }
    return response
  }
}

/** The failure's own words, and what to do when nothing but time helps and no row was read. */
function messageOf(failure: MarketoError | RunStoppedError, report: RunReport): string {
  const isPassing = failure instanceof MarketoError && ["unavailable", "throttled"].includes(failure.kind)
  if (!isPassing || report.rows.received > 0) {
    return failure.message
  }
  const { said, code } = failure
  // Marketo's bare words say neither whose they are nor what they are about; our advice is for rows that were sent.
  const reason = said === undefined || code === undefined ? failure.message :
    `Marketo did not answer what has to be known before the first row, several times in a row: ` +
      `${said.replace(/[.\s]+$/, "")} (code ${code})`
  return `${sentence(reason)} No row was sent. Try again later.`
}

/** The hub's kind of error for what kept the run from its end. */
function httpErrorOf(kind: MarketoErrorKind): HttpErrorInfo {
  switch (kind) {
    case "auth":
      return HTTP_ERROR.unauthenticated
    case "quota":
    case "throttled":
      return HTTP_ERROR.resource_exhausted
    case "unavailable":
      return HTTP_ERROR.unavailable
    case "settings":
      return HTTP_ERROR.invalid_argument
    default:
      return HTTP_ERROR.bad_request
  }
}
