import {
  Coordination, LeaseRules, LimitRules, SharedLeases, SharedLimit, SharedPermit, Turn,
} from "../../../../src/actions/marketo/lib/quota/coordination"

/** Raised as a hub does when nobody can be asked, or when the day's calls are used up. */
function hubError(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}

/** A hub's coordination of which a test is the other side. It notes all that it is asked. */
export class ScriptedCoordination implements Coordination {
  readonly turns: Turn[] = []
  readonly received: string[] = []
  readonly periods: [number, number][] = []
  readonly rules: LimitRules[] = []
  readonly names: string[] = []
  readonly shownNames: (string | undefined)[] = []
  /** Keys that another process holds. */
  readonly busy = new Set<string>()
  readonly held = new Set<string>()
  readonly released: [string[], number | undefined][] = []
  state: "there" | "spent" | "lost" | "silent" = "there"
  /** For how long an upsert from before a restart may be under way. */
  unsettledMs = 0
  private freed: (() => void)[] = []

  limit(name: string, rules: LimitRules): SharedLimit {
    this.names.push(name)
    this.rules.push(rules)
    return {
      acquire: async (turn, signal) => this.acquire(turn, signal),
      notePeriod: (used, endsInMs) => { this.periods.push([used, endsInMs]) },
    }
  }

  leases(name: string, { shownAs }: Partial<LeaseRules> = {}): SharedLeases {
    this.names.push(name)
    this.shownNames.push(shownAs)
    return {
      hold: async (keys) => {
        this.refuse()
        const busy = keys.filter((key) => this.busy.has(key))
        keys.filter((key) => !busy.includes(key)).forEach((key) => this.held.add(key))
        return busy
      },
      release: (keys, afterMs) => {
        this.released.push([keys, afterMs])
        keys.forEach((key) => this.held.delete(key))
      },
      free: async (key, signal) => this.free(key, signal),
      unsettledMs: async () => {
        this.refuse()
        return this.unsettledMs
      },
    }
  }

  /** The other process gives all that it holds back. */
  giveBack(): void {
    this.busy.clear()
    this.freed.splice(0).forEach((tell) => tell())
  }

  private async acquire(turn: Turn, signal?: AbortSignal): Promise<SharedPermit> {
    this.turns.push(turn)
    this.refuse()
    if (this.state === "silent") {
      return new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error))
      })
    }
    return {
      sent: () => { this.received.push("sent") },
      release: (reception) => { this.received.push(reception) },
    }
  }

  private async free(key: string, signal?: AbortSignal): Promise<void> {
    this.refuse()
    return this.busy.has(key) ? new Promise<void>((resolve, reject) => {
      this.freed.push(resolve)
      signal?.addEventListener("abort", () => reject(signal.reason as Error))
    }) : undefined
  }

  private refuse(): void {
    if (this.state === "spent") {
      throw hubError("PeriodSpentError", "Spent.")
    }
    if (this.state === "lost") {
      throw hubError("CoordinationLostError", "The hub has lost touch with Redis.")
    }
  }
}
