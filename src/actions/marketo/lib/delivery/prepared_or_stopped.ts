import { MarketoError, RunStoppedError } from "../errors"
import { RunControl } from "../stopping/run_control"
import { listMissing, quotaSpent } from "../stopping/stop_reasons"

/**
 * Resolves to what `prepare` finds or makes for the leads to be added to. If that cannot be had, the run is stopped
 * before a lead is sent: throws RunStoppedError.
 */
export async function preparedOrStopped<T>(run: RunControl, prepare: () => Promise<T>): Promise<T> {
  try {
    return await prepare()
  } catch (failure) {
    if (!(failure instanceof MarketoError)) {
      throw failure
    }
    const reason = failure.kind === "quota" ? quotaSpent(failure) : listMissing(failure)
    run.stop(reason)
    throw new RunStoppedError(reason.message)
  }
}
