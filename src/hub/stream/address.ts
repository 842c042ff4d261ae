import { DownloadError } from "./errors"

/**
 * The address as a URL, when it is one that may be fetched: http or https, of a host that `allowedHosts` names
 * (`host`, `host:port` or `*.domain`; an empty list names all). Throws a DownloadError of kind `address`, which names
 * the host and not the path, for the path is as good as a password.
 */
export function checkAddress(address: string, allowedHosts: string[], base?: URL): URL {
  let url: URL
  try {
    url = new URL(address, base)
  } catch {
    throw new DownloadError("address", "The download's address is not a valid URL")
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new DownloadError("address", `The download's address starts with ${url.protocol}, not with http: or https:`)
  }
  if (allowedHosts.length > 0 && !allowedHosts.some((allowed) => isAllowed(url, allowed))) {
    throw new DownloadError(
      "address", `The download's host ${url.host} is not in the hub's list ACTION_HUB_STREAM_ALLOWED_HOSTS`)
  }
  return url
}

function isAllowed(url: URL, allowed: string): boolean {
  if (allowed.startsWith("*.")) {
    return url.hostname.endsWith(allowed.slice(1))
  }
  const port = url.port || (url.protocol === "https:" ? "443" : "80")
  return allowed === url.hostname || allowed === `${url.hostname}:${port}`
}
