import * as requestPromise from "request-promise-native"
import type { AlertBody } from "./alert_body"
import { signatureHeaders } from "./signature"

/** An answer that is not there by then, in ms, does not come. */
const PATIENCE_MS = 10_000

/** Who takes alerts. */
export interface AlertAddress {
  url: string
  secret?: string
}

/** Posts an alert. Resolves with undefined once the receiver has taken it, and else with why not; not its address. */
export async function postAlert(
  { url, secret }: AlertAddress, { id, contentType, text }: AlertBody,
): Promise<string | undefined> {
  const status = await ask("POST", url, text, { "Content-Type": contentType, ...signatureHeaders(id, text, secret) })
  return typeof status === "string" ? status :
    status >= 200 && status < 300 ? undefined : `the receiver answered with status ${status}`
}

/** Asks the receiver for nothing. Resolves with the status of its answer, or with why there is none. */
export async function reachReceiver({ url }: AlertAddress): Promise<number | string> {
  return ask("HEAD", url)
}

async function ask(
  method: string, url: string, body?: string, headers?: { [header: string]: string },
): Promise<number | string> {
  try {
    // This client takes the proxy of the environment, as the actions do.
    const { statusCode } = await requestPromise({
      method, uri: url, body, timeout: PATIENCE_MS, followRedirect: false, simple: false,
      resolveWithFullResponse: true, headers,
    }) as { statusCode: number }
    return statusCode
  } catch (failure) {
    const { cause } = failure as { cause?: { code?: string } }
    return `the receiver cannot be reached (${cause?.code ?? (failure as Error).name})`
  }
}
