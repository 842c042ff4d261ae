/**
 * The agreement among processes that work for one account of a vendor: how many calls they make together, and who is
 * working on what. The hub keeps it in one place for all its processes, or in Redis for several hubs. Actions get it
 * with their requests (see `coordinationOf`). They choose the names, such as `marketo 123-abc-456`.
 */
export interface Coordination {
  /** Returns the limit of that name, and creates it at first use. The latest rules count. */
  limit(name: string, rules: LimitRules): SharedLimit
  /** Returns the leases of that name. */
  leases(name: string, rules: LeaseRules): SharedLeases
}

/** The number of calls that an account takes from this hub. Durations are in ms. */
export interface LimitRules {
  /** The most calls in any window. */
  callsPerWindow: number
  windowMs: number
  /** Added to the window, since calls do not take equally long to arrive. */
  slackMs: number
  callsAtOnce: number
  /** The calls in a window from which nobody else can be using the account. A refusal is then no reason to give way. */
  aloneFrom: number
  /** The calls of a period (usually a day) that all users together may make; no limit of ours if undefined. */
  callsPerPeriod?: number
  /** When the vendor's day begins, in ms after midnight UTC; midnight itself if undefined. */
  dayBeginsAtMs?: number
  /** The time for which the vendor may work on a call whose caller is gone. */
  lingerMs: number
}

/** The party that a call belongs to, and its priority. */
export interface Turn {
  /** Calls of one party, such as a run, are granted in turn with those of others. */
  party: string
  /** The call goes before the other calls of its party. */
  goesFirst?: boolean
  /** A person waits for the call. It goes before other parties, within a small share of the window. */
  isBrief?: boolean
}

/** The vendor's reception of a call, as far as its limits are concerned. */
export type Reception = "accepted" | "rateLimited" | "concurrencyLimited"

/** A limit that keeps a call waiting. */
export type Obstacle = "window" | "atOnce"

/** The right to make one call. It is released with the call's reception. */
export interface Permit {
  /** The limit that kept the call waiting last: calls in the window, or calls at once. Undefined if none did. */
  readonly waitedFor?: Obstacle
  /** Reports that the request has left this machine. The vendor counts arrivals. */
  sent(): void
  release(reception: Reception): void
}

/** The use of a limit, as far as it is known. */
export interface LimitUse {
  /** Our calls in the running window. */
  callsInWindow: number
  /** Our calls on the wire. */
  callsAtOnce: number
  /** The calls allowed at present. They are fewer than the rules say while the limit recovers from a refusal. */
  allowedPerWindow: number
  allowedAtOnce: number
  /** Calls left in the period, if known. */
  leftInPeriod?: number
  today: DayUse
  /** Calls that wait for their turn. */
  waiting: number
}

/** The calls of the vendor's day so far. */
export interface DayUse {
  /** Our calls that were sent since the day began, as far as this home knows. */
  calls: number
  /** The time of the first of them, in ISO 8601; absent if there was none. */
  since?: string
  /** The vendor's count of everybody's calls when it was last read, and our calls since. Absent if not read today. */
  everybody?: { calls: number, readAt: string }
}

/** Calls to one account, counted over everybody who uses the limit of that name. */
export interface SharedLimit {
  /**
   * Resolves when one call may be made. Rejects with the signal's reason once the signal is aborted, with
   * PeriodSpentError if the period has no calls left, and with CoordinationLostError if nobody can be asked.
   */
  acquire(turn: Turn, signal?: AbortSignal): Promise<Permit>
  /**
   * Takes note of the vendor's own count of calls that everybody has used in the period, and of when the period ends.
   */
  notePeriod(used: number, endsInMs: number): void
  use(): Promise<LimitUse>
}

/** The time by which leases outlive their holder. */
export interface LeaseRules {
  /** Ms for which the holder's work may go on at the vendor after the holder is gone. */
  lingerMs: number
  /**
   * The name under which these leases are counted in what the hub shows, such as that of their account. Their own name
   * is shown without it.
   */
  shownAs?: string
}

/**
 * Leases on keys, such as the people that are being written. A key has one holder at a time. If a holder's process
 * dies, its keys stay held for the rules' `lingerMs`.
 */
export interface SharedLeases {
  /** Takes the free ones of the keys in one request, and resolves with the others. */
  hold(keys: string[]): Promise<string[]>
  /**
   * Gives keys back, at once or after `afterMs` if the work on them may still be going on. Keys that were given back
   * with a delay can be given back anew: the latest time given counts. They stay held until then even if the holder's
   * process dies before.
   */
  release(keys: string[], afterMs?: number): void
  /**
   * Resolves as soon as the key may be free. Somebody else may take it first. Rejects as `SharedLimit.acquire` does.
   */
  free(key: string, signal?: AbortSignal): Promise<void>
  /**
   * Resolves with the time (ms) for which every key counts as held, since whoever held it before a restart, or before
   * Redis lost its data, may be at work on it. 0 as a rule.
   */
  unsettledMs(): Promise<number>
}

/** Raised when the period's calls are used up. */
export class PeriodSpentError extends Error {
  constructor() {
    super("The calls that may be used in this period are used up.")
    this.name = "PeriodSpentError"
  }
}

/** Raised when the coordination cannot be reached. Nothing may be sent without it. */
export class CoordinationLostError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "CoordinationLostError"
  }
}
