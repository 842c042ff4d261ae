import * as crypto from "crypto"

import * as apiKey from "../../src/server/api_key"
import { HubClient } from "../looker/hub_client"
import { LookerSandbox } from "../looker/looker_sandbox"
import { MarketoSandbox } from "../marketo/marketo_sandbox"
import { HubProcess } from "./hub_process"

/** Everything that takes part in the demo, running. */
export interface Stage {
  marketo: MarketoSandbox
  looker: LookerSandbox
  hub: HubProcess
  client: HubClient
}

/** The share of each call's time that varies, so that answers come in another order than the calls. */
const LATENCY_JITTER = 0.3

/** Starts all three. If one does not come up, the others are stopped before the error is passed on. */
export async function setStage(speed: number): Promise<Stage> {
  const marketo = await MarketoSandbox.start({
    latency: "marketo", latencyJitter: LATENCY_JITTER, speed, ledgerDetail: "counts",
  })
  const looker = await LookerSandbox.start()
  try {
    const hub = await HubProcess.start({
      MARKETO_SANDBOX_SPEED: String(speed), MARKETO_ALLOWED_HOSTS: new URL(marketo.url).host,
      ACTION_HUB_REPORTS: "true",
    })
    return { marketo, looker, hub, client: new HubClient({ url: hub.url, apiKey: keyFor(hub) }) }
  } catch (error) {
    await Promise.all([marketo.stop(), looker.stop()])
    throw error
  }
}

export async function clearStage({ marketo, looker, hub }: Stage): Promise<void> {
  await hub.stop()
  await Promise.all([marketo.stop(), looker.stop()])
}

/** Returns a key, made with the hub's own code, which reads the secret from the environment, so it is set meanwhile. */
export function keyFor(hub: HubProcess): string {
  const before = process.env.ACTION_HUB_SECRET
  process.env.ACTION_HUB_SECRET = hub.secret
  try {
    return apiKey.fromNonce(crypto.randomBytes(32).toString("hex"))
  } finally {
    if (before === undefined) {
      delete process.env.ACTION_HUB_SECRET
    } else {
      process.env.ACTION_HUB_SECRET = before
    }
  }
}
