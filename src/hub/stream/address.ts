import { DownloadError } from "./errors"

/**
 * Returns the address as a URL if it may be fetched: http or https, of a host that `allowedHosts` lists (`host` or
 * `*.domain`, with or without `:port`; an empty list allows all). Throws a DownloadError of kind `address`, which names
 * the host but not the path, since the path is as good as a password.
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
  const [, name, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(allowed) ?? ["", allowed]
  const actualPort = url.port || (url.protocol === "https:" ? "443" : "80")
  if (port !== undefined && port !== actualPort) {
    return false
  }
  return name.startsWith("*.") ? url.hostname.endsWith(name.slice(1)) : url.hostname === name
}
