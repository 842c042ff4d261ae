import { ENCRYPT_PAYLOAD } from "../hub/known_variables"
import type { SettingsReader } from "../hub/settings"

/** Switched on by any value, as hubs have always done. */
const ON_WITH_ANY_VALUE = ["ACTION_HUB_DEBUG", "ACTION_HUB_DEBUG_ENDPOINT"]

/** Checks switches that modules read by themselves, with fewer words for on and off than the hub's others know. */
export function checkSwitches(reader: SettingsReader, environment: NodeJS.ProcessEnv): void {
  for (const name of ON_WITH_ANY_VALUE) {
    const value = reader.text(name)
    if (value !== undefined && ["false", "0", "off", "no"].includes(value.toLowerCase())) {
      reader.problems.push(`${name} is "${value}", but any value switches it on: unset it`)
    }
  }
  for (const [name, value] of Object.entries(environment)) {
    // Those who read it compare with this very word: any other would leave tokens as they are, without a message.
    if (ENCRYPT_PAYLOAD.test(name) && value !== "" && value !== "true" && value !== "false") {
      reader.problems.push(`${name} is "${value}": set true or false`)
    }
  }
}
