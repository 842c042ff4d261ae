import * as winston from "winston"
import * as Hub from "../../../hub"
import { MarketoConnection } from "./api/connection"
import { readQueryDetails } from "./columns/query_details"
import { MarketoError } from "./errors"
import { RunMetrics } from "./metrics/run_metrics"
import { HubAccount } from "./report/hub_account"
import { progressOf } from "./report/run_conclusion"
import { RunReport } from "./report/run_report"
import { RunKind } from "./run_kind"
import { RunWait } from "./run_wait"
import { RunControl } from "./stopping/run_control"
import { endedByHub, outOfTime, waitedTooLong } from "./stopping/stop_reasons"
import { amount } from "./words/amounts"

/** The part of AbortSignal that is needed; a hub that can stop runs puts one on the request. */
interface StopSignal {
  readonly aborted: boolean
  addEventListener(type: "abort", listener: () => void): void
  removeEventListener(type: "abort", listener: () => void): void
}

/** The calls of a run that wait for their repetition, by what they wait for. */
export class ParkedCalls {
  /** Refused for lack of room in the instance (606, 615). */
  forRoom = 0
  /** Marketo was in maintenance, or gave no usable answer. */
  forMarketo = 0
  /** Could not be sent, since Marketo was out of reach. */
  forNetwork = 0
  private obstacle = ""

  /** The reason why calls could not be sent, in words; empty if none waits for that. */
  get networkObstacle(): string {
    return this.forNetwork > 0 ? this.obstacle : ""
  }

  /** What calls wait for, in words that go on from "waits for"; undefined if none waits. */
  get obstacleInWords(): string | undefined {
    return this.forNetwork > 0 ? "Marketo to be within reach" : this.forMarketo > 0 ? "Marketo to recover" :
      this.forRoom > 0 ? "room in Marketo, which others use, too" : undefined
  }

  note(isParked: boolean, error: MarketoError): void {
    const change = isParked ? 1 : -1
    if (error.unsent !== undefined) {
      this.forNetwork += change
      this.obstacle = error.message
    } else if (error.kind === "throttled") {
      this.forRoom += change
    } else {
      this.forMarketo += change
    }
  }
}

/** How often the hub is told how far a run is, in ms. */
const TOLD_EVERY_MS = 1000

/** What a watch looks at. */
export interface WatchedRun {
  request: Hub.ActionRequest
  run: RunControl
  report: RunReport
  connection: MarketoConnection
  parked: ParkedCalls
  logContext: { [name: string]: unknown }
  kind: Pick<RunKind, "isWaitedFor">
  /** Absent on a hub that takes no account of runs. */
  account?: HubAccount
  /** Absent where nothing is measured. */
  runMetrics?: RunMetrics
}

/**
 * Watches over the time of a run: passes on the hub's wish to stop, ends the run before a hub without such a signal
 * cuts it off, and tells the hub and the log how far it is. Returns how to end the watch.
 */
export function watchRun(
  { request, run, report, connection, parked, logContext, account, runMetrics, kind }: WatchedRun,
): () => void {
  const { pace, quota } = connection
  const { rowLimit } = readQueryDetails(request)
  const callLimit = {
    name: connection.limitName, callsPerWindow: quota.callsPerWindow, windowMs: pace.rateWindowMs,
  }
  const wait = new RunWait(run, connection, report)
  let isOver = false
  const tell = async (): Promise<void> => {
    const reason = await wait.reason()
    if (!isOver) {
      const waitingFor = parked.obstacleInWords ?? reason ?? waitForFiles(report)
      account?.progress({ ...progressOf(report, rowLimit, waitingFor), callLimit })
    }
  }
  const told = setInterval(() => {
    runMetrics?.tell()
    void tell()
  }, TOLD_EVERY_MS)
  const progress = setInterval(() => {
    const { rows } = report
    winston.info("Marketo: run in progress", {
      ...logContext, rowsRead: rows.received, rowsAnswered: report.rowsAnswered,
      created: rows.created, updated: rows.updated, createdOrUpdated: rows.createdOrUpdated ?? 0,
      found: rows.found ?? 0,
      skipped: rows.skipped, failed: rows.failed,
      calls: report.calls, throttledCalls: report.throttledCalls,
      callsWaitingForQuota: quota.waitingOf(run), callsWaitingForRoomInMarketo: parked.forRoom,
      callsWaitingForMarketoToRecover: parked.forMarketo, callsWaitingForNetwork: parked.forNetwork,
      ...(parked.networkObstacle === "" ? {} : { waitingForNetworkBecause: parked.networkObstacle }),
    })
  }, pace.progressMs)

  const stop = () => run.stop(endedByHub())
  const signal = (request as { stopSignal?: StopSignal }).stopSignal
  let limit: NodeJS.Timeout | undefined
  if (signal === undefined) {
    limit = setTimeout(() => run.stop(outOfTime(pace)), pace.runLimitMs)
  } else if (signal.aborted) {
    stop()
  } else {
    signal.addEventListener("abort", stop)
  }
  const patience = !kind.isWaitedFor ? undefined : setTimeout(() => {
    run.stop(waitedTooLong(parked.obstacleInWords ?? wait.forQuota, pace))
  }, pace.dialogMs)

  return () => {
    isOver = true
    clearInterval(progress)
    clearInterval(told)
    if (limit !== undefined) {
      clearTimeout(limit)
    }
    if (patience !== undefined) {
      clearTimeout(patience)
    }
    signal?.removeEventListener("abort", stop)
  }
}

function waitForFiles({ files: { underWay } }: RunReport): string | undefined {
  return underWay > 0 ? `Marketo to import ${amount(underWay, "file")}` : undefined
}
