import * as crypto from "crypto"
import * as winston from "winston"
import { MINUTE_MS } from "../../durations"
import { CallLine, limitState } from "../call_line"
import type { Coordination, LeaseRules, LimitRules, SharedLeases, SharedLimit } from "../coordination"
import type { CoordinationHome, HomeState, LimitState } from "../coordination_home"
import { ConnectionTimes, RedisConnection } from "./connection"
import { GREET } from "./greeting"
import { LimitIndex } from "./limit_index"
import { RedisLink } from "./link"
import { Names } from "./names"
import { RedisGate } from "./redis_gate"
import { RedisLeases } from "./redis_leases"
import type { RedisSession } from "./session"

/** The options for agreeing with other hubs in Redis. */
export interface RedisHomeOptions {
  url: string
  prefix: string
  /** The hub's secret, the same for all hubs that share a Redis. */
  secret: string
  /** The one before it was changed, which others may still know alone. */
  previousSecret?: string
  /** Durations in ms, for tests. */
  times?: Partial<ConnectionTimes & { heartbeatMs: number }>
}

const TIMES = { timeoutMs: 5000, patienceMs: MINUTE_MS, firstRetryMs: 100, longestRetryMs: 5000, heartbeatMs: 5000 }

/** The heartbeats by which leases outlive the rules' time: one heartbeat may be late, and one may be lost. */
const HEARTBEATS_OF_GRACE = 3

/** What the hub that notices a loss of data tells the others: their heartbeats are seconds apart. */
const DATA_LOST = "data lost"

const ANOTHER_SECRET = "another hub with the same ACTION_HUB_REDIS_PREFIX has another ACTION_HUB_SECRET, so " +
  "neither would see what the other holds"

/** Coordination in Redis, for any number of hubs. Only the hub's own process talks to Redis. */
export class RedisHome implements CoordinationHome {
  private readonly limits = new Map<string, { line: CallLine, gate: RedisGate }>()
  private readonly leases = new Map<string, RedisLeases>()
  /** Limits that other hubs use, and this one only looks at. */
  private others = new Map<string, RedisGate>()
  private readonly names: Names
  private readonly times: ConnectionTimes & { heartbeatMs: number }
  private readonly connection: RedisConnection
  private readonly link: RedisLink
  private readonly index: LimitIndex
  private readonly heartbeat: NodeJS.Timeout
  private timesDataLost = 0
  private hasWarnedOfEviction = false

  constructor({ url, prefix, secret, previousSecret, times }: RedisHomeOptions) {
    this.times = { ...TIMES, ...times }
    this.names = new Names(prefix, secret, previousSecret)
    this.connection = new RedisConnection(url, this.names.channel, this.times, {
      onSession: async (session) => {
        await this.introduce(session)
        this.warnOfEviction(session)
      },
      onBack: () => this.lookAgain(),
      onMessage: (message) => this.receive(message),
    })
    const hubId = crypto.randomBytes(6).toString("base64url")
    this.link = new RedisLink(this.connection, hubId, this.names, {
      onEpoch: (change) => this.noteEpoch(change),
      introduce: async (session) => this.introduce(session),
    })
    this.index = new LimitIndex(this.link, this.names)
    this.heartbeat = setInterval(() => this.beat(), this.times.heartbeatMs)
    this.heartbeat.unref()
  }

  /** Resolves with true if Redis is there within `milliseconds`. */
  async isThereWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const timeUp = new Promise<boolean>((resolve) => { timer = setTimeout(() => resolve(false), milliseconds) })
    const isThere = await Promise.race([this.connection.isBack().then(() => true, () => false), timeUp])
    clearTimeout(timer)
    return isThere
  }

  of(owner: string): Coordination {
    return {
      limit: (name, rules) => this.limitOf(owner, name, rules),
      leases: (name, rules) => this.leasesOf(owner, name, rules),
    }
  }

  abandon(owner: string): number {
    this.limits.forEach(({ line }) => line.abandon(owner))
    return Math.max(0, ...[...this.leases.values()].map((leases) => leases.abandon(owner)))
  }

  async state(): Promise<HomeState> {
    const own = [...this.limits].map(async ([name, { line, gate }]) => {
      const use = await gate.knownUse()
      return use === undefined ? [] : [[name, line.stateWith(use)] as const]
    })
    const limits: { [name: string]: LimitState } =
      Object.fromEntries([...(await Promise.all(own)).flat(), ...await this.stateOfOthers()])
    const leases: { [name: string]: number } = {}
    this.leases.forEach(({ size, shownAs }) => { leases[shownAs] = (leases[shownAs] ?? 0) + size })
    const trouble = this.connection.trouble ?? this.quiet
    return {
      kind: "redis", isReady: this.connection.isThere, ...trouble === undefined ? {} : { trouble },
      incidents: { timesAway: this.connection.timesAway, timesDataLost: this.timesDataLost }, limits, leases,
    }
  }

  async close(): Promise<void> {
    clearInterval(this.heartbeat)
    await this.connection.close()
  }

  /** Returns the state of limits that only other hubs have used. */
  private async stateOfOthers(): Promise<[string, LimitState][]> {
    const entered = (await this.index.list()).filter(({ name }) => !this.limits.has(name))
    this.others = new Map(entered.map(({ name, rules }) =>
      [name, this.others.get(name) ?? new RedisGate(this.link, this.names, name, rules, this.graceMs)]))
    const states = entered.map(async ({ name, rules }) => {
      const gate = this.others.get(name)
      gate?.configure(rules)
      const use = await gate?.knownUse()
      return use === undefined ? [] : [[name, limitState(rules, { ...use, waiting: 0 })] as [string, LimitState]]
    })
    return (await Promise.all(states)).flat()
  }

  /** Introduces this hub to Redis, with everything it holds. */
  private async introduce(session: RedisSession): Promise<void> {
    await this.greet(session)
    await this.register(session)
  }

  private warnOfEviction(session: RedisSession): void {
    const { evictionPolicy } = session.server
    if (evictionPolicy !== undefined && evictionPolicy !== "noeviction" && !this.hasWarnedOfEviction) {
      this.hasWarnedOfEviction = true
      winston.warn(`Redis may drop data when its memory is full (maxmemory-policy ${evictionPolicy}). Set it to ` +
        "noeviction: when calls and leases are dropped, hubs have to wait until nobody can be using them.")
    }
  }

  /** Greets, with the secret that names in Redis are made with, as long as this hub can know it. */
  private async greet(session: RedisSession, mayBegin = false): Promise<void> {
    const { fingerprint, legacy, ownFingerprints } = this.names
    const inUseMs = HEARTBEATS_OF_GRACE * this.times.heartbeatMs
    const parameters = [fingerprint, String(inUseMs), mayBegin ? "1" : "0", legacy, ...ownFingerprints]
    const [another, isInUse, ...legacies] =
      await this.link.run(session, GREET, [], parameters) as [string?, number?, ...string[]]
    if (another === undefined) {
      return
    }
    if (!this.names.adopt(another, legacies)) {
      if (isInUse === 1 || mayBegin) {
        throw session.giveUp({ kind: ANOTHER_SECRET, detail: ANOTHER_SECRET })
      }
      await this.greet(session, true)
    } else if (fingerprint !== another) {
      await this.greet(session)
    }
  }

  private async register(session: RedisSession): Promise<void> {
    await Promise.all([
      ...[...this.limits.values()].map(async ({ gate }) => gate.register(session)),
      ...[...this.leases.values()].map(async (leases) => leases.register(session)),
    ])
  }

  /** Keeps the leases, and checks that Redis is there and still has its data. */
  private beat(): void {
    void this.connection.attempt(async (session) => {
      await Promise.all([
        this.greet(session),
        ...[...this.limits.values()].map(async ({ gate }) => gate.register(session)),
        ...[...this.leases.values()].map(async (leases) => leases.renew(session)),
      ])
    })
  }

  private noteEpoch({ isFirst, ageMs }: { isFirst: boolean, ageMs: number }): void {
    this.index.forget()
    if (!isFirst) {
      this.timesDataLost++
      winston.error("Redis has lost data, or was restarted. Hubs report anew what they hold. Anything that no hub " +
        "reports may belong to one that is gone, so it stays held until its time is over.")
      void this.connection.attempt(async (session) => {
        await this.register(session)
        await session.tell(this.names.channel, DATA_LOST)
      })
    } else if (ageMs < this.times.timeoutMs) {
      winston.warn("Redis has no calls and leases on record: it is new, or has lost its data. New ones have to wait " +
        "until any that may exist have expired.")
    }
    this.lookAgain()
  }

  /** A sentence about the time during which unknown keys count as held. */
  private get quiet(): string | undefined {
    const lingerMs = Math.max(0, ...[...this.leases.values()].map(({ longestMs }) => longestMs),
      ...[...this.limits.values()].map(({ gate }) => gate.lingerMs))
    const leftSeconds = Math.ceil((lingerMs - this.link.epochAgeMs) / 1000)
    return leftSeconds <= 0 ? undefined : "Redis has started without data, or was restarted. New calls and leases " +
      `have to wait for ${leftSeconds} s, until any that may exist have expired.`
  }

  private lookAgain(): void {
    this.limits.forEach(({ gate }) => gate.hearOfRoom())
    this.leases.forEach((leases) => leases.hearOfFreedKeys())
  }

  private receive(message: string): void {
    if (message === DATA_LOST) {
      this.beat()
    }
    this.limits.forEach(({ gate }) => gate.isMeantBy(message) && gate.hearOfRoom())
    this.leases.forEach((leases) => leases.isMeantBy(message) && leases.hearOfFreedKeys())
  }

  private limitOf(owner: string, name: string, rules: LimitRules): SharedLimit {
    let limit = this.limits.get(name)
    if (limit === undefined) {
      const gate: RedisGate = new RedisGate(this.link, this.names, name, rules, this.graceMs,
        () => this.index.noteUse(name, gate.rulesInForce))
      limit = { gate, line: new CallLine(gate, rules) }
      this.limits.set(name, limit)
    } else {
      limit.line.configure(rules)
    }
    return limit.line.of(owner)
  }

  private leasesOf(owner: string, name: string, { lingerMs, shownAs }: LeaseRules): SharedLeases {
    const leases = this.leases.get(name) ??
      new RedisLeases(this.link, this.names, name, lingerMs, this.graceMs, shownAs)
    leases.configure(lingerMs)
    this.leases.set(name, leases)
    return {
      hold: async (keys) => leases.hold(owner, keys),
      release: (keys, afterMs) => leases.release(owner, keys, afterMs),
      free: async (key, signal) => leases.free(key, signal),
      unsettledMs: async () => leases.unsettledMs,
    }
  }

  private get graceMs(): number {
    return HEARTBEATS_OF_GRACE * this.times.heartbeatMs
  }
}
