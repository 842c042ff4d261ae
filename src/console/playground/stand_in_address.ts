import type { SettingsReader } from "../../hub/settings"

const THIS_MACHINE = ["127.0.0.1", "localhost", "[::1]"]

/** Reads the address of the stand-in for a service that `npm run playground` has started. Others it may not be. */
export function standInAddress(reader: SettingsReader): string | undefined {
  const text = reader.text("ACTION_HUB_PLAYGROUND_STAND_IN")
  if (text === undefined) {
    return undefined
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== "http:" || !THIS_MACHINE.includes(url.hostname) || url.pathname !== "/") {
    reader.problems.push(`ACTION_HUB_PLAYGROUND_STAND_IN is "${text}": set the address of a stand-in on this ` +
      "machine, such as http://127.0.0.1:9180; npm run playground does that by itself")
    return undefined
  }
  return url.origin
}
