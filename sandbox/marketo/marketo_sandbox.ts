import { Admin } from "./front/admin"
import { Desk } from "./front/desk"
import { World } from "./calls/api_reply"
import { CustomService, completeServices } from "./setup/custom_services"
import { Delays } from "./limits/delays"
import { FaultEffect, FaultMatch, FaultRule, Faults, OutageMode } from "./faults/faults"
import { FieldSchema } from "./setup/field_schema"
import { HttpFront } from "./front/http_front"
import { Identity } from "./limits/identity"
import { Ledger } from "./ledger/ledger"
import { Limits } from "./limits/limits"
import { MarketoSandboxOptions, SandboxKnobs, knobsFrom } from "./setup/options"
import { SeededRandom } from "./setup/seeded_random"
import { seedDefault } from "./instance/seed"
import { Store } from "./instance/store"

export type { FaultEffect, FaultMatch, FaultRule, OutageMode } from "./faults/faults"
export type { MarketoSandboxOptions, SandboxKnobs } from "./setup/options"

/**
 * A server that behaves as Marketo's REST API does, over real HTTP, with its data in memory. It is not Marketo.
 *
 * @example
 * const sandbox = await MarketoSandbox.start({ latency: 5 })
 * // point a client at sandbox.url with sandbox.clientId and sandbox.clientSecret
 * await sandbox.stop()
 */
export class MarketoSandbox {
  /** Starts listening. Rejects if the port is taken. */
  static async start(options: MarketoSandboxOptions = {}): Promise<MarketoSandbox> {
    const sandbox = new MarketoSandbox(options)
    const host = options.host ?? "127.0.0.1"
    const port = await sandbox.front.outages.listen(options.port ?? 0, host)
    sandbox.address = `http://${host.includes(":") ? `[${host}]` : host}:${port}`
    return sandbox
  }

  /** The knobs may be changed while the sandbox runs. */
  readonly knobs: SandboxKnobs
  readonly store: Store
  readonly ledger: Ledger
  readonly limits: Limits
  readonly identity: Identity
  readonly faults: Faults
  private address = ""
  private readonly front: HttpFront
  private readonly delays = new Delays()
  private readonly random: SeededRandom

  private constructor(private readonly options: MarketoSandboxOptions) {
    const now = options.now ?? Date.now
    this.knobs = knobsFrom(options)
    this.random = new SeededRandom(options.randomSeed ?? 1)
    this.store = new Store({ schema: new FieldSchema(options.extraFields), now, keepValues: options.keepValues ?? true,
      caseInsensitiveKeys: () => this.knobs.caseInsensitiveKeys })
    this.ledger = new Ledger(options.ledgerDetail ?? "each", () => this.knobs.rateWindowMs)
    this.limits = new Limits(this.knobs, now, options.dailyUsed)
    this.identity = new Identity(completeServices(options.customServices), this.knobs,
      new SeededRandom((options.randomSeed ?? 1) + 7), now)
    this.faults = new Faults(this.random, now)
    const world: World = { knobs: this.knobs, store: this.store, ledger: this.ledger, random: this.random, now,
      otherCallsToday: () => Math.max(0, this.limits.dailyUsed - countedCalls(this.ledger)),
      later: (ms, task) => this.delays.later(ms, task) }
    const desk = new Desk(this.store, this.ledger, this.faults, this.identity, () => this.url)
    const admin = new Admin(this.store, this.ledger, this.limits, this.faults, desk, () => this.reset())
    this.front = new HttpFront(world, this.identity, this.limits, this.faults, this.delays, admin)
    this.seed()
  }

  /** `http://127.0.0.1:<port>`, without a final slash. */
  get url(): string {
    return this.address
  }

  /** Client id of the default custom service. */
  get clientId(): string {
    return this.identity.services[0].clientId
  }

  get clientSecret(): string {
    return this.identity.services[0].clientSecret
  }

  get services(): readonly CustomService[] {
    return this.identity.services
  }

  get leads() {
    return this.store.leads
  }

  get lists() {
    return this.store.lists
  }

  get campaigns() {
    return this.store.campaigns
  }

  get programs() {
    return this.store.programs
  }

  /** Adds a fault. The returned function removes it. */
  addFault(rule: FaultRule): () => void {
    return this.faults.add(rule)
  }

  /** Applies the effect to the next matching call, or to the next `times` calls. */
  failNext(match: FaultMatch | string, effect: FaultEffect | FaultEffect[], times = 1): () => void {
    return this.faults.add({ match: typeof match === "string" ? { operation: match } : match, effect, times })
  }

  /**
   * Makes the server go away at once (by default it refuses connections). The returned function ends the outage, and
   * resolves when the server accepts connections on its port again. As a rule, this is `{ kind: "outage", ms }`.
   */
  async beginOutage(mode: OutageMode = "refuse"): Promise<() => Promise<void>> {
    await this.front.outages.begin(mode)
    return async () => this.front.outages.end()
  }

  /** Resets all connections, idle ones included; calls in process go on. */
  resetConnections() {
    this.front.outages.resetConnections()
  }

  /** Ends the life of all tokens (or one client's) at once. */
  expireTokens(clientId?: string) {
    this.identity.expireTokens(clientId)
  }

  /** Returns to the state after `start`: seed, empty ledger, no faults, unused quota. Knobs and tokens stay. */
  reset() {
    this.store.clear()
    this.ledger.clear()
    this.faults.clear()
    this.random.restart()
    this.limits.reset(this.options.dailyUsed)
    this.seed()
  }

  /** Closes all sockets at once and drops all pending work. */
  async stop(): Promise<void> {
    this.delays.cancelAll()
    await this.front.outages.close()
  }

  private seed() {
    if (this.options.seed !== "empty") {
      seedDefault(this.store, this.options.staticListCount)
    }
  }
}

function countedCalls(ledger: Ledger): number {
  return ledger.calls.reduce((count, call) => count + (call.counted ? 1 : 0), 0)
}
