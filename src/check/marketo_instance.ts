import { MarketoCaller } from "../actions/marketo/lib/api/caller"
import { MarketoClient } from "../actions/marketo/lib/api/client"
import { connectionFor } from "../actions/marketo/lib/api/connection"
import { instanceOrigin } from "../actions/marketo/lib/api/instance_url"
import { readConfiguration } from "../actions/marketo/lib/configuration/configuration"
import { MarketoError } from "../actions/marketo/lib/errors"
import { RunControl, StopReason } from "../actions/marketo/lib/stopping/run_control"

/** The variables that name an instance, for programs at a terminal. Runs get the same from Looker. */
export const INSTANCE_VARIABLES = ["MARKETO_URL", "MARKETO_CLIENT_ID", "MARKETO_CLIENT_SECRET"] as const

interface Environment {
  [name: string]: string | undefined
}

/** An instance that is asked something. */
export interface AskedInstance {
  origin: string
  client: MarketoClient
  /** Resolves with the user that the credentials stand for. */
  user: () => Promise<string>
}

/**
 * Returns the answer of `ask`, which asks the instance that the environment names. A run waits for hours, but a person
 * at a terminal does not: `longestWaitMs` ends all waiting.
 * Rejects with a MarketoError, with what to do, if variables are missing or wrong, or Marketo refuses; and with a
 * RunStoppedError that has the latest failure if Marketo did not answer in time.
 */
export async function askInstance<T>(
  environment: Environment, longestWaitMs: number, ask: (instance: AskedInstance) => Promise<T>,
): Promise<T> {
  const [url, clientId, clientSecret] = INSTANCE_VARIABLES.map((name) => (environment[name] ?? "").trim())
  const missing = INSTANCE_VARIABLES.filter((name) => (environment[name] ?? "").trim() === "")
  if (missing.length > 0) {
    throw new MarketoError("settings", `Set ${missing.join(", ")}, in the environment or in a .env file here: the ` +
      "REST endpoint of the instance, and the client id and secret of a custom service.")
  }
  const configuration = readConfiguration(environment)
  const origin = instanceOrigin(url, configuration.allowedHosts)
  const connection = connectionFor({ origin, clientId, clientSecret }, configuration)
  const run = new RunControl()
  let lastFailure = ""
  const client = new MarketoClient(new MarketoCaller(connection, run, {
    callSent: () => undefined, callFailed: (_operation, { reason }) => { lastFailure = ` ${reason}` },
  }))
  const timer = setTimeout(() => run.stop(noAnswer(origin, lastFailure)), longestWaitMs)
  try {
    // A call on the wire goes on, but is not waited for.
    return await run.orStop(ask({ origin, client, user: async () => (await connection.token.current(run)).scope }))
  } finally {
    clearTimeout(timer)
  }
}

function noAnswer(origin: string, lastFailure: string): StopReason {
  return { category: "marketo", message: `${origin} gave no answer.${lastFailure}`, readOn: false }
}
