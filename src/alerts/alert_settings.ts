import type { SettingsReader } from "../hub/settings"

/**
 * When an alert is sent. `failure`: a run has failed, or a plan whose run before failed has succeeded. `change`: a
 * plan fails for the first time, or succeeds again; failures of sends without a plan. `always`: every run.
 */
export type AlertOccasion = "failure" | "change" | "always"

/** The receiver of alerts. */
export interface AlertSettings {
  /** May contain a secret, so it goes into no log and no error. */
  url: string
  /** The key of the signature; alerts are not signed if absent. */
  secret?: string
  occasion: AlertOccasion
  format: "cloudevents" | "slack"
  mostPerHour: number
}

const OCCASIONS: readonly AlertOccasion[] = ["failure", "change", "always"]

/** Reads `ACTION_HUB_ALERT_*`. Returns undefined for a hub without alerts. */
export function alertSettings(reader: SettingsReader): AlertSettings | undefined {
  const url = reader.text("ACTION_HUB_ALERT_URL")
  const secret = reader.text("ACTION_HUB_ALERT_SECRET")
  if (secret?.startsWith("whsec_") && !/^whsec_[a-z0-9+/]+={0,2}$/i.test(secret)) {
    reader.problems.push("ACTION_HUB_ALERT_SECRET begins with whsec_, but is not a key in base64 after that: " +
      "set it as the receiver shows it")
  }
  const occasion = reader.choice("ACTION_HUB_ALERT_ON", OCCASIONS, "failure")
  const format = reader.choice("ACTION_HUB_ALERT_FORMAT", ["cloudevents", "slack"] as const, "cloudevents")
  const mostPerHour = reader.wholeNumber("ACTION_HUB_ALERTS_PER_HOUR", { default: 60, minimum: 1, maximum: 3600 })
  if (url === undefined) {
    return undefined
  }
  if (!URL.canParse(url) || !["http:", "https:"].includes(new URL(url).protocol)) {
    reader.problems.push("ACTION_HUB_ALERT_URL is not a URL of http or https: " +
      "set the address that takes alerts, such as https://alerts.example.com/action-hub")
    return undefined
  }
  return { url, secret, occasion, format, mostPerHour }
}
