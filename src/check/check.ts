import * as os from "os"

import { ACTION_VARIABLES } from "../actions/setting_checks"
import { Configuration } from "../config"
import { runningDevelopmentHub } from "../development_hub"
import { withFilesRead } from "../hub/variable_files"
import type { HubIdentity } from "../server/server_settings"
import { checkAlerts } from "./alert_check"
import { checkBaseUrl } from "./base_url_check"
import type { Finding } from "./finding"
import { checkMarketo } from "./marketo_check"
import { checkRedis } from "./redis_check"
import { checkSettings } from "./settings_check"
import { checkWhitelist } from "./whitelist_check"

export interface CheckOptions {
  /** Whether the hub would be started at a terminal, where it may do without settings. */
  isTerminal: boolean
  /** A test alert is sent. Otherwise the receiver is only reached. */
  wantsTestAlert: boolean
}

/** Checks the hub's settings, and whatever they say that it has to reach. Changes nothing, and starts nothing. */
export async function check(
  given: NodeJS.ProcessEnv, { isTerminal, wantsTestAlert }: CheckOptions,
): Promise<Finding[]> {
  const { findings, configuration } = checkSettings(given, isTerminal)
  const { environment } = withFilesRead(given, ACTION_VARIABLES)
  const hub = configuration === undefined ? undefined : identityOf(configuration)
  const hubUrl = hub?.baseUrl ?? ""
  const others = await Promise.all([
    checkWhitelist(environment), checkMarketo(environment), checkRedis(environment),
    checkAlerts(environment, { wantsTestAlert, hubUrl }),
    hub === undefined ? noBaseUrl(configuration) : checkBaseUrl(hub),
  ])
  return [...findings, ...others.flat()]
}

/** A hub in development has its secret for itself; undefined if none runs. */
function identityOf({ mode, hub, coordination }: Configuration): HubIdentity | undefined {
  if (mode === "configured") {
    return hub
  }
  const running = runningDevelopmentHub(coordination.stateDirectory ?? os.tmpdir())
  return running === undefined ? undefined : { label: hub.label, baseUrl: running.url, secret: running.secret }
}

function noBaseUrl(configuration: Configuration | undefined): Finding[] {
  const text = configuration === undefined ? "Not checked, since the settings are wrong." :
    "Not checked: no hub runs in development mode. Start it: npm start."
  return [{ verdict: "skip", subject: "Base URL", text }]
}
