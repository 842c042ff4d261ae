import * as crypto from "crypto"
import { formShare, MarketoConfiguration, paceFor } from "../configuration/configuration"
import { Pace } from "../configuration/limits"
import { CallQuota } from "../quota/call_quota"
import { DailyAllowance } from "../quota/daily_allowance"
import { LeadReservations } from "../quota/lead_reservations"
import { AccessToken, Credentials } from "./access_token"
import { ShortMemory } from "./answers_cache"

/** How long names, schema and usage are believed, in ms. */
const MEMORY_MS = 5 * 60000

/**
 * What all runs of this process against one Marketo instance share: the quota and the lookup values on the way (by
 * instance), the token and what was learned of the instance (by custom service).
 */
export interface MarketoConnection {
  readonly origin: string
  readonly pace: Pace
  readonly quota: CallQuota
  readonly daily: DailyAllowance
  /** The values of a lookup field that are on the way to the instance. */
  readonly reservations: (lookupField: string) => LeadReservations
  readonly token: AccessToken
  /** Answers that stay true for minutes, such as the schema, by the name of the question. */
  readonly memory: ShortMemory
}

type InstanceQuota = Pick<MarketoConnection, "quota" | "daily" | "reservations">

const quotas = new Map<string, InstanceQuota>()
const connections = new Map<string, MarketoConnection>()

/**
 * What a connection is for. Forms are shown by the process that serves HTTP, runs go on in others, so that each needs
 * a quota of its own; a form's is small.
 */
export type ConnectionUse = "runs" | "forms"

/** The connection for these credentials; the same one for equal credentials and uses. */
export function connectionFor(
  credentials: Credentials, configuration: MarketoConfiguration, use: ConnectionUse = "runs",
): MarketoConnection {
  const key = `${use} ${keyOf(credentials)}`
  let connection = connections.get(key)
  if (connection === undefined) {
    const { host, hostname } = new URL(credentials.origin)
    const pace = paceFor(hostname, configuration)
    let instance = quotas.get(`${use} ${host}`)
    if (instance === undefined) {
      instance = {
        quota: new CallQuota(use === "forms" ? formShare(configuration.share) : configuration.share, pace),
        daily: new DailyAllowance(configuration.share.dailyAllowance),
        reservations: reservationsByField(),
      }
      quotas.set(`${use} ${host}`, instance)
    }
    connection = {
      origin: credentials.origin,
      pace,
      ...instance,
      token: new AccessToken(credentials, pace),
      memory: new ShortMemory(MEMORY_MS),
    }
    connections.set(key, connection)
  }
  return connection
}

function reservationsByField(): (lookupField: string) => LeadReservations {
  const byField = new Map<string, LeadReservations>()
  return (lookupField) => {
    const reservations = byField.get(lookupField) ?? new LeadReservations()
    byField.set(lookupField, reservations)
    return reservations
  }
}

/** Forgets every connection, quota and token; for tests, whose instances come and go on the same ports. */
export function forgetConnections(): void {
  connections.clear()
  quotas.clear()
}

/** The secret takes part so that a corrected one is not answered from an old token, and is not kept in the clear. */
function keyOf(credentials: Credentials): string {
  const parts = [credentials.origin, credentials.clientId, credentials.clientSecret]
  return crypto.createHash("sha256").update(JSON.stringify(parts)).digest("hex")
}
