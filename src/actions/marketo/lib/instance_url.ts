import { isLoopback } from "./configuration"
import { MarketoSettingsError } from "./errors/marketo_settings_error"

const WHERE_TO_FIND_IT = "You find it in Marketo under Admin > Integration > Web Services, as \"Endpoint\" of the " +
  "REST API; it looks like https://123-ABC-456.mktorest.com."

const MUNCHKIN_ID = /^\d{3}-[a-z]{3}-\d{3}$/i

/** What administrators paste behind the host: parts of the endpoints that the admin page shows. */
const KNOWN_PATH = /^\/*(rest(\/(asset\/)?v1)?|identity(\/oauth\/token)?|bulk(\/v1)?)?\/*$/i

/**
 * The origin of a Marketo instance, from whatever an administrator pasted: with or without `/rest`, `/identity`,
 * a trailing slash, quotes or blanks around it, or the Munchkin id alone.
 * Throws MarketoSettingsError when it cannot be one.
 */
export function instanceOrigin(pasted: string, allowedHosts: string[] = []): string {
  const text = pasted.trim().replace(/^["'<]+|["'>]+$/g, "").trim()
  if (MUNCHKIN_ID.test(text)) {
    return `https://${text.toLowerCase()}.mktorest.com`
  }
  const url = parsed(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  if (url === undefined || url.hostname === "" || (!url.hostname.includes(".") && !isLoopback(url.hostname))) {
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
  const isOwnMachine = isLoopback(host)
  if (!host.endsWith(".mktorest.com") && !isOwnMachine && !allowedHosts.includes(host)) {
    throw refusal("is not the address of a Marketo instance. (For a proxy in front of Marketo, the hub's " +
      "administrator lists its host in MARKETO_ALLOWED_HOSTS.)")
  }
  if (!KNOWN_PATH.test(url.pathname) || url.search !== "" || url.hash !== "") {
    throw refusal("has something behind the host that does not belong there.")
  }
  if (url.protocol === "http:" && host.endsWith(".mktorest.com")) {
    // Marketo itself is reached by https only, whatever was typed.
    return `https://${host}`
  }
  if (url.protocol !== "https:" && !(isOwnMachine && url.protocol === "http:")) {
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

function refusal(problem: string): MarketoSettingsError {
  return new MarketoSettingsError(
    `The setting "URL" of the Marketo action ${problem} It must be your instance's REST endpoint. ${WHERE_TO_FIND_IT}`)
}
