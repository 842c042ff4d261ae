import { randomBytes } from "crypto"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { HubClient } from "../../sandbox/looker/hub_client"
import { LookerSandbox } from "../../sandbox/looker/looker_sandbox"
import { QueryResult } from "../../sandbox/looker/query_result"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { fromNonce } from "../../src/server/api_key"

/** The factor by which Marketo's time runs faster. */
export const SPEED = 30

/** What a hub is started with. */
export interface FreshHubOptions {
  /** Milliseconds of Marketo's time that an upsert takes. */
  syncMs: number
  /** The same for a look-up; none if absent. */
  readMs?: number
  settings?: { [variable: string]: string }
}

/** A hub that has done nothing yet, as a process of its own, with a Marketo and a Looker of its own. */
export class FreshHub {
  static async start({ syncMs, readMs = 0, settings = {} }: FreshHubOptions): Promise<FreshHub> {
    const secret = randomBytes(32).toString("hex")
    process.env.ACTION_HUB_SECRET = secret
    const latency = { sync: syncMs, read: readMs }
    const marketo = await MarketoSandbox.start({ speed: SPEED, keepValues: false, latency })
    const looker = await LookerSandbox.start()
    const hub = await HubProcess.start({
      ACTION_HUB_SECRET: secret, MARKETO_SANDBOX_SPEED: String(SPEED),
      MARKETO_ALLOWED_HOSTS: new URL(marketo.url).host, ...settings,
    })
    return new FreshHub(marketo, looker, hub)
  }

  private readonly client: HubClient

  private constructor(
    readonly marketo: MarketoSandbox, private readonly looker: LookerSandbox, readonly hub: HubProcess,
  ) {
    this.client = new HubClient({ url: hub.url, apiKey: fromNonce("bench") })
  }

  /** Sends a result to be upserted by e-mail address, and nothing else. Resolves with what Looker is answered. */
  async send(
    result: QueryResult, form: { [name: string]: string } = {},
  ): Promise<{ success: boolean, message: string }> {
    const { marketo } = this
    const { body } = await this.client.execute("marketo", {
      params: { url: marketo.url, clientID: marketo.clientId, clientSecret: marketo.clientSecret },
      format: "json_detail_lite_stream", downloadUrl: this.looker.publish(result),
      formParams: { lookupField: "email", subaction: "none", ...form },
    })
    return { success: body.looker.success, message: body.looker.message ?? "" }
  }

  async stop(): Promise<void> {
    await this.hub.stop()
    await this.looker.stop()
    await this.marketo.stop()
  }
}
