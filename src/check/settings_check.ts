import { Configuration, hubConfiguration } from "../config"
import { SettingsError } from "../hub/settings"
import type { Finding } from "./finding"

const SUBJECT = "Settings"

/** Checks all settings, as the hub does when it starts. */
export function checkSettings(
  environment: NodeJS.ProcessEnv, isTerminal: boolean,
): { findings: Finding[], configuration?: Configuration } {
  try {
    const configuration = hubConfiguration(environment, isTerminal)
    return { findings: [summaryOf(configuration), ...warningsOf(configuration)], configuration }
  } catch (failure) {
    if (failure instanceof SettingsError) {
      return { findings: failure.problems.map((text) => ({ verdict: "fail", subject: SUBJECT, text })) }
    }
    throw failure
  }
}

function summaryOf({ mode, hub }: Configuration): Finding {
  return mode === "development" ?
    {
      verdict: "warn", subject: SUBJECT, text: "Nothing is configured, so the hub would start in development mode, " +
        "for this machine only: for a hub that lasts, copy .env.example to .env and fill it in.",
    } :
    { verdict: "ok", subject: SUBJECT, text: `All settings of ${hub.label} are valid.` }
}

function warningsOf({ mode, hub }: Configuration): Finding[] {
  const warnings: string[] = []
  if (mode === "configured" && hub.baseUrl.startsWith("http:")) {
    warnings.push("ACTION_HUB_BASE_URL is not https: Looker itself talks only to hubs behind https.")
  }
  if (hub.previousSecret !== undefined) {
    warnings.push("ACTION_HUB_SECRET_PREVIOUS is set, so tokens made with it are accepted: unset it once Looker has " +
      "new ones.")
  }
  return warnings.map((text) => ({ verdict: "warn", subject: SUBJECT, text }))
}
