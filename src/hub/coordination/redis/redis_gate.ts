import type { CallGate, Taken } from "../call_gate"
import type { LimitRules, LimitUse, Obstacle, Reception } from "../coordination"
import { dayUse } from "../day_count"
import {
  ABANDON_CALLS, NOTE_PERIOD, REGISTER_CALLS, RELEASE, SENT, TAKE, USE,
} from "./gate_scripts"
import type { RedisLink } from "./link"
import type { Names } from "./names"
import type { Script } from "./script"
import type { RedisSession } from "./session"

/** A call of this hub that is on the wire. */
interface Call {
  owner: string
  /** In ms of Redis's clock. */
  grantedAt: number
  /** In ms of the hub's own clock. */
  sentAt?: number
}

/**
 * The least time by which a call's lease outlasts its window. With less, the call would look as if it had been sent.
 */
const LEAST_BEYOND_WINDOW_MS = 1000

/** The calls of everybody, counted in Redis. The hub's own calls are on record here, to keep their leases. */
export class RedisGate implements CallGate {
  private lastUse: Omit<LimitUse, "waiting"> | undefined
  private readonly calls = new Map<string, Call>()
  private announceRoom: () => void = () => undefined
  private lastId = 0

  /**
   * `graceMs`: the least time by which leases outlive the rules' time. It covers a late renewal. `onUse` is called when
   * a call of this hub was sent.
   */
  constructor(
    private readonly link: RedisLink, private readonly names: Names, private readonly name: string,
    private rules: LimitRules, private readonly graceMs: number, private readonly onUse: () => void = () => undefined,
  ) {}

  get lingerMs(): number {
    return this.rules.lingerMs
  }

  get rulesInForce(): LimitRules {
    return this.rules
  }

  configure(rules: LimitRules): void {
    this.rules = rules
  }

  async take(owner: string): Promise<Taken> {
    const { hubId } = this.link
    const id = `${hubId}.${++this.lastId}`
    try {
      const [kind, value, limit] = await this.ask(TAKE, id, hubId) as [string, number, Obstacle]
      if (kind === "granted") {
        this.calls.set(id, { owner, grantedAt: value })
        return { kind, id }
      }
      return kind === "spent" ? { kind } : { kind: "wait", ms: value, limit }
    } catch (reason) {
      // The call may have been granted, and the answer lost.
      this.send(RELEASE, id, "unused", "0")
      throw reason
    }
  }

  sent(id: string): void {
    const call = this.calls.get(id)
    if (call !== undefined && call.sentAt === undefined) {
      call.sentAt = performance.now()
      this.send(SENT, id)
      this.onUse()
    }
  }

  release(id: string, reception: Reception): void {
    const call = this.calls.get(id)
    if (call !== undefined) {
      this.calls.delete(id)
      this.send(RELEASE, id, reception, String(call.grantedAt))
    }
  }

  notePeriod(used: number, endsInMs: number): void {
    this.send(NOTE_PERIOD, String(used), String(Math.round(endsInMs)))
  }

  async use(): Promise<Omit<LimitUse, "waiting">> {
    return this.link.connection.ask(async (session) => this.useAt(session))
  }

  /** Returns the use if Redis is there, else the last known one; undefined if there is none. */
  async knownUse(): Promise<Omit<LimitUse, "waiting"> | undefined> {
    return await this.link.connection.attempt(async (session) => this.useAt(session)) ?? this.lastUse
  }

  abandon(owner: string): void {
    const ids = [...this.calls].filter(([, call]) => call.owner === owner).map(([id]) => id)
    ids.forEach((id) => this.calls.delete(id))
    if (ids.length > 0) {
      this.send(ABANDON_CALLS, ...ids)
    }
  }

  onRoom(listener: () => void): void {
    this.announceRoom = listener
  }

  /** Looks for room, since another hub announced some or Redis is there again. */
  hearOfRoom(): void {
    this.announceRoom()
  }

  /** Returns true if a message of the channel concerns this limit. */
  isMeantBy(message: string): boolean {
    return message === this.structures[0]
  }

  /** Registers the calls on the wire, which keeps their leases. */
  async register(session: RedisSession): Promise<void> {
    if (this.calls.size > 0) {
      const now = performance.now()
      const calls = [...this.calls].flatMap(([id, { sentAt }]) =>
        [id, sentAt === undefined ? "-1" : String(Math.round(now - sentAt))])
      await this.run(session, REGISTER_CALLS, calls)
    }
  }

  private async useAt(session: RedisSession): Promise<Omit<LimitUse, "waiting">> {
    const [callsInWindow, callsAtOnce, allowedPerWindow, allowedAtOnce, left, calls, since, used, at, callsBefore] =
      await this.run(session, USE, []) as number[]
    this.lastUse = {
      callsInWindow, callsAtOnce, allowedPerWindow, allowedAtOnce, leftInPeriod: left < 0 ? undefined : left,
      today: dayUse(calls, since < 0 ? undefined : since, used < 0 ? undefined : { used, at, callsBefore }),
    }
    return this.lastUse
  }

  private async ask(script: Script, ...parameters: string[]): Promise<unknown[]> {
    return this.link.connection.ask(async (session) => this.run(session, script, parameters))
  }

  private send(script: Script, ...parameters: string[]): void {
    this.link.connection.send(async (session) => this.run(session, script, parameters))
  }

  private async run(session: RedisSession, script: Script, parameters: string[]): Promise<unknown[]> {
    const { callsPerWindow, windowMs, slackMs, callsAtOnce, aloneFrom, callsPerPeriod, lingerMs } = this.rules
    const { dayBeginsAtMs = 0 } = this.rules
    const leaseMs = Math.max(lingerMs, windowMs + slackMs + LEAST_BEYOND_WINDOW_MS) + this.graceMs
    const rules = [callsPerWindow, windowMs, slackMs, callsAtOnce, aloneFrom, callsPerPeriod ?? "", lingerMs, leaseMs]
    return this.link.run(session, script, this.structures,
      [...rules.map(String), this.names.channel, this.structures[0], String(dayBeginsAtMs), ...parameters])
  }

  private get structures(): string[] {
    return ["window", "wire", "state", "turns", "day"].map((part) => this.names.structure("limit", this.name, part))
  }
}
