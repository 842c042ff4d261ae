import type { SettingsReader } from "../hub/settings"

/**
 * Checks the addresses of the proxy, in capitals and in small letters. They may contain a password, so no value is
 * repeated.
 */
export function checkProxies(reader: SettingsReader): void {
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"]) {
    const address = reader.text(name)
    const problem = address === undefined ? undefined : problemOf(address)
    if (problem !== undefined) {
      reader.problems.push(`${name} ${problem}: set an address such as http://proxy.example.com:3128`)
    }
  }
}

function problemOf(address: string): string | undefined {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`
  if (!URL.canParse(text)) {
    return "is not an address"
  }
  const url = new URL(text)
  if (!["http:", "https:"].includes(url.protocol)) {
    return "is not the address of an HTTP proxy"
  }
  return ["", "/"].includes(url.pathname) && url.search === "" ? undefined : "has something after host and port"
}
