import * as crypto from "crypto"
import { AccessToken, Credentials } from "./access_token"
import { CallQuota } from "./call_quota"
import { MarketoConfiguration, paceFor } from "./configuration"
import { DailyAllowance } from "./daily_allowance"
import { Pace } from "./limits"
import { ShortMemory } from "./short_memory"

/** How long names, schema and usage are believed, in ms. */
const MEMORY_MS = 5 * 60000

/**
 * What all runs of this process against one Marketo instance share: the quota (by instance), the token and what was
 * learned of the instance (by custom service).
 */
export interface MarketoConnection {
  readonly origin: string
  readonly pace: Pace
  readonly quota: CallQuota
  readonly daily: DailyAllowance
  readonly token: AccessToken
  /** Answers that stay true for minutes, such as the schema, by the name of the question. */
  readonly memory: ShortMemory
}

interface InstanceQuota {
  quota: CallQuota
  daily: DailyAllowance
}

const quotas = new Map<string, InstanceQuota>()
const connections = new Map<string, MarketoConnection>()

/** The connection for these credentials; the same one for equal credentials. */
export function connectionFor(credentials: Credentials, configuration: MarketoConfiguration): MarketoConnection {
  const key = keyOf(credentials)
  let connection = connections.get(key)
  if (connection === undefined) {
    const { host, hostname } = new URL(credentials.origin)
    const pace = paceFor(hostname, configuration)
    let instance = quotas.get(host)
    if (instance === undefined) {
      instance = {
        quota: new CallQuota(configuration.share, pace),
        daily: new DailyAllowance(configuration.share.dailyAllowance),
      }
      quotas.set(host, instance)
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
