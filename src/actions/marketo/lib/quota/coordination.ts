/**
 * The help that a hub may offer, so that several processes, and several hubs, agree on what they do to one Marketo
 * instance. On a hub that offers nothing each process keeps to itself. The shapes are those of the hub's own
 * coordination, as far as this action uses it.
 */
export interface Coordination {
  limit(name: string, rules: LimitRules): SharedLimit
  leases(name: string, rules: LeaseRules): SharedLeases
}

/** The calls that an instance takes from everybody together. Durations in ms. */
export interface LimitRules {
  callsPerWindow: number
  windowMs: number
  slackMs: number
  callsAtOnce: number
  /** Calls in a window from which on nobody else can be using the instance. */
  aloneFrom: number
  /** Calls of a day; undefined for no limit of ours. */
  callsPerPeriod?: number
  /** When Marketo's day begins, in ms after midnight UTC. */
  dayBeginsAtMs?: number
  /** Longest time that Marketo may work on a call whose caller is gone. */
  lingerMs: number
}

/**
 * Rules of leases: lookup values stay held for this time (ms) after the process that held them is gone. `shownAs`: the
 * name under which the hub may show them, since their own one says by which field a run looks leads up.
 */
export interface LeaseRules {
  lingerMs: number
  shownAs?: string
}

/** The party whose call it is. */
export interface Turn {
  party: string
  goesFirst?: boolean
  /** A person waits for it. */
  isBrief?: boolean
}

/** The right to make one call. */
export interface SharedPermit {
  /** The limit that kept the call waiting last; undefined if none did. */
  readonly waitedFor?: "window" | "atOnce"
  sent(): void
  release(reception: "accepted" | "rateLimited" | "concurrencyLimited"): void
}

/** The calls of everybody. */
export interface SharedLimit {
  /** Rejects with the signal's reason, with a PeriodSpentError, or with a CoordinationLostError. */
  acquire(turn: Turn, signal?: AbortSignal): Promise<SharedPermit>
  notePeriod(used: number, endsInMs: number): void
}

/** The lookup values that somebody is sending. */
export interface SharedLeases {
  /** Takes those that are free; resolves with the others. Rejects with a CoordinationLostError. */
  hold(keys: string[]): Promise<string[]>
  release(keys: string[], afterMs?: number): void
  /** Resolves as soon as the key may be free. Rejects as SharedLimit.acquire does. */
  free(key: string, signal?: AbortSignal): Promise<void>
  /**
   * Resolves with the time (ms) for which every key counts as held, since an upsert from before a restart of the hub,
   * or of its Redis, may be under way. A hub may not offer it.
   */
  unsettledMs?(): Promise<number>
}

/** Returns what the hub that handed over a request offers; undefined if it offers nothing. */
export function coordinationOf(request: object): Coordination | undefined {
  return (request as { coordination?: Coordination }).coordination
}

/** Returns true if nobody could be asked, so nothing may be sent. */
export function isCoordinationLost(failure: unknown): failure is Error {
  return failure instanceof Error && failure.name === "CoordinationLostError"
}

/** Returns true if the calls of the day are used up. */
export function isPeriodSpent(failure: unknown): boolean {
  return failure instanceof Error && failure.name === "PeriodSpentError"
}
