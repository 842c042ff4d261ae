import * as crypto from "crypto"
import * as requestPromise from "request-promise-native"

import { isLoopback } from "../actions/marketo/lib/configuration/allowed_hosts"
import { keyMadeWith } from "../server/api_key"
import type { HubIdentity } from "../server/server_settings"
import type { Finding } from "./finding"

/** An answer that is not there by then, in ms, does not come. */
const PATIENCE_MS = 10_000

interface Reply {
  status: number
  body: unknown
}

/**
 * Asks at the base URL, as Looker would, whether this hub is there: for its status and, with a new token, for its
 * actions. The token goes by https only, or within this machine.
 */
export async function checkBaseUrl({ baseUrl, label, secret }: HubIdentity): Promise<Finding[]> {
  const status = await ask("GET", `${baseUrl}/status`)
  if (typeof status === "string") {
    return [finding("fail", `Nobody answers at ${baseUrl}: ${status}. Start the hub, and check ACTION_HUB_BASE_URL, ` +
      "the name's address, the proxy in front of the hub, and that this machine may reach it.")]
  }
  if (!isStatusOfAHub(status)) {
    return [finding("fail", `What answers at ${baseUrl}/status is no action hub (HTTP ${status.status}): check ` +
      "ACTION_HUB_BASE_URL, and to where the proxy in front of the hub passes requests on.")]
  }
  const { ready, version } = status.body as { ready: boolean, version?: string }
  const url = new URL(baseUrl)
  if (url.protocol !== "https:" && !isLoopback(url.hostname)) {
    return [finding("warn", `An action hub answers at ${baseUrl}, but without TLS, so no token was sent to see ` +
      "whether it is this one: put a proxy with TLS in front of it.")]
  }
  const actions = await ask("POST", `${baseUrl}/`, keyMadeWith(secret, crypto.randomBytes(32).toString("hex")))
  if (typeof actions === "string" || actions.status !== 200) {
    return [finding("fail", `A hub answers at ${baseUrl}, but ${refusalOf(actions)}.`)]
  }
  const answers = `${label} answers at ${baseUrl} (version ${String(version)}) and accepts this secret's tokens`
  return [ready ? finding("ok", `${answers}.`) :
    finding("warn", `${answers}, but is not ready: ${baseUrl}/status says why, under coordination.`)]
}

function refusalOf(actions: string | Reply): string {
  if (typeof actions === "string") {
    return `did not list its actions: ${actions}. Ask again, and look at its log`
  }
  return actions.status === 403 ?
    "does not accept tokens made with ACTION_HUB_SECRET: it is another hub, it has another secret, or the proxy in " +
      "front of it leaves away the header Authorization" :
    `answered with HTTP ${actions.status} when it was asked for its actions. Look at its log`
}

function isStatusOfAHub({ body }: Reply): boolean {
  return typeof body === "object" && body !== null && "ready" in body && "version" in body
}

async function ask(method: string, url: string, key?: string): Promise<Reply | string> {
  try {
    // This client takes the proxy of the environment, as the actions do.
    const { statusCode, body } = await requestPromise({
      method, uri: url, timeout: PATIENCE_MS, followRedirect: false, simple: false, resolveWithFullResponse: true,
      ...(key === undefined ? {} : {
        body: "{\"type\":\"query\"}",
        headers: { "Authorization": `Token token="${key}"`, "Content-Type": "application/json" },
      }),
    }) as { statusCode: number, body: unknown }
    return { status: statusCode, body: parsed(body) }
  } catch (failure) {
    const { cause } = failure as { cause?: { code?: string, message?: string } }
    return cause?.code === undefined ? cause?.message ?? (failure as Error).message : wordsFor(cause.code)
  }
}

function wordsFor(code: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return "the connection is refused (ECONNREFUSED)"
    case "ENOTFOUND":
      return "the name has no address (ENOTFOUND)"
    case "ETIMEDOUT":
    case "ESOCKETTIMEDOUT":
      return `there is no answer within ${PATIENCE_MS / 1000} s (${code})`
    default:
      return /CERT|SELF_SIGNED|VERIFY/.test(code) ?
        `its certificate is not valid (${code}), which Looker does not accept either` : `it fails with ${code}`
  }
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(String(body)) as unknown
  } catch {
    return undefined
  }
}

function finding(verdict: Finding["verdict"], text: string): Finding {
  return { verdict, subject: "Base URL", text }
}
