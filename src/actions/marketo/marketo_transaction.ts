import * as Hub from "../../hub"
import { MarketoCaller } from "./lib/api/caller"
import { MarketoClient } from "./lib/api/client"
import { connectionFor, MarketoConnection } from "./lib/api/connection"
import { BlastRadius } from "./lib/blast_radius/blast_radius"
import { choiceFor, deliveryFor } from "./lib/bulk/delivery_for"
import { readQueryDetails } from "./lib/columns/query_details"
import { MarketoConfiguration, readConfiguration } from "./lib/configuration/configuration"
import { MARKETO_PACE } from "./lib/configuration/limits"
import { clearingLimitOf, withSeatBelt } from "./lib/delivery/seat_belt_for"
import { estimateSentence } from "./lib/dry_run_estimate"
import { LargeSendCheck } from "./lib/large_send"
import { readMirrors } from "./lib/membership/list_mirror"
import { CallMetrics } from "./lib/metrics/call_metrics"
import { hubMetricsOf, hubTraceOf } from "./lib/metrics/hub_metrics"
import { RunMetrics } from "./lib/metrics/run_metrics"
import { coordinationOf } from "./lib/quota/coordination"
import { hubAccountOf } from "./lib/report/hub_account"
import { RunReport } from "./lib/report/run_report"
import { severalMatchesNote } from "./lib/report/several_matches_note"
import { readOrRefuse, RunEnding } from "./lib/run_ending"
import { QUERY_RUN, RunKind } from "./lib/run_kind"
import { ParkedCalls, watchRun } from "./lib/run_watch"
import { checkInstance, memberSchemaOf } from "./lib/settings/instance_checks"
import { checkChanges } from "./lib/settings/restrictions"
import { readRunSettings, RunSettings } from "./lib/settings/run_settings"
import { RunControl } from "./lib/stopping/run_control"
import { runIsOver } from "./lib/stopping/stop_reasons"

/** What one run works with from its beginning to its end. */
interface RunParts {
  connection: MarketoConnection
  client: MarketoClient
  run: RunControl
  report: RunReport
  logContext: { [name: string]: unknown }
}

/** One run: reads the query result, delivers the leads, and answers with the account of every row. */
export class MarketoTransaction {
  constructor(
    private readonly configuration: MarketoConfiguration = readConfiguration(),
    private readonly kind: RunKind = QUERY_RUN,
  ) {}

  /**
   * Runs a request to its end. The answer is a success only if every row arrived and was applied.
   * Throws MarketoSettingsError if the settings, the form's values or the query's columns cannot work.
   */
  async handleRequest(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const asked = readOrRefuse(request, () => readRunSettings(request, this.configuration))
    const connection = connectionFor(asked.credentials, this.configuration, "runs", coordinationOf(request))
    const run = new RunControl()
    const account = hubAccountOf(request)
    const report = new RunReport([], asked.isDryRun, account?.rowReport)
    const logContext = { webhookId: request.webhookId }
    const parked = new ParkedCalls()
    const ending = new RunEnding(request, report, run, this.configuration, account, this.kind)
    const metrics = hubMetricsOf(request)
    const runMetrics = new RunMetrics(report, metrics)
    const client = new MarketoClient(new MarketoCaller(connection, run, {
      callSent: () => { report.calls++ },
      callFailed: (_operation, error) => { report.throttledCalls += error.kind === "throttled" ? 1 : 0 },
      callQueued: (isQueued) => report.quotaWait.note(isQueued),
      callParked: (isParked, error) => {
        parked.note(isParked, error)
        report.retryWait.note(isParked)
      },
    }, logContext).watchedBy(new CallMetrics(connection, metrics, hubTraceOf(request))))

    const endWatch = watchRun({
      request, run, report, connection, parked, logContext, account, runMetrics, kind: this.kind,
    })
    try {
      await this.send(request, asked, { connection, client, run, report, logContext })
      return ending.answer()
    } catch (failure) {
      return ending.answerTo(failure)
    } finally {
      endWatch()
      runMetrics.tell()
      // Ends what nobody waits for any longer, such as a look-up that came too late.
      run.stop(runIsOver())
    }
  }

  /** Checks what can be checked, reads and delivers the rows, and enters all that becomes of them into the report. */
  private async send(request: Hub.ActionRequest, asked: RunSettings, parts: RunParts): Promise<void> {
    const { connection, client, run, report, logContext } = parts
    const { schema, changes, notes } = await checkInstance(client, asked)
    checkChanges(asked.restrictions, changes, true)
    // From here on lists are known by their ids alone.
    const settings: RunSettings = { ...asked, changes }
    report.expect(changes)
    report.notes.push(...notes)

    const largeSend = new LargeSendCheck(client, connection, settings, report, logContext, hubMetricsOf(request))
    const { rowLimit } = readQueryDetails(request)
    await largeSend.beforeStart(rowLimit)
    const mirrors = await readMirrors(client, changes, report)

    const blastRadius = settings.isDryRun && settings.writesLeads ? new BlastRadius({
      lookupField: settings.lookupField, schema, keepsSamples: report.rowLog.isKept,
    }) : undefined
    const sending = {
      settings, connection, batchSizes: this.configuration.batchSizes, rowLimit,
      runLimitMs: this.configuration.runLimitMs ?? MARKETO_PACE.runLimitMs,
      callsLeft: async () => largeSend.callsLeft(),
    }
    const delivery = deliveryFor({ ...sending, client, run, report, blastRadius })
    const guarded = withSeatBelt(delivery, { client, run, report, settings, blastRadius })
    const memberSchema = changes.some(({ kind }) => kind === "addToProgram") ?
      async () => memberSchemaOf(client, report.notes) : undefined
    await this.kind.read(request, {
      settings, schema, leads: client.leads, memberSchema, run, report, delivery: guarded, largeSend,
    })
    // What was read before a failure of the download is delivered all the same.
    await guarded.finish(connection.pace.stopGraceMs)

    for (const mirror of mirrors) {
      await mirror.removeOthers(delivery.leadIdsFor(mirror.change))
    }
    const aboutMatches = severalMatchesNote(report, settings)
    if (aboutMatches !== undefined) {
      report.notes.push(aboutMatches)
    }
    if (settings.isDryRun) {
      const limit = clearingLimitOf(settings)
      report.notes.push(...blastRadius?.sentences(limit) ?? [])
      report.notes.push(await estimateSentence(report, settings, connection, {
        isStopped: blastRadius?.wouldBeStopped(limit) === true, emptyCell: blastRadius?.emptyCell,
        choice: choiceFor(sending),
      }))
    }
  }
}
