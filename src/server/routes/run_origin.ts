import type * as Hub from "../../hub"
import type { RunOrigin } from "../../runs/records/run_record"

/** The longest text of a description, in characters. */
const LONGEST_TEXT = 200

/** Line ends and their like, and the marks that turn the direction of writing. */
const CONTROL_CHARACTERS = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu

/** Looker's user attribute that an administrator binds a setting to, so that it names the sender. */
const SENDER_ATTRIBUTE = "email"

/** Returns what is known of a run when its request arrives. */
export function originOfRun(action: Hub.Action, request: Hub.ActionRequest): RunOrigin {
  const { scheduledPlan, instanceId, webhookId } = request
  const id = scheduledPlan?.scheduledPlanId
  return {
    action: action.name,
    instance: shown(instanceId),
    plan: scheduledPlan === undefined ? undefined : {
      id: id === undefined || id === null ? undefined : shown(String(id)), title: shown(scheduledPlan.title),
    },
    webhookId: shown(webhookId),
    sender: senderOf(action, request),
  }
}

function senderOf(action: Hub.Action, request: Hub.ActionRequest): string | undefined {
  const setting = action.params.find((param) => param.user_attribute_name === SENDER_ATTRIBUTE)
  return setting === undefined ? undefined : shown(request.params[setting.name])
}

/** Returns a text in one line, since whoever names a plan could otherwise write lines into the log and into alerts. */
function shown(text: string | null | undefined): string | undefined {
  const line = (text ?? "").replace(CONTROL_CHARACTERS, " ").trim().slice(0, LONGEST_TEXT)
    // Half of a character, if it was cut there.
    .replace(/[\uD800-\uDBFF]$/, "")
  return line === "" ? undefined : line
}
