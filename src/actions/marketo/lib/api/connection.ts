import * as crypto from "crypto"
import { formShare, MarketoConfiguration, paceFor, shareOfProcess } from "../configuration/configuration"
import { Pace } from "../configuration/limits"
import { MINUTE_MS } from "../configuration/time_units"
import { ALONE_FROM, CallQuota } from "../quota/call_quota"
import { Coordination, SharedLeases } from "../quota/coordination"
import { DailyAllowance, DAY_BEGINS_AT_MS } from "../quota/daily_allowance"
import { LeadReservations } from "../quota/lead_reservations"
import { Quota } from "../quota/quota"
import { longestUpsertMs } from "../quota/retry_policy"
import { SharedQuota } from "../quota/shared_quota"
import { RunControl } from "../stopping/run_control"
import { AccessToken, Credentials } from "./access_token"
import { ShortMemory } from "./answers_cache"

/** Time for which names, schema and usage are trusted, in ms. */
const MEMORY_MS = 5 * MINUTE_MS

/** Connections that are kept; the one that was used longest ago goes first. */
const MOST_CONNECTIONS = 200

/**
 * The things that all runs against one Marketo instance share: the quota and the lookup values on the way (by
 * instance), the token and what was learned of the instance (by custom service).
 */
export interface MarketoConnection {
  readonly origin: string
  /** The name of its limit of calls among all processes and hubs. */
  readonly limitName: string
  readonly pace: Pace
  readonly quota: Quota
  readonly daily: DailyAllowance
  /** The values of a lookup field that are on the way to the instance. */
  readonly reservations: (lookupField: string) => LeadReservations
  /** Returns how many lookup values a run waits for since another process or hub has them. */
  readonly waitingElsewhere: (run: RunControl) => number
  /** Resolves with the time (ms) for which an upsert from before a restart may be under way; 0 as a rule. */
  readonly unsettledMs: () => Promise<number>
  readonly token: AccessToken
  /** Answers that stay true for minutes, such as the schema, by the name of the question. */
  readonly memory: ShortMemory
}

type InstanceQuota =
  Pick<MarketoConnection, "quota" | "daily" | "reservations" | "waitingElsewhere" | "unsettledMs">

const quotas = new Map<string, InstanceQuota>()
const connections = new Map<string, MarketoConnection>()

/** Use of a connection. Where processes cannot agree, forms, which are another process's, have a small quota. */
export type ConnectionUse = "runs" | "forms"

/**
 * Returns the connection for these credentials; the same one for equal credentials and uses. With the hub's
 * coordination the quota and the lookup values are those of all processes and hubs; without, of this process.
 */
export function connectionFor(
  credentials: Credentials, configuration: MarketoConfiguration, use: ConnectionUse = "runs",
  coordination?: Coordination,
): MarketoConnection {
  const key = `${use} ${keyOf(credentials)}`
  const connection = connections.get(key) ?? newConnection(credentials, configuration, use, coordination)
  connections.delete(key)
  connections.set(key, connection)
  if (connections.size > MOST_CONNECTIONS) {
    // Runs that go on with it keep it; only the next one with the same credentials asks for a token anew.
    connections.delete([...connections.keys()][0])
  }
  return connection
}

function newConnection(
  credentials: Credentials, configuration: MarketoConfiguration, use: ConnectionUse, coordination?: Coordination,
): MarketoConnection {
  const { host, hostname } = new URL(credentials.origin)
  const pace = paceFor(hostname, configuration)
  const key = `${use} ${host}`
  const instance = quotas.get(key) ?? (coordination === undefined ? ownQuota(configuration, pace, use) :
    sharedQuota(configuration, pace, use, host, coordination))
  quotas.set(key, instance)
  return {
    origin: credentials.origin,
    limitName: limitNameOf(host),
    pace,
    ...instance,
    token: new AccessToken(credentials, pace),
    memory: new ShortMemory(MEMORY_MS),
  }
}

function ownQuota(configuration: MarketoConfiguration, pace: Pace, use: ConnectionUse): InstanceQuota {
  const share = shareOfProcess(configuration)
  return {
    quota: new CallQuota(use === "forms" ? formShare(share) : share, pace),
    daily: new DailyAllowance(share.dailyAllowance),
    ...byField(() => new LeadReservations()),
    unsettledMs: async () => 0,
  }
}

function sharedQuota(
  { share }: MarketoConfiguration, pace: Pace, use: ConnectionUse, host: string, coordination: Coordination,
): InstanceQuota {
  const lingerMs = longestUpsertMs(pace)
  const shownAs = limitNameOf(host)
  const leases: SharedLeases[] = []
  const leasesOf = (name: string): SharedLeases => {
    const made = coordination.leases(name, { lingerMs, shownAs })
    leases.push(made)
    return made
  }
  const limit = coordination.limit(limitNameOf(host), {
    callsPerWindow: share.callsPerWindow,
    windowMs: pace.rateWindowMs,
    slackMs: pace.rateSlackMs,
    callsAtOnce: share.concurrentCalls,
    aloneFrom: ALONE_FROM,
    callsPerPeriod: share.dailyAllowance,
    dayBeginsAtMs: DAY_BEGINS_AT_MS,
    lingerMs,
  })
  return {
    quota: new SharedQuota(limit, share, use === "forms"),
    daily: new DailyAllowance(share.dailyAllowance, Date.now, (used, endsInMs) => limit.notePeriod(used, endsInMs)),
    ...byField((field) => new LeadReservations(leasesOf(`${limitNameOf(host)} ${field}`))),
    unsettledMs: async () => {
      // A run may wait before it has claimed anything.
      const all = leases.length > 0 ? leases : [leasesOf(limitNameOf(host))]
      return Math.max(...await Promise.all(all.map(async (each) => await each.unsettledMs?.() ?? 0)))
    },
  }
}

function limitNameOf(host: string): string {
  return `marketo ${host}`
}

function byField(
  reservationsOf: (lookupField: string) => LeadReservations,
): Pick<MarketoConnection, "reservations" | "waitingElsewhere"> {
  const known = new Map<string, LeadReservations>()
  return {
    reservations: (lookupField) => {
      const reservations = known.get(lookupField) ?? reservationsOf(lookupField)
      known.set(lookupField, reservations)
      return reservations
    },
    waitingElsewhere: (run) => {
      let count = 0
      known.forEach((reservations) => { count += reservations.waitingElsewhere(run) })
      return count
    },
  }
}

/** Forgets every connection, quota and token; for tests, whose instances come and go on the same ports. */
export function forgetConnections(): void {
  connections.clear()
  quotas.clear()
}

/** Returns a name for credentials. The secret is part of it: a corrected one must not be given an old token. */
function keyOf(credentials: Credentials): string {
  const parts = [credentials.origin, credentials.clientId, credentials.clientSecret]
  return crypto.createHash("sha256").update(JSON.stringify(parts)).digest("hex")
}
