import type { SettingsReader } from "../hub/settings"

/** Who may read the metrics, and where. */
export interface MetricsSettings {
  /** The bearer token that readers need; none if absent. A secret. */
  token?: string
  /** The port on which alone they are served; the hub's own if absent. */
  port?: number
}

/** Fewer characters can be guessed. */
const SHORTEST_TOKEN = 16

/** What no reader could send behind "Bearer". */
const NOT_IN_HEADERS = /[^\x21-\x7e]/

/** Reads `ACTION_HUB_METRICS*`. Returns undefined for a hub without metrics. */
export function metricsSettings(reader: SettingsReader): MetricsSettings | undefined {
  const isOn = reader.flag("ACTION_HUB_METRICS", true)
  const token = reader.text("ACTION_HUB_METRICS_TOKEN")
  const hasPort = reader.text("ACTION_HUB_METRICS_PORT") !== undefined
  const port = hasPort ?
    reader.wholeNumber("ACTION_HUB_METRICS_PORT", { default: 0, minimum: 0, maximum: 65_535 }) : undefined
  if (token !== undefined && token.length < SHORTEST_TOKEN) {
    reader.problems.push(`ACTION_HUB_METRICS_TOKEN is shorter than ${SHORTEST_TOKEN} characters: ` +
      "set a long random text, such as the output of: openssl rand -hex 32")
  }
  if (token !== undefined && NOT_IN_HEADERS.test(token)) {
    reader.problems.push("ACTION_HUB_METRICS_TOKEN has characters that a bearer token cannot have: " +
      "set letters, digits and signs of ASCII without blanks")
  }
  return isOn ? { token, port } : undefined
}
