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
  { url, secret }: AlertAddress, { id, contentType, text }: AlertBody, patienceMs = PATIENCE_MS,
): Promise<string | undefined> {
  const headers = { "Content-Type": contentType, ...signatureHeaders(id, text, secret) }
  const status = await ask("POST", url, patienceMs, text, headers)
  return typeof status === "string" ? status :
    status >= 200 && status < 300 ? undefined : `the receiver answered with status ${status}`
}

/** Asks the receiver for nothing. Resolves with the status of its answer, or with why there is none. */
export async function reachReceiver({ url }: AlertAddress): Promise<number | string> {
  return ask("HEAD", url, PATIENCE_MS)
}

/**
 * Nothing but the status of the answer counts, so the connection ends there: a receiver may send as much as it likes,
 * for as long as it likes.
 */
async function ask(
  method: string, url: string, patienceMs: number, body?: string, headers?: { [header: string]: string },
): Promise<number | string> {
  // This client takes the proxy of the environment, as the actions do.
  const request = requestPromise({
    method, uri: url, body, followRedirect: false, simple: false, resolveWithFullResponse: true, headers,
  })
  let timer: NodeJS.Timeout | undefined
  const status = new Promise<number | string>((resolve) => {
    void request.on("response", ({ statusCode }: { statusCode: number }) => resolve(statusCode))
    timer = setTimeout(() => resolve("the receiver does not answer"), patienceMs).unref()
  })
  try {
    return await Promise.race([status, request.then(({ statusCode }: { statusCode: number }) => statusCode)])
  } catch (failure) {
    const { cause } = failure as { cause?: { code?: string } }
    return `the receiver cannot be reached (${cause?.code ?? (failure as Error).name})`
  } finally {
    clearTimeout(timer)
    request.abort()
  }
}
