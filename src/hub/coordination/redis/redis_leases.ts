import * as winston from "winston"
import { CHECK_KEYS, HOLD, REGISTER_KEYS, RELEASE_KEYS, RENEW, SWEEP } from "./lease_scripts"
import { abandonedKeys } from "../abandoned_keys"
import { DelayedEnd } from "../delayed_end"
import type { RedisLink } from "./link"
import type { Names } from "./names"
import type { Script } from "./script"
import type { RedisSession } from "./session"
import { WaitingForKeys } from "./waiting_for_keys"

/** A key that this hub holds, or asks for. */
interface Lease {
  owner: string
  /** The owner's name in Redis. */
  holder: string
  /** Redis has confirmed it. */
  isHeld: boolean
  /** The end of the lease, by the hub's own clock in ms; Infinity while its holder works on it. */
  until: number
  end?: DelayedEnd
}

/** The most keys in one script, since Redis does nothing else meanwhile. */
const KEYS_AT_ONCE = 1000

/** The leases of one name, of all owners in this hub. Those of other hubs are in Redis. */
export class RedisLeases {
  private readonly held = new Map<string, Lease>()
  private readonly waiting: WaitingForKeys
  private sweptTo = "0"

  /** `graceMs`: the least time by which leases outlive the rules' time. It covers a late renewal. */
  constructor(
    private readonly link: RedisLink, private readonly names: Names, private readonly name: string,
    private lingerMs: number, private readonly graceMs: number, readonly shownAs: string = name,
  ) {
    this.waiting = new WaitingForKeys(async (keys) => this.millisecondsHeld(keys))
  }

  configure(lingerMs: number): void {
    this.lingerMs = lingerMs
  }

  get longestMs(): number {
    return this.lingerMs
  }

  /** The number of keys that this hub holds. */
  get size(): number {
    return this.held.size
  }

  /** Takes the free ones of the keys, and resolves with the others. */
  async hold(owner: string, keys: string[]): Promise<string[]> {
    const holder = this.holder(owner)
    const busy: string[] = []
    const wanted: string[] = []
    const leases: Lease[] = []
    for (const key of keys) {
      if (this.held.has(key)) {
        busy.push(key)
      } else {
        const lease = { owner, holder, isHeld: false, until: Infinity }
        // Recorded before the answer, so that nobody else in this hub asks for it meanwhile.
        this.held.set(key, lease)
        wanted.push(key)
        leases.push(lease)
      }
    }
    for (let from = 0; from < wanted.length; from += KEYS_AT_ONCE) {
      const asked = wanted.slice(from, from + KEYS_AT_ONCE)
      try {
        const [places] = await this.ask(HOLD, () => [holder, ...this.hashes(asked)]) as [number[]]
        leases.slice(from, from + KEYS_AT_ONCE).forEach((lease) => { lease.isHeld = true })
        places.forEach((place) => this.forget(wanted[from + place], leases[from + place]))
        busy.push(...places.map((place) => wanted[from + place]))
      } catch (reason) {
        // The keys may have been taken, and the answer lost.
        this.release(owner, wanted)
        throw reason
      }
    }
    // Others in this hub saw keys as held that were only asked for.
    this.waiting.check()
    return busy
  }

  /** Gives back those of the keys that the owner holds, at once or after `afterMs`; the latest time given counts. */
  release(owner: string, keys: string[], afterMs = 0): void {
    const mine = keys.map((key) => ({ key, lease: this.held.get(key) }))
      .filter((each): each is { key: string, lease: Lease } => each.lease?.owner === owner)
    if (mine.length === 0) {
      return
    }
    if (afterMs > 0) {
      const until = performance.now() + afterMs
      const settled = mine.map(({ key, lease }) => ({ key, lease: { ...lease, until } }))
      const end = new DelayedEnd(settled.length, afterMs, () => {
        settled.forEach(({ key, lease }) => this.forget(key, lease))
        this.waiting.check()
      })
      mine.forEach(({ lease }) => lease.end?.isNotFor())
      settled.forEach(({ key, lease }) => this.held.set(key, Object.assign(lease, { end })))
    } else {
      mine.forEach(({ key, lease }) => this.forget(key, lease))
    }
    const [{ lease: { holder } }] = mine
    const inMs = String(Math.round(Math.max(0, afterMs)))
    for (const part of parts(mine.map(({ key }) => key))) {
      this.link.connection.send(async (session) =>
        this.run(session, RELEASE_KEYS, [holder, inMs, ...this.hashes(part)]))
    }
    this.waiting.check()
  }

  /** Resolves as soon as the key may be free. Rejects as `SharedLeases.free` does. */
  async free(key: string, signal?: AbortSignal): Promise<void> {
    return this.waiting.wait(key, signal)
  }

  /** The time (ms) for which every key counts as held, since Redis has lost what was held before. */
  get unsettledMs(): number {
    return Math.max(0, this.lingerMs - this.link.epochAgeMs)
  }

  /**
   * Gives up an owner that is gone. Its keys stay held for the rules' time, or for the delay with which it gave them
   * back if that is longer. Returns the longest of these times, or 0 if it has no keys.
   */
  abandon(owner: string): number {
    const { keys, longestMs } = abandonedKeys(this.held, owner, this.lingerMs)
    this.release(owner, keys, this.lingerMs)
    return longestMs
  }

  /** Looks for free keys, since another hub announced some or Redis is there again. */
  hearOfFreedKeys(): void {
    this.waiting.check()
  }

  /** Returns true if a message of the channel concerns these leases. */
  isMeantBy(message: string): boolean {
    return message === this.structure
  }

  /** Renews the leases, and removes some expired ones. */
  async renew(session: RedisSession): Promise<void> {
    const holders = new Set([...this.held.values()].filter(({ isHeld, until }) => isHeld && until === Infinity)
      .map(({ holder }) => holder))
    if (holders.size > 0) {
      await this.run(session, RENEW, [...holders])
    }
    if (this.held.size > 0 || this.sweptTo !== "0") {
      [this.sweptTo] = await this.run(session, SWEEP, [this.sweptTo]) as [string]
    }
  }

  /** Registers the leases with a Redis that may no longer know them. */
  async register(session: RedisSession): Promise<void> {
    const now = performance.now()
    const groups = new Map<string, string[]>()
    this.held.forEach(({ holder, isHeld, until }, key) => {
      if (!isHeld) {
        return
      }
      const heldMs = until === Infinity ? -1 : Math.max(0, Math.ceil(until - now))
      const group = `${holder} ${heldMs}`
      const keys = groups.get(group) ?? []
      keys.push(key)
      groups.set(group, keys)
    })
    let lost = 0
    for (const [group, keys] of groups) {
      for (const part of parts(keys)) {
        const parameters = [...group.split(" "), ...this.hashes(part)]
        const [others] = await this.run(session, REGISTER_KEYS, parameters) as [number]
        lost += others
      }
    }
    if (lost > 0) {
      winston.error("Redis was away for longer than leases last. Other hubs have taken keys that this one holds.",
        { keys: lost })
    }
  }

  /** Returns the longest time for which each key is held, in ms; 0 for those that may be free. */
  private async millisecondsHeld(keys: string[]): Promise<number[]> {
    const now = performance.now()
    const others = keys.filter((key) => !this.held.has(key))
    const held = new Map<string, number>()
    for (const part of parts(others)) {
      const [times] = await this.ask(CHECK_KEYS, () => this.hashes(part)) as [number[]]
      part.forEach((key, index) => held.set(key, times[index]))
    }
    return keys.map((key) => held.get(key) ?? Math.max(1, (this.held.get(key)?.until ?? 0) - now))
  }

  private forget(key: string, lease: Lease): void {
    if (this.held.get(key) === lease) {
      lease.end?.isNotFor()
      this.held.delete(key)
    }
  }

  /** Returns the name in Redis of an owner in this hub. */
  private holder(owner: string): string {
    return `${this.link.hubId}.${owner.replace(/ /g, "-")}`
  }

  private get structure(): string {
    return this.names.structure("leases", this.name, "book")
  }

  private hashes(keys: string[]): string[] {
    return keys.map((key) => this.names.key(this.name, key))
  }

  /** Names are made when there is a session, since the session may show with which secret. */
  private async ask(script: Script, parameters: () => string[]): Promise<unknown[]> {
    return this.link.connection.ask(async (session) => this.run(session, script, parameters()))
  }

  private async run(session: RedisSession, script: Script, parameters: string[]): Promise<unknown[]> {
    const rules = [String(this.lingerMs), String(this.lingerMs + this.graceMs)]
    return this.link.run(session, script, [this.structure],
      [...rules, this.names.channel, this.structure, ...parameters])
  }
}

function parts(keys: string[]): string[][] {
  const count = Math.ceil(keys.length / KEYS_AT_ONCE)
  return Array.from({ length: count }, (_, index) => keys.slice(index * KEYS_AT_ONCE, (index + 1) * KEYS_AT_ONCE))
}
