import * as crypto from "crypto"

import { testAlert } from "../alerts/alert_body"
import { alertSettings } from "../alerts/alert_settings"
import { postAlert, reachReceiver } from "../alerts/post_alert"
import { SettingsReader } from "../hub/settings"
import type { Finding } from "./finding"

const REMEDY = "Check ACTION_HUB_ALERT_URL, and that this machine may reach it."

/**
 * Reaches the receiver of alerts without sending it any. `wantsTestAlert`: sends one that says it is a test, signed as
 * alerts are.
 */
export async function checkAlerts(
  environment: NodeJS.ProcessEnv, { wantsTestAlert, hubUrl }: { wantsTestAlert: boolean, hubUrl: string },
): Promise<Finding[]> {
  const reader = new SettingsReader(environment)
  const settings = alertSettings(reader)
  if (settings === undefined) {
    return [finding("skip", reader.problems.length > 0 ? "Not checked, since its settings are wrong." :
      "Not checked: ACTION_HUB_ALERT_URL is not set, so nobody is told of failed runs.")]
  }
  // The path may be as good as a password.
  const { host } = new URL(settings.url)
  if (wantsTestAlert) {
    const alert = testAlert(settings.format, hubUrl, crypto.randomUUID(), new Date().toISOString())
    const problem = await postAlert(settings, alert)
    return [problem === undefined ? finding("ok", `${host} has taken a test alert (id ${alert.id}).`) :
      finding("fail", `${host} has not taken a test alert: ${problem}. ${REMEDY}`)]
  }
  const status = await reachReceiver(settings)
  if (typeof status === "string" || status === 407) {
    const problem = typeof status === "string" ? status : "the proxy wants a password"
    return [finding("fail", `${host}: ${problem}. ${REMEDY}`)]
  }
  return [finding("ok", `${host} can be reached. No alert was sent: npm run check -- --test-alert sends one.`)]
}

function finding(verdict: Finding["verdict"], text: string): Finding {
  return { verdict, subject: "Alerts", text }
}
