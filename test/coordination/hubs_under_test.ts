import { expect } from "chai"
import { processTree } from "../../bench/runs/process_figures"
import { HubProcess } from "../../sandbox/demo/hub_process"
import { HubClient } from "../../sandbox/looker/hub_client"
import { ScheduledPlan, TextInputs } from "../../sandbox/looker/hub_wire"
import { LookerSandbox } from "../../sandbox/looker/looker_sandbox"
import { ResultRow } from "../../sandbox/looker/query_result"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { fromNonce } from "../../src/server/api_key"
import { accountOf } from "../actions/marketo/support/account_of"

// eslint-disable-next-line @typescript-eslint/no-require-imports -- a script, which is JavaScript
const buildWhenStale = require("../../scripts/build_when_stale") as () => void

/** The same for all hubs, as it is for hubs that share a Redis. */
const SECRET = "5".repeat(64)

/** Marketo's time in these tests: its time limit of 90 s for an upsert is 3 s. */
export const SPEED = 30

/** What a send was answered with. */
export interface Answered {
  success: boolean
  message: string
}

/** How many rows of a send had each outcome. */
export interface RowFigures {
  received: number
  created: number
  updated: number
  [outcome: string]: number
}

/** What a send differs in from the usual one. */
interface SendOptions {
  form?: TextInputs
  params?: TextInputs
  plan?: Partial<ScheduledPlan>
}

/** One Marketo and one Looker, and the hubs between them, each a process of its own. */
export class HubsUnderTest {
  /** Compiles the hub if that is due: a process that compiles itself takes seconds to start. */
  static async start(marketo: Parameters<typeof MarketoSandbox.start>[0] = {}): Promise<HubsUnderTest> {
    buildWhenStale()
    const sandbox = await MarketoSandbox.start({ speed: SPEED, keepValues: false, ...marketo })
    return new HubsUnderTest(sandbox, await LookerSandbox.start())
  }

  readonly hubs: HubProcess[] = []

  private constructor(readonly marketo: MarketoSandbox, private readonly looker: LookerSandbox) {}

  async startHub(settings: Record<string, string> = {}): Promise<HubProcess> {
    process.env.ACTION_HUB_SECRET = SECRET
    const hub = await HubProcess.start({
      ACTION_HUB_SECRET: SECRET, MARKETO_SANDBOX_SPEED: String(SPEED),
      MARKETO_ALLOWED_HOSTS: new URL(this.marketo.url).host, ...settings,
    })
    this.hubs.push(hub)
    return hub
  }

  /** Sends people `from` up to and without `to`; rejects if the hub is gone before it has answered. */
  async send(hub: HubProcess, from: number, to: number, form: { [name: string]: string } = {}): Promise<Answered> {
    return this.sendRows(hub, function*() {
      for (let index = from; index < to; index++) {
        yield { email: `p${index}@example.org`, firstName: `P${index}` }
      }
    }, { form })
  }

  /** Sends rows of an email and a first name; rejects if the hub is gone before it has answered. */
  async sendRows(
    hub: HubProcess, people: () => Iterable<{ email: string | null, firstName: string | null }>,
    { form = {}, params = {}, plan = {} }: SendOptions = {},
  ): Promise<Answered> {
    const url = this.looker.publish({
      fields: { dimensions: [
        { name: "lead.email", label: "Email", tags: ["marketo:email"] },
        { name: "lead.first", label: "First", tags: ["marketo:firstName"] },
      ] },
      *rows(): Iterable<ResultRow> {
        for (const { email, firstName } of people()) {
          yield { "lead.email": { value: email }, "lead.first": { value: firstName } }
        }
      },
    })
    const { body } = await new HubClient({ url: hub.url, apiKey: this.apiKey() }).execute("marketo", {
      params: {
        url: this.marketo.url, clientID: this.marketo.clientId, clientSecret: this.marketo.clientSecret, ...params,
      },
      format: "json_detail_lite_stream", downloadUrl: url, scheduledPlan: plan,
      formParams: { lookupField: "email", subaction: "none", ...form },
    })
    return { success: body.looker.success, message: body.looker.message ?? "" }
  }

  /** Asks for what a person with a token may ask. */
  async ask<T>(hub: HubProcess, path: string): Promise<T> {
    const response = await fetch(hub.url + path, { headers: { Authorization: `Token token="${this.apiKey()}"` } })
    return await response.json() as T
  }

  /** Sends to the action of `faulty_action.js`, which the hub must have been started with. */
  async harm(hub: HubProcess, fault: "stray error" | "ignored stop"): Promise<Answered> {
    return this.sendTo("faulty", hub, { fault })
  }

  /** Sends no rows to an action of a script that the hub must have been started with. */
  async sendTo(action: string, hub: HubProcess, formParams: TextInputs = {}): Promise<Answered> {
    const { body } = await new HubClient({ url: hub.url, apiKey: this.apiKey() }).execute(action, {
      params: {}, format: "json_detail_lite_stream", downloadUrl: this.looker.publish({ fields: {}, rows: () => [] }),
      formParams,
    })
    return { success: body.looker.success, message: body.looker.message ?? "" }
  }

  /** Ids of a hub's execute processes. */
  executeProcesses(hub: HubProcess): number[] {
    return processTree(hub.processId ?? 0).slice(1).map(({ id }) => id)
  }

  /**
   * Fails unless each of so many people was created once, and never two upserts of one of them overlapped; nor may
   * there have been more calls in a window, or at once, than allowed.
   */
  expectEverybodyOnce(people: number): void {
    const { ledger } = this.marketo
    expect(ledger.overlappingUpserts).to.deep.equal([])
    expect(ledger.duplicates).to.deep.equal([])
    expect(ledger.leadsCreated).to.equal(people)
    expect(ledger.highestCallsInWindow()).to.be.at.most(50)
    expect(ledger.highestConcurrency).to.be.at.most(5)
  }

  async stop(): Promise<void> {
    await Promise.all(this.hubs.map(async (hub) => hub.stop()))
    await this.looker.stop()
    await this.marketo.stop()
    delete process.env.ACTION_HUB_SECRET
  }

  /** Returns a token of all the hubs. */
  apiKey(): string {
    process.env.ACTION_HUB_SECRET = SECRET
    return fromNonce("tests")
  }
}

/** Reads the account of the rows from the message of a success or of a failure. */
export function rowsOf({ success, message }: Answered): RowFigures {
  if (!success) {
    return (accountOf(message) as { rows: RowFigures }).rows
  }
  const figure = (pattern: RegExp) => Number((pattern.exec(message)?.[1] ?? "0").replace(/,/g, ""))
  return {
    received: figure(/([\d,]+) rows? received/), created: figure(/([\d,]+) leads? created/),
    updated: figure(/([\d,]+) updated/),
  }
}
