import { SettingsReader } from "../hub/settings"
import { registrySettings } from "../hub/sources"
import { unknownActionsWarning } from "../settings/unknown_actions"
import type { Finding } from "./finding"

/** Checks that the hub has the actions of its whitelist; nothing to find where there is none. */
export async function checkWhitelist(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { whitelist } = registrySettings(new SettingsReader(environment))
  if (whitelist.length === 0) {
    return []
  }
  await import("../actions")
  const { actions } = await import("../hub")
  const warning = unknownActionsWarning(whitelist, actions.map(({ name }) => name))
  return [{
    verdict: warning === undefined ? "ok" : "warn", subject: "Actions",
    text: warning ?? `The hub has every action of ACTION_WHITELIST: ${whitelist.join(", ")}.`,
  }]
}
