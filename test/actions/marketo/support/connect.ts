import { AccessToken } from "../../../../src/actions/marketo/lib/api/access_token"
import { ShortMemory } from "../../../../src/actions/marketo/lib/api/answers_cache"
import { CallWatcher, MarketoCaller } from "../../../../src/actions/marketo/lib/api/caller"
import { MarketoClient } from "../../../../src/actions/marketo/lib/api/client"
import { MarketoConnection } from "../../../../src/actions/marketo/lib/api/connection"
import { MarketoConfiguration } from "../../../../src/actions/marketo/lib/configuration/configuration"
import { LARGEST_BATCHES, MARKETO_PACE, Pace } from "../../../../src/actions/marketo/lib/configuration/limits"
import { MarketoError, MarketoSettingsError } from "../../../../src/actions/marketo/lib/errors"
import { CallQuota } from "../../../../src/actions/marketo/lib/quota/call_quota"
import { DailyAllowance } from "../../../../src/actions/marketo/lib/quota/daily_allowance"
import { LeadReservations } from "../../../../src/actions/marketo/lib/quota/lead_reservations"
import { RunControl } from "../../../../src/actions/marketo/lib/stopping/run_control"
import { CLIENT_ID, CLIENT_SECRET } from "./build_request"

/** Waits of milliseconds in place of seconds; answers have time enough on a busy machine. */
export const TINY_PACE: Pace = {
  ...MARKETO_PACE,
  rateWindowMs: 50,
  rateSlackMs: 5,
  syncServerTimeoutMs: 40,
  syncAnswerTimeoutMs: 8000,
  answerTimeoutMs: 8000,
  identityTimeoutMs: 8000,
  firstRetryMs: 4,
  longestRetryMs: 20,
  stopGraceMs: 50,
}

/** A configuration under which a run against a stand-in on this machine takes milliseconds. */
export const FAST_CONFIGURATION: MarketoConfiguration = {
  share: { callsPerWindow: 1000, concurrentCalls: 5 },
  batchSizes: LARGEST_BATCHES,
  processes: 1,
  sandboxSpeed: 50,
  allowedHosts: ["127.0.0.1"], isJsonInMessage: true,
  problems: [],
}

/** A connection of its own, apart from those that the process shares. */
export function connectionTo(origin: string, pace: Partial<Pace> = {}): MarketoConnection {
  const all: Pace = { ...TINY_PACE, ...pace }
  return {
    origin,
    limitName: `marketo ${origin}`,
    pace: all,
    quota: new CallQuota({ callsPerWindow: 1000, concurrentCalls: 5 }, all),
    daily: new DailyAllowance(undefined),
    reservations: () => new LeadReservations(),
    waitingElsewhere: () => 0,
    unsettledMs: async () => 0,
    token: new AccessToken({ origin, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }, all),
    memory: new ShortMemory(60000),
  }
}

/** Remembers what it was told. */
export class WatcherLog implements CallWatcher {
  sent: string[] = []
  failed: MarketoError[] = []

  callSent(operation: string): void {
    this.sent.push(operation)
  }

  callFailed(_operation: string, error: MarketoError): void {
    this.failed.push(error)
  }
}

/** A client with a connection of its own. */
export function clientFor(
  origin: string, run: RunControl = new RunControl(), pace: Partial<Pace> = {}, watcher: CallWatcher = new WatcherLog(),
): MarketoClient {
  return new MarketoClient(new MarketoCaller(connectionTo(origin, pace), run, watcher))
}

/** The error that a promise is rejected with, read as the richest of our errors; fails when it is not rejected. */
export async function rejectionOf(promise: Promise<unknown>): Promise<MarketoSettingsError> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error as MarketoSettingsError
  }
  throw new Error(`Expected a rejection, got ${JSON.stringify(value)}`)
}

/** What a function throws, read as the richest of our errors; fails when it does not. */
export function errorOf(action: () => unknown): MarketoSettingsError {
  let value: unknown
  try {
    value = action()
  } catch (error) {
    return error as MarketoSettingsError
  }
  throw new Error(`Expected an error, got ${JSON.stringify(value)}`)
}

/** Lets everything run that waits for promises only. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) {
    await Promise.resolve()
  }
}
