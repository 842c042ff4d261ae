import type * as http from "http"
import { HttpProxyAgent } from "http-proxy-agent"
import { HttpsProxyAgent } from "https-proxy-agent"
import { DownloadError } from "./errors"

/** A way to a host that leads by a proxy. */
export interface ProxyRoute {
  agent: http.Agent
  /** Host and port of the proxy, without the password that its address may hold. */
  host: string
}

/**
 * The proxy's address for a URL, by the variables of the environment that most programs obey; undefined when the URL
 * is to be asked directly. `HTTPS_PROXY` for https, and without it `HTTP_PROXY`, which alone is for http. `NO_PROXY`
 * names, separated by commas, hosts that are asked directly: `example.com` (with all that ends in `.example.com`),
 * `example.com:8443`, or `*` alone for every host. Each variable is read in capitals first, then in small letters.
 *
 * These are the rules of the library `request`, by which the Marketo action and others talk; a test compares them. So
 * a host on this machine is not exempt unless NO_PROXY names it.
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
 * The way to `url`; undefined when it is to be asked directly. The connection to the proxy ends when `signal` fires.
 * Throws a DownloadError of kind `proxy` when the proxy's address is none; the message does not hold the address.
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

/** What a proxy means that answers with `status` instead of opening the way to Looker. */
export function refusalWords(status: number): string {
  switch (status) {
    case 403:
      return "it does not allow connections to that host"
    case 407:
      return "it wants a user name and password, or does not accept those in its address"
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
    throw new DownloadError("proxy", "The address in HTTPS_PROXY or HTTP_PROXY is not that of an HTTP proxy: " +
      "it must look like http://proxy.example.com:3128")
  }
  return proxy
}
