import { isAllowed, isLoopback } from "../configuration/allowed_hosts"
import { MarketoSettingsError } from "../errors/marketo_settings_error"
import { EXAMPLE_ENDPOINT } from "../words/example_endpoint"

const WHERE_TO_FIND_IT = "You find it in Marketo under Admin > Integration > Web Services, as \"Endpoint\" of the " +
  `REST API; it looks like ${EXAMPLE_ENDPOINT}.`

const MUNCHKIN_ID = /^\d{3}-[a-z]{3}-\d{3}$/i

/** The same within an address: of the SOAP endpoint, a landing page, the user interface, and others of Marketo's. */
const MUNCHKIN_ID_WITHIN = /(?<![a-z0-9-])\d{3}-[a-z]{3}-\d{3}(?![a-z0-9-])/i

/** Hosts whose addresses hold the Munchkin ID of a Marketo instance. */
const HOST_OF_MARKETO = /(^|\.)(marketo\.com|mktorest\.com|mktoapi\.com|mktoweb\.com|adobe\.com)$/

/** An instance is one label under Marketo's domain; anything else there is not. */
const INSTANCE_HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?\.mktorest\.com$/

/** Paths that administrators paste after the host: parts of the endpoints that the admin page shows. */
const KNOWN_PATH = /^\/*(rest(\/(asset\/)?v1)?|identity(\/oauth\/token)?|bulk(\/v1)?)?\/*$/i

/**
 * The origin of a Marketo instance, from whatever an administrator pasted: with or without `/rest`, `/identity`,
 * a trailing slash, quotes or blanks around it, or the Munchkin id alone. Any other host, and above all one that means
 * the hub's own machine or network, is one that a person in Looker could probe through the hub: it must be among
 * `allowedHosts`. Throws MarketoSettingsError if it cannot be an instance.
 */
export function instanceOrigin(pasted: string, allowedHosts: string[] = []): string {
  const refusal = (problem: string, hint?: string) => refusalOf(pasted, problem, hint)
  const text = pasted.trim().replace(/^["'<]+|["'>]+$/g, "").trim()
  if (MUNCHKIN_ID.test(text)) {
    return `https://${text.toLowerCase()}.mktorest.com`
  }
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  const isListed = url !== undefined && isAllowed(url, allowedHosts)
  if (url === undefined || !isListed && !/[.:]/.test(url.hostname) && !isLoopback(url.hostname)) {
    throw refusal("is not a web address.")
  }
  if (url.username !== "" || url.password !== "") {
    throw refusal("must not contain a user name or password.")
  }
  const host = url.hostname.toLowerCase()
  if (host.endsWith(".mktoapi.com") || /\/soap\b/i.test(url.pathname)) {
    throw refusal("is the SOAP endpoint, but the REST endpoint is needed.")
  }
  if (host.endsWith(".marketo.com")) {
    throw refusal("is the address of Marketo's user interface, but the REST endpoint is needed.")
  }
  const isInstance = INSTANCE_HOST.test(host)
  if (!isInstance && !isListed) {
    throw refusal("is not the address of a Marketo instance.", "For a proxy in front of Marketo, or a stand-in for " +
      "it on the hub's machine, the hub's administrator lists its host in the environment variable " +
      "MARKETO_ALLOWED_HOSTS.")
  }
  if (!KNOWN_PATH.test(url.pathname) || url.search !== "" || url.hash !== "" || isInstance && url.port !== "") {
    throw refusal("has something after the host that does not belong there.")
  }
  if (url.protocol === "http:" && isInstance) {
    // Marketo itself is reached by https only, whatever was typed.
    return `https://${host}`
  }
  if (url.protocol !== "https:" && !(isLoopback(host) && url.protocol === "http:")) {
    throw refusal("must begin with https://, since the connection carries your credentials and lead data.")
  }
  return url.origin
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** Returns the refusal of what was pasted: with the endpoint it leads to, or with where that is found, and `hint`. */
function refusalOf(pasted: string, problem: string, hint?: string): MarketoSettingsError {
  const endpoint = endpointWithin(pasted)
  const remedy = endpoint !== undefined ? `Enter ${endpoint} in its place.` :
    `It must be your instance's REST endpoint. ${WHERE_TO_FIND_IT}${hint === undefined ? "" : ` ${hint}`}`
  return new MarketoSettingsError(`The setting "URL" of the Marketo action ${problem} ${remedy}`)
}

/**
 * Returns the endpoint of the instance that an address of Marketo's is about, or a text with a Munchkin ID that is no
 * address, such as a line of Marketo's admin page. It is only proposed, and nothing is sent to it.
 */
function endpointWithin(pasted: string): string | undefined {
  const text = pasted.trim().replace(/^["'<]+|["'>]+$/g, "")
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  const host = url?.hostname.toLowerCase() ?? ""
  const isOfMarketo = url !== undefined ? HOST_OF_MARKETO.test(host) || MUNCHKIN_ID.test(host) :
    hostsWithin(text).every((each) => HOST_OF_MARKETO.test(each))
  const [munchkinId] = isOfMarketo ? MUNCHKIN_ID_WITHIN.exec(text) ?? [] : []
  return munchkinId !== undefined ? `https://${munchkinId.toLowerCase()}.mktorest.com` :
    INSTANCE_HOST.test(host) ? `https://${host}` : undefined
}

/** Returns the hosts of the addresses within a text, in small letters. */
function hostsWithin(text: string): string[] {
  return (text.match(/:\/\/[^\s/?#]+/g) ?? []).map((each) => each.slice("://".length).toLowerCase())
}
