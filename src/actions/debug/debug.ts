import { setTimeout as sleep } from "timers/promises"
import * as winston from "winston"
import * as Hub from "../../hub"

const DEFAULT_SLEEP_MS = 1000

/** Does nothing but take its time, so that a hub's patience can be tried out. */
export class DebugAction extends Hub.Action {

  name = "debug"
  label = "Debug"
  description = "Waits for a while, then reports success. For trying out a hub."
  supportedActionTypes = [Hub.ActionType.Cell, Hub.ActionType.Query, Hub.ActionType.Dashboard]
  params = []

  async execute(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const sleepText = request.formParams.sleep?.trim()
    const sleepMs = sleepText ? Number(sleepText) : DEFAULT_SLEEP_MS
    if (!(sleepMs >= 0)) {
      return new Hub.ActionResponse({
        success: false,
        message: `The sleep must be a number of milliseconds, not "${sleepText}".`,
        validationErrors: [{ field: "sleep", message: "must be a number of milliseconds" }],
      })
    }
    winston.info(`The debug action sleeps ${sleepMs} ms.`, { webhookId: request.webhookId })
    try {
      await sleep(sleepMs, undefined, { signal: request.stopSignal })
    } catch {
      return new Hub.ActionResponse({ success: false, message: "The debug action was stopped in its sleep." })
    }
    return new Hub.ActionResponse({
      message: `Completed debug action successfully by doing sleep ${sleepMs} ms....`,
    })
  }

  async form(): Promise<Hub.ActionForm> {
    const form = new Hub.ActionForm()
    form.fields = [{
      label: "Sleep",
      name: "sleep",
      description: `Milliseconds to wait before answering; ${DEFAULT_SLEEP_MS} when left empty.`,
      required: false,
      type: "string",
    }, {
      label: "Simulated Download URL (ignored)",
      name: "simulated_download_url",
      required: false,
      type: "string",
    }]
    return form
  }

}

/** Adds the debug action to the hub when `ACTION_HUB_DEBUG_ENDPOINT` is set, to whatever value. */
export function registerDebugAction() {
  if (process.env.ACTION_HUB_DEBUG_ENDPOINT) {
    Hub.addAction(new DebugAction())
  }
}
