import * as winston from "winston"
import * as Hub from "../../../hub"
import { MarketoConnection } from "./marketo_connection"
import { RunControl } from "./run_control"
import { RunReport } from "./run_report"
import { endedByHub, outOfTime } from "./stop_reasons"

/** The part of AbortSignal that is needed; a hub that can stop runs puts one on the request. */
interface StopSignal {
  readonly aborted: boolean
  addEventListener(type: "abort", listener: () => void): void
  removeEventListener(type: "abort", listener: () => void): void
}

/**
 * Watches over the time of a run: passes on the hub's wish to stop, ends the run before a hub without such a signal
 * cuts it off, and logs how far it is. Gives back how to end the watch.
 */
export function watchRun(
  request: Hub.ActionRequest, run: RunControl, report: RunReport, connection: MarketoConnection,
  logContext: { [name: string]: unknown },
): () => void {
  const { pace, quota } = connection
  const progress = setInterval(() => {
    const { rows } = report
    winston.info("Marketo: run in progress", {
      ...logContext, rowsRead: rows.received, created: rows.created, updated: rows.updated, skipped: rows.skipped,
      failed: rows.failed, calls: report.calls, throttledCalls: report.throttledCalls,
      callsWaitingForQuota: quota.waiting,
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

  return () => {
    clearInterval(progress)
    if (limit !== undefined) {
      clearTimeout(limit)
    }
    signal?.removeEventListener("abort", stop)
  }
}
