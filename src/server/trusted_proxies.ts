import { isIP } from "net"

import type { SettingsReader } from "../hub/settings"

/**
 * The proxies whose word on a client's address and protocol counts: `false` for none, the number of them between the
 * client and the hub, or their addresses. Express takes these as its `trust proxy`.
 * Source: https://expressjs.com/en/guide/behind-proxies.html
 */
export type TrustedProxies = false | number | string[]

/** Express's names for ranges of addresses. */
const RANGES = ["loopback", "linklocal", "uniquelocal"]

/** More proxies than any way to a hub has. */
const MOST_PROXIES = 20

/**
 * Reads `ACTION_HUB_TRUST_PROXY`: `false`, a number, or addresses, subnets and names of ranges, separated by commas.
 * Express's `true` is refused, since with it any client could choose its own address.
 */
export function trustedProxies(reader: SettingsReader): TrustedProxies {
  const text = reader.text("ACTION_HUB_TRUST_PROXY")?.toLowerCase() ?? "false"
  if (text === "false" || text === "0") {
    return false
  }
  if (/^\d+$/.test(text) && Number(text) <= MOST_PROXIES) {
    return Number(text)
  }
  const entries = reader.list("ACTION_HUB_TRUST_PROXY").map((entry) => entry.toLowerCase())
  const wrong = entries.filter((entry) => !RANGES.includes(entry) && !isSubnet(entry))
  if (wrong.length > 0 || entries.length === 0) {
    reader.problems.push(`ACTION_HUB_TRUST_PROXY is "${text}": set the number of proxies in front of the hub ` +
      `(at most ${MOST_PROXIES}), or their addresses, such as 10.0.0.0/8 or ${RANGES.join(", ")}, separated by commas`)
    return false
  }
  return entries
}

/** Returns true for an address, and for one with the length of its prefix. */
function isSubnet(entry: string): boolean {
  const [, address, prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const version = address === undefined ? 0 : isIP(address)
  const bits = Number(prefix ?? 1)
  return version !== 0 && !address.includes("%") && bits >= 1 && bits <= (version === 4 ? 32 : 128)
}
