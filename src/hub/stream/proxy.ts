import type * as http from "http"
import { HttpProxyAgent } from "http-proxy-agent"
import { HttpsProxyAgent } from "https-proxy-agent"
import { DownloadError } from "./errors"

/** A route to a host by way of a proxy. */
export interface ProxyRoute {
  agent: http.Agent
  /** Host and port of the proxy, without the password that its address may contain. */
  host: string
}

/**
 * Returns the proxy's address for a URL, from the variables of the environment that most programs obey; undefined if
 * the URL is fetched directly. `HTTPS_PROXY` is for https, with `HTTP_PROXY` as its fallback. `HTTP_PROXY` is for http.
 * `NO_PROXY` lists, separated by commas, the hosts that are fetched directly: `example.com` (with all that end in
 * `.example.com`), `example.com:8443`, or `*` alone for every host. Each variable is read in capitals first, then in
 * small letters.
 *
 * These are the rules of the library `request`, which the Marketo action and others use; a test compares them. So a
 * host on this machine is not exempt unless NO_PROXY lists it.
 */
export function proxyAddress(url: URL, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const variable = (name: string) => environment[name] || environment[name.toLowerCase()] || undefined
  const excluded = variable("NO_PROXY")
  if (excluded !== undefined && (excluded === "*" || excluded.split(",").some((entry) => isNamed(url, entry)))) {
    return undefined
  }
  return url.protocol === "https:" ? variable("HTTPS_PROXY") ?? variable("HTTP_PROXY") : variable("HTTP_PROXY")
}

/**
 * Returns the route to `url`; undefined if it is fetched directly. The connection to the proxy ends when `signal`
 * fires.
 * Throws a DownloadError of kind `proxy` if the proxy's address is malformed. The message does not contain the address.
 */
export function proxyRoute(
  url: URL, signal: AbortSignal, environment: NodeJS.ProcessEnv = process.env,
): ProxyRoute | undefined {
  const address = proxyAddress(url, environment)
  if (address === undefined) {
    return undefined
  }
  const proxy = readAddress(address)
  const options = { keepAlive: false, signal }
  return {
    agent: url.protocol === "https:" ? new HttpsProxyAgent(proxy, options) : new HttpProxyAgent(proxy, options),
    host: proxy.host,
  }
}

/** Explains a proxy that answers with `status` instead of opening the connection to Looker. */
export function refusalWords(status: number): string {
  switch (status) {
    case 403:
      return "it does not allow connections to that host"
    case 407:
      return "it requires a user name and password, or does not accept those in its address"
    default:
      return "it could not open the connection"
  }
}

function isNamed(url: URL, entry: string): boolean {
  const [name, port] = entry.trim().toLowerCase().split(":", 2) as [string, string?]
  const suffix = `.${name.replace(/^\.+/, "")}`
  const isHost = `.${url.hostname.toLowerCase()}`.endsWith(suffix)
  return isHost && (port === undefined || port === (url.port || (url.protocol === "https:" ? "443" : "80")))
}

function readAddress(address: string): URL {
  let proxy: URL | undefined
  try {
    proxy = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`)
  } catch {
    proxy = undefined
  }
  if (proxy === undefined || proxy.protocol !== "http:" && proxy.protocol !== "https:") {
    throw new DownloadError("proxy", "The address in HTTPS_PROXY or HTTP_PROXY is not the address of an HTTP proxy: " +
      "it must look like http://proxy.example.com:3128")
  }
  return proxy
}
