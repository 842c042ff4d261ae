/**
 * Returns the host of an entry of MARKETO_ALLOWED_HOSTS as a URL would name it: in lower case, numbers as addresses,
 * the port after a colon if there is one. Undefined if the entry is anything but `host` or `host:port`.
 */
export function canonicalHost(entry: string): string | undefined {
  if (!/^(\[[^\]]*\]|[^\s/\\?#@:*[\]]+)(:\d{1,5})?$/.test(entry)) {
    return undefined
  }
  try {
    // A URL drops the port that its protocol has anyway, and no port is usual for both.
    const { hostname } = new URL(`https://${entry}`)
    const port = /:(\d+)$/.exec(entry.replace(/^\[.*\]/, ""))
    return hostname === "" ? undefined : port === null ? hostname : `${hostname}:${Number(port[1])}`
  } catch {
    return undefined
  }
}

/** Returns true if the entries name the URL's host: with any port, or with the one that the URL means. */
export function isAllowed(url: URL, allowedHosts: string[]): boolean {
  const port = url.port !== "" ? url.port : url.protocol === "http:" ? "80" : "443"
  return allowedHosts.includes(url.hostname) || allowedHosts.includes(`${url.hostname}:${port}`)
}

/** Returns true for names and addresses that mean this very machine, as a URL names them. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname)
}
