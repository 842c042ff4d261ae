import { readConfiguration } from "../../src/actions/marketo/lib/configuration/configuration"
import { MarketoError } from "../../src/actions/marketo/lib/errors"
import { instanceOrigin } from "../../src/actions/marketo/lib/api/instance_url"
import { MarketoCaller } from "../../src/actions/marketo/lib/api/caller"
import { MarketoClient } from "../../src/actions/marketo/lib/api/client"
import { connectionFor } from "../../src/actions/marketo/lib/api/connection"
import { RunControl, StopReason } from "../../src/actions/marketo/lib/stopping/run_control"
import { InstanceFields } from "./tag_check"

interface Environment {
  [name: string]: string | undefined
}

const VARIABLES = ["MARKETO_URL", "MARKETO_CLIENT_ID", "MARKETO_CLIENT_SECRET"]

/** A run waits for hours, but a person at a terminal does not. */
const LONGEST_WAIT_MS = 30000

/**
 * Reads the lead fields of the instance that the environment names. Without their SOAP names, and with a warning,
 * when these cannot be read. Throws MarketoError, with what to do, when the variables are not set or Marketo cannot be
 * asked, and RunStoppedError when it did not answer in time.
 */
export async function readInstanceFields(
  environment: Environment, warn: (text: string) => void, longestWaitMs = LONGEST_WAIT_MS,
): Promise<InstanceFields> {
  const missing = VARIABLES.filter((name) => (environment[name] ?? "").trim() === "")
  if (missing.length > 0) {
    throw new MarketoError("settings", `Set ${missing.join(", ")}, in the environment or in a .env file here: the ` +
      "REST endpoint of the instance, and the client id and secret of a custom service.")
  }
  const [url, clientId, clientSecret] = VARIABLES.map((name) => (environment[name] ?? "").trim())
  const configuration = readConfiguration(environment)
  const origin = instanceOrigin(url, configuration.allowedHosts)
  const connection = connectionFor({ origin, clientId, clientSecret }, configuration)
  const run = new RunControl()
  const client = new MarketoClient(new MarketoCaller(connection, run, {
    callSent: () => undefined, callFailed: () => undefined,
  }))
  const noAnswer: StopReason = { category: "marketo", message: `${origin} gave no answer.`, readOn: false }
  const timer = setTimeout(() => run.stop(noAnswer), longestWaitMs)
  try {
    return { schema: await client.leads.describe(), soapNames: await soapNamesOf(client, warn) }
  } finally {
    clearTimeout(timer)
  }
}

async function soapNamesOf(client: MarketoClient, warn: (text: string) => void): Promise<Map<string, string>> {
  try {
    return await client.leads.soapNames()
  } catch (failure) {
    if (failure instanceof MarketoError) {
      warn(`SOAP names are left aside, since they could not be read: ${failure.message}\n`)
      return new Map<string, string>()
    }
    throw failure
  }
}
