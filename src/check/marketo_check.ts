import { exchange } from "../actions/marketo/lib/api/http"
import { MarketoError, RunStoppedError } from "../actions/marketo/lib/errors"
import { amount } from "../actions/marketo/lib/words/amounts"
import type { Finding } from "./finding"
import { askInstance, INSTANCE_VARIABLES } from "./marketo_instance"

/** All waiting for Marketo, and the trial of the connection, in ms. */
const LONGEST_WAIT_MS = 30_000
const CONNECT_TIMEOUT_MS = 10_000

/** Signs in to the instance that the environment names, and reads its usage and its lead fields. Changes nothing. */
export async function checkMarketo(
  environment: NodeJS.ProcessEnv, longestWaitMs = LONGEST_WAIT_MS,
): Promise<Finding[]> {
  if (INSTANCE_VARIABLES.every((name) => (environment[name] ?? "").trim() === "")) {
    const names = INSTANCE_VARIABLES.join(", ")
    return [finding("skip", `Not checked: set ${names} to see whether the hub reaches Marketo.`)]
  }
  try {
    const text = await askInstance(environment, longestWaitMs, async ({ origin, client, user }) => {
      await checkReachability(origin)
      const name = await user()
      const usage = await client.usageToday()
      const { fields } = await client.leads.describe()
      return `Signed in at ${new URL(origin).host} as ${name}, who may read ${amount(fields.length, "lead field")}. ` +
        `${amount(usage?.total ?? 0, "API call")} used today by all integrations.`
    })
    return [finding("ok", text)]
  } catch (failure) {
    if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
      return [finding("fail", inVariables(failure.message))]
    }
    throw failure
  }
}

/** Asking for a token goes on for longer than a person waits, so the way to the host is tried first. */
async function checkReachability(origin: string): Promise<void> {
  const reply = await exchange({ method: "GET", url: `${origin}/identity/oauth/token`, timeoutMs: CONNECT_TIMEOUT_MS })
  if (reply.kind === "notSent") {
    throw new MarketoError("unavailable", reply.explanation, {
      advice: reply.advice ?? "Check MARKETO_URL, and that this machine's network lets it reach Marketo.",
    })
  }
}

/** Replaces what an action calls its settings by the variables that stand for them here. */
function inVariables(message: string): string {
  return message.replace("The setting \"URL\" of the Marketo action", "MARKETO_URL")
    .replace("the URL in the action's settings", "MARKETO_URL")
    .replace("the Client ID and Client Secret of the action's settings", "MARKETO_CLIENT_ID and MARKETO_CLIENT_SECRET")
}

function finding(verdict: Finding["verdict"], text: string): Finding {
  return { verdict, subject: "Marketo", text }
}
