import { abandonedKeys } from "./abandoned_keys"
import { DelayedEnd } from "./delayed_end"
import type { DelayedKeys } from "./held_keys"

interface Lease {
  owner: string
  /** When a lease that was given back with a delay ends, in ms of `performance.now()`; Infinity while it was not. */
  until: number
  /** True if that delay is longer than the time for which keys stay held when their owner is gone. */
  isLong?: boolean
  end?: DelayedEnd
}

/** What a book leaves for the time after its hub, and what it was left. */
export interface LeaseTraces {
  /** Called before the first key is held, and with each further request. */
  onHeld(): void
  /** Called when the last key is given back. */
  onEmpty(): void
  /** Called when keys were given back with a long delay, or such keys at once. */
  onLongHeld(): void
  /** How long (ms) every key counts as held, since a hub before this one may hold it. */
  heldByFormerMs: number
}

const NO_TRACES: LeaseTraces = {
  onHeld: () => undefined, onEmpty: () => undefined, onLongHeld: () => undefined, heldByFormerMs: 0,
}

/** The owner of keys that a hub before this one held. */
const FORMER_HUB = "a hub before this one"

/**
 * The holders of keys in one process. A key has one owner at a time. It may be given back with a delay, and stays held
 * for `lingerMs` after its owner is gone.
 */
export class LeaseBook {
  private readonly held = new Map<string, Lease>()
  private readonly waiting = new Map<string, Set<() => void>>()
  /** True while a hub before this one may hold keys. */
  private isUnknown = false
  private readonly unknownUntil: number

  constructor(private lingerMs: number, private readonly traces: LeaseTraces = NO_TRACES) {
    const { heldByFormerMs } = traces
    this.unknownUntil = performance.now() + heldByFormerMs
    if (heldByFormerMs > 0) {
      this.isUnknown = true
      setTimeout(() => this.endUnknown(), heldByFormerMs).unref()
    }
  }

  /** Holds keys that a hub before this one gave back with a delay. To be called before any other key is held. */
  holdForFormer(formerKeys: DelayedKeys[]): void {
    // The files of two secrets may have one key: the latest time counts, so it comes last.
    const latestLast = [...formerKeys].sort((one, other) => one.endsInMs - other.endsInMs)
    for (const { keys, endsInMs } of latestLast) {
      keys.forEach((key) => this.held.set(key, { owner: FORMER_HUB, until: Infinity }))
      this.release(FORMER_HUB, keys, endsInMs)
    }
    // They stay in the file, however short the time that is left of them.
    this.held.forEach((lease) => { lease.isLong = true })
  }

  configure(lingerMs: number): void {
    this.lingerMs = lingerMs
  }

  get size(): number {
    return this.held.size
  }

  /** The time (ms) for which every key still counts as held. */
  get unsettledMs(): number {
    return this.isUnknown ? Math.max(0, this.unknownUntil - performance.now()) : 0
  }

  /** Takes the free ones of the keys and returns the others. */
  hold(owner: string, keys: string[]): string[] {
    if (this.isUnknown) {
      return [...keys]
    }
    this.traces.onHeld()
    const busy: string[] = []
    for (const key of keys) {
      if (this.held.has(key)) {
        busy.push(key)
      } else {
        this.held.set(key, { owner, until: Infinity })
      }
    }
    return busy
  }

  /** Gives back those of the keys that the owner holds, at once or after `afterMs`; the latest time given counts. */
  release(owner: string, keys: string[], afterMs = 0): void {
    const leases = keys.map((key) => ({ key, lease: this.held.get(key) }))
      .filter((each): each is { key: string, lease: Lease } => each.lease?.owner === owner)
    const until = afterMs <= 0 ? 0 : performance.now() + afterMs
    const isLong = afterMs > this.lingerMs
    const concernsLong = isLong || leases.some(({ lease }) => lease.isLong)
    const free = () => {
      const released = leases.filter(({ key, lease }) => this.held.get(key) === lease && lease.until === until)
      released.forEach(({ key }) => this.held.delete(key))
      // Listeners are called when all keys are free, so those waiting for several can have them together.
      released.forEach(({ key }) => this.announce(key))
      if (this.held.size === 0) {
        this.traces.onEmpty()
      }
      if (released.some(({ lease }) => lease.isLong)) {
        this.traces.onLongHeld()
      }
    }
    const end = afterMs <= 0 || leases.length === 0 ? undefined : new DelayedEnd(leases.length, afterMs, free)
    for (const { lease } of leases) {
      lease.end?.isNotFor()
      lease.until = until
      lease.isLong = isLong
      lease.end = end
    }
    if (end === undefined) {
      free()
    }
    if (concernsLong) {
      this.traces.onLongHeld()
    }
  }

  /** Returns the keys that were given back with a long delay, by the time that is left of it. */
  longHeld(): DelayedKeys[] {
    const now = performance.now()
    const byEnd = new Map<number, string[]>()
    this.held.forEach(({ until, isLong }, key) => {
      if (isLong === true && until > now) {
        const keys = byEnd.get(until) ?? []
        keys.push(key)
        byEnd.set(until, keys)
      }
    })
    return [...byEnd].map(([until, keys]) => ({ keys, endsInMs: until - now }))
  }

  /** Calls back once, as soon as the key may be free, or at once if it is. Returns a function that stops waiting. */
  whenFree(key: string, listener: () => void): () => void {
    if (!this.held.has(key) && !this.isUnknown) {
      listener()
      return () => undefined
    }
    const listeners = this.waiting.get(key) ?? new Set()
    listeners.add(listener)
    this.waiting.set(key, listeners)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.waiting.get(key) === listeners) {
        this.waiting.delete(key)
      }
    }
  }

  /**
   * Gives up an owner that is gone. Its keys stay held for `lingerMs`, or for the delay with which it gave them back if
   * that is longer. Returns the longest of these times, or 0 if it has no keys.
   */
  abandon(owner: string): number {
    const { keys, longestMs } = abandonedKeys(this.held, owner, this.lingerMs)
    this.release(owner, keys, this.lingerMs)
    return longestMs
  }

  private endUnknown(): void {
    this.isUnknown = false;
    [...this.waiting.keys()].filter((key) => !this.held.has(key)).forEach((key) => this.announce(key))
  }

  private announce(key: string): void {
    const listeners = this.waiting.get(key)
    this.waiting.delete(key)
    listeners?.forEach((listener) => listener())
  }
}
