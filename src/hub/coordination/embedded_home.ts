import { CallLine } from "./call_line"
import type { Coordination, LeaseRules, LimitRules, SharedLeases, SharedLimit } from "./coordination"
import type { CoordinationHome, HomeState, LimitState } from "./coordination_home"
import type { HeldKeys } from "./held_keys"
import type { HeldMark } from "./held_mark"
import { LeaseBook } from "./lease_book"
import { LocalGate } from "./local_gate"

/** Coordination in this process, for itself and for its execute processes. */
export class EmbeddedHome implements CoordinationHome {
  private readonly limits = new Map<string, CallLine>()
  private readonly books = new Map<string, { book: LeaseBook, shownAs: string }>()

  /**
   * `trouble`: a sentence about the problem with working alone, if another home was configured. `mark`: the note for
   * the next start of this hub. Without it, a hub that is killed leaves no trace of what it held. `keys`: the same for
   * keys that were given back with a long delay.
   */
  constructor(
    private readonly trouble?: string, private readonly mark?: HeldMark, private readonly keys?: HeldKeys,
  ) {}

  of(owner: string): Coordination {
    return {
      limit: (name, rules) => this.limitOf(owner, name, rules),
      leases: (name, rules) => this.leasesOf(owner, name, rules),
    }
  }

  abandon(owner: string): number {
    this.limits.forEach((line) => line.abandon(owner))
    return Math.max(0, ...[...this.books.values()].map(({ book }) => book.abandon(owner)))
  }

  async state(): Promise<HomeState> {
    const limits: { [name: string]: LimitState } = {}
    for (const [name, line] of this.limits) {
      limits[name] = await line.state()
    }
    const leases: { [name: string]: number } = {}
    this.books.forEach(({ book, shownAs }) => { leases[shownAs] = (leases[shownAs] ?? 0) + book.size })
    const trouble = this.trouble === undefined ? {} : { trouble: this.trouble }
    return { kind: "embedded", isReady: true, ...trouble, limits, leases }
  }

  async close(): Promise<void> {
    // Everything else ends with the process.
    this.mark?.close()
    this.keys?.close()
  }

  private limitOf(owner: string, name: string, rules: LimitRules): SharedLimit {
    let line = this.limits.get(name)
    if (line === undefined) {
      line = new CallLine(new LocalGate(rules), rules)
      this.limits.set(name, line)
    } else {
      line.configure(rules)
    }
    return line.of(owner)
  }

  private leasesOf(owner: string, name: string, { lingerMs, shownAs = name }: LeaseRules): SharedLeases {
    const book = this.books.get(name)?.book ?? this.newBook(name, lingerMs)
    book.configure(lingerMs)
    this.books.set(name, { book, shownAs })
    return {
      hold: async (keys) => book.hold(owner, keys),
      release: (keys, afterMs) => book.release(owner, keys, afterMs),
      free: async (key, signal) => freeOf(book, key, signal),
      unsettledMs: async () => book.unsettledMs,
    }
  }

  private newBook(name: string, lingerMs: number): LeaseBook {
    const { mark, keys } = this
    const book = new LeaseBook(lingerMs, {
      onHeld: () => mark?.hold(name, lingerMs),
      onEmpty: () => mark?.clear(name),
      onLongHeld: () => keys?.changed(),
      heldByFormerMs: mark?.heldByFormerMs(name, lingerMs) ?? 0,
    })
    book.holdForFormer(keys?.follow(name, () => book.longHeld()) ?? [])
    return book
  }
}

async function freeOf(book: LeaseBook, key: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  return new Promise<void>((resolve, reject) => {
    const stop = book.whenFree(key, () => {
      signal?.removeEventListener("abort", leave)
      resolve()
    })
    function leave() {
      stop()
      reject(signal?.reason as Error)
    }
    signal?.addEventListener("abort", leave)
  })
}
