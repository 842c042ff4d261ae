import * as net from "net"

import { LONGEST_TIMER_MS } from "../hub/durations"
import type { SettingsReader } from "../hub/settings"
import { TrustedProxies, trustedProxies } from "./trusted_proxies"

/** The hub's identity towards Looker. */
export interface HubIdentity {
  /** The address at which Looker reaches the hub: http or https, without a slash at the end. */
  baseUrl: string
  label: string
  /** The key that API keys are made with. */
  secret: string
  /** An older one: API keys that were made with it are accepted, too. */
  previousSecret?: string
}

/** The settings for listening, waiting and stopping. */
export interface ServerSettings {
  port: number
  /** The address to listen on; every address of the machine if absent. */
  host?: string
  /** The proxies whose word on the client's address counts; nobody's if absent. */
  trustProxy?: TrustedProxies
  /** The longest silence of a connection, in ms; 0 for no limit. */
  socketTimeoutMs: number
  /** The time between two newlines that keep a waiting connection open, in ms. */
  keepAliveIntervalMs: number
  bodyLimitMb: number
  /** The largest size of all request bodies that are in the hub at once. */
  bodiesLimitMb: number
  /** The time for which a hub that was told to stop goes on, not ready but otherwise as before, in ms. */
  shutdownDelayMs?: number
  /** The time for which runs may go on after that, in ms. */
  shutdownGraceMs: number
}

/** The port if `PORT` is not set. */
export const DEFAULT_PORT = 8080

/** The longest time that a timer can wait, in seconds. */
const LONGEST_TIMER_SECONDS = Math.floor(LONGEST_TIMER_MS / 1000)

/** Reads the variables that every hub must set. Missing and malformed ones are noted in the reader. */
export function hubIdentity(reader: SettingsReader): HubIdentity {
  const baseUrl = reader.requiredText("ACTION_HUB_BASE_URL",
    "set the URL under which Looker reaches this hub, such as https://actions.example.com")
  const problem = baseUrl === "" ? undefined : baseUrlProblem(baseUrl)
  if (problem !== undefined) {
    reader.problems.push(`ACTION_HUB_BASE_URL ${problem}: set a URL such as https://actions.example.com`)
  }
  const previousSecret = reader.text("ACTION_HUB_SECRET_PREVIOUS")
  return {
    baseUrl: withoutTrailingSlash(baseUrl),
    label: reader.requiredText("ACTION_HUB_LABEL", "set the name that Looker shows for this hub, such as My Actions"),
    secret: reader.requiredText("ACTION_HUB_SECRET",
      "set a long random text, such as the output of: openssl rand -hex 32"),
    ...(previousSecret === undefined ? {} : { previousSecret }),
  }
}

/** Reads the settings for listening, waiting and stopping. */
export function serverSettings(reader: SettingsReader): ServerSettings {
  const host = listeningHost(reader)
  const bodyLimitMb = reader.wholeNumber("ACTION_HUB_BODY_LIMIT_MB", { default: 250, minimum: 1, maximum: 500 })
  return {
    port: reader.wholeNumber("PORT", { default: DEFAULT_PORT, minimum: 0, maximum: 65_535 }),
    ...(host === undefined ? {} : { host }),
    trustProxy: trustedProxies(reader),
    socketTimeoutMs: reader.wholeNumber("ACTION_HUB_SOCKET_TIMEOUT",
      { default: 0, minimum: 0, maximum: LONGEST_TIMER_SECONDS * 1000 }),
    keepAliveIntervalMs: 1000 * reader.wholeNumber("ACTION_HUB_JSON_KEEPALIVE_SEC",
      { default: 30, minimum: 1, maximum: LONGEST_TIMER_SECONDS }),
    bodyLimitMb,
    bodiesLimitMb: reader.wholeNumber("ACTION_HUB_BODIES_LIMIT_MB", { default: 500, minimum: bodyLimitMb }),
    shutdownDelayMs: 1000 * reader.wholeNumber("ACTION_HUB_SHUTDOWN_DELAY_SECONDS",
      { default: 0, minimum: 0, maximum: LONGEST_TIMER_SECONDS }),
    shutdownGraceMs: 1000 * reader.wholeNumber("ACTION_HUB_SHUTDOWN_GRACE_SECONDS",
      { default: 20, minimum: 0, maximum: LONGEST_TIMER_SECONDS }),
  }
}

function listeningHost(reader: SettingsReader): string | undefined {
  const host = reader.text("ACTION_HUB_HOST")
  if (host !== undefined && net.isIP(host) === 0 && !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(host)) {
    reader.problems.push(`ACTION_HUB_HOST is "${host}": set an address of this machine alone, such as 127.0.0.1, ` +
      "without http:// and port; the port is PORT")
  }
  return host
}

/** Returns the URL to which addresses are appended. */
export function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "")
}

/** Explains a problem with a base URL. It may contain credentials by mistake, so the value itself is not repeated. */
function baseUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) {
    return "is not a URL"
  }
  const url = new URL(text)
  if (!["http:", "https:"].includes(url.protocol)) {
    return "is neither http nor https"
  }
  if (url.username !== "" || url.password !== "") {
    return "contains a user name or password"
  }
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(text)) {
    return "contains a query or a fragment"
  }
  return /\/(actions(\/.*)?|status|index\.html)\/*$/.test(url.pathname) ?
    "ends with the path of a page of the hub, which the hub itself appends" : undefined
}
