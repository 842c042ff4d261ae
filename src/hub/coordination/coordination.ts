/**
 * What processes that work for one account of a vendor have to agree on: how many calls they make together, and who is
 * working on what. The hub keeps it in one place for all its processes, or in Redis for several hubs, and hands it to
 * actions with their requests (see `coordinationOf`). Names are the action's own, such as `marketo 123-abc-456`.
 */
export interface Coordination {
  /** The limit of that name. Whoever names it first makes it; the latest rules count. */
  limit(name: string, rules: LimitRules): SharedLimit
  /** The leases of that name. */
  leases(name: string, rules: LeaseRules): SharedLeases
}

/** How many calls an account takes from this hub. Durations in ms. */
export interface LimitRules {
  /** Calls in any window. */
  callsPerWindow: number
  windowMs: number
  /** Added to the window, since calls do not take equally long to arrive. */
  slackMs: number
  callsAtOnce: number
  /** Calls in a window from which on nobody else can be using the account: then a refusal is no reason to give way. */
  aloneFrom: number
  /** Calls of a period (a day, as a rule) that everybody together may use; undefined for no limit of ours. */
  callsPerPeriod?: number
  /** How long the vendor may work on a call whose caller is gone. */
  lingerMs: number
}

/** Whose call it is, and what it can expect. */
export interface Turn {
  /** Calls of one party, such as a run, are granted in turn with those of others. */
  party: string
  /** Goes before the other calls of its party. */
  goesFirst?: boolean
  /** A person waits for it: it goes before other parties, within a small share of the window. */
  isBrief?: boolean
}

/** How the vendor received a call, as far as its limits are concerned. */
export type Reception = "accepted" | "rateLimited" | "concurrencyLimited"

/** The right to make one call; give it back with how the call was received. */
export interface Permit {
  /** To be called when the request has left this machine: the vendor counts arrivals. */
  sent(): void
  release(reception: Reception): void
}

/** What is known of the use of a limit. */
export interface LimitUse {
  /** Calls of ours in the running window. */
  callsInWindow: number
  /** Calls of ours on the wire. */
  callsAtOnce: number
  /** What is allowed at present: less than the rules say while it recovers from a refusal. */
  allowedPerWindow: number
  allowedAtOnce: number
  /** Calls left in the period, as far as that is known. */
  leftInPeriod?: number
  /** Calls that wait for their turn. */
  waiting: number
}

/** Calls to one account, counted over everybody who has the limit of that name. */
export interface SharedLimit {
  /**
   * Resolves when one call may be made. Rejects with the signal's reason once it is aborted, with PeriodSpentError when
   * none is left in the period, and with CoordinationLostError when nobody can be asked.
   */
  acquire(turn: Turn, signal?: AbortSignal): Promise<Permit>
  /** Takes note of the calls that everybody has used in the period, by the vendor's own count, and of when it ends. */
  notePeriod(used: number, endsInMs: number): void
  use(): Promise<LimitUse>
}

/** How long leases outlive their holder. */
export interface LeaseRules {
  /** Ms that the holder's work may go on at the vendor after the holder is gone. */
  lingerMs: number
}

/**
 * Leases on keys, such as the people that are being written: a key has one holder at a time. When a holder's process
 * dies, its keys stay held for the rules' `lingerMs`.
 */
export interface SharedLeases {
  /** Takes those of the keys that are free, in one request; resolves with those that are not. */
  hold(keys: string[]): Promise<string[]>
  /** Gives keys back, at once or after some time (ms): when the work on them may still be going on. */
  release(keys: string[], afterMs?: number): void
  /** Resolves as soon as the key may be free; somebody else may be faster. Rejects as `SharedLimit.acquire` does. */
  free(key: string, signal?: AbortSignal): Promise<void>
}

/** Raised when the period's calls are used up. */
export class PeriodSpentError extends Error {
  constructor() {
    super("The calls that may be used in this period are used up.")
    this.name = "PeriodSpentError"
  }
}

/** Raised when whoever coordinates cannot be reached, and nothing may be sent without. */
export class CoordinationLostError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "CoordinationLostError"
  }
}
