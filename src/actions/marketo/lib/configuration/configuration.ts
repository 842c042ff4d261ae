import { canonicalHost, isLoopback } from "./allowed_hosts"
import {
  BatchSizes, fasterPace, LARGEST_BATCHES, MARKETO_CALLS_PER_WINDOW, MARKETO_CONCURRENT_CALLS, MARKETO_PACE,
  MARKETO_USUAL_DAILY_QUOTA, Pace, QuotaShare,
} from "./limits"

interface Environment {
  [name: string]: string | undefined
}

/** The words for on and off, those of the hub's own switches. */
const ON = ["true", "1", "on", "yes"]
const OFF = ["false", "0", "off", "no"]

/** Settings of the hub's administrator for the Marketo action, by environment variable. */
export interface MarketoConfiguration {
  /** The part of the instance's limits that this hub allows itself, all its processes together. */
  share: QuotaShare
  /** Processes that the hub spreads its runs over. */
  processes: number
  batchSizes: BatchSizes
  /** Speed of the clock of a Marketo stand-in on this machine; 1 is real time. */
  sandboxSpeed: number
  /** Hosts besides *.mktorest.com that the action may talk to, as `host` or `host:port`; see `isAllowed`. */
  allowedHosts: string[]
  /** How long the hub lets a run take, in ms; absent if it does not say. */
  runLimitMs?: number
  /** False if the message of a run that failed ends without the account as JSON. */
  isJsonInMessage: boolean
  /** Problems of the variables, one sentence each. */
  problems: string[]
}

/**
 * Reads the Marketo action's own variables; a malformed one takes its default and is named in `problems`.
 *
 * Half of the instance is left to its owner's other integrations: 50 of 100 calls in 20 seconds, 5 of 10 calls at
 * once. That is the share Marketo advises each client to stay in. Source: "Integration Best Practices".
 */
export function readConfiguration(environment: Environment = process.env): MarketoConfiguration {
  const problems: string[] = []
  const wholeNumber = (name: string, fallback: number, smallest: number, largest: number) => {
    const text = (environment[name] ?? "").trim()
    if (text === "") {
      return fallback
    }
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= smallest && value <= largest) {
      return value
    }
    problems.push(`${name} is "${text}": set a whole number from ${smallest} to ${largest}`)
    return fallback
  }

  const calls = wholeNumber("MARKETO_CALLS_PER_20_SECONDS", MARKETO_CALLS_PER_WINDOW / 2, 1, 10000)
  const concurrent = wholeNumber("MARKETO_CONCURRENT_CALLS", MARKETO_CONCURRENT_CALLS / 2, 1, 100)
  const dailyQuota = wholeNumber("MARKETO_DAILY_QUOTA", MARKETO_USUAL_DAILY_QUOTA, 1, 1000000000)
  const dailyReserve = wholeNumber("MARKETO_DAILY_RESERVE", 0, 0, 1000000000)
  const sandboxSpeed = wholeNumber("MARKETO_SANDBOX_SPEED", 1, 1, 10000)
  if (dailyReserve >= dailyQuota) {
    problems.push(`MARKETO_DAILY_RESERVE is ${dailyReserve}, which leaves nothing of the ${dailyQuota} calls a day: ` +
      "set a smaller reserve, or MARKETO_DAILY_QUOTA if your contract has more")
  }

  const json = (environment.MARKETO_MESSAGE_JSON ?? "").trim().toLowerCase()
  if (!["", ...ON, ...OFF].includes(json)) {
    problems.push(`MARKETO_MESSAGE_JSON is "${json}": set true or false`)
  }

  const isDailyLimited = isSet(environment, "MARKETO_DAILY_QUOTA") || isSet(environment, "MARKETO_DAILY_RESERVE")
  return {
    share: {
      callsPerWindow: calls,
      concurrentCalls: concurrent,
      dailyAllowance: isDailyLimited ? Math.max(0, dailyQuota - dailyReserve) : undefined,
    },
    batchSizes: LARGEST_BATCHES,
    processes: processCount(environment),
    sandboxSpeed,
    runLimitMs: runLimit(environment),
    allowedHosts: readAllowedHosts(environment, problems),
    isJsonInMessage: !OFF.includes(json),
    problems,
  }
}

/** An entry that is no host would open nothing, or another host than the one that is meant: it is named. */
function readAllowedHosts(environment: Environment, problems: string[]): string[] {
  const hosts: string[] = []
  for (const entry of (environment.MARKETO_ALLOWED_HOSTS ?? "").split(",").map((each) => each.trim())) {
    const host = entry === "" ? "" : canonicalHost(entry)
    if (host === undefined) {
      problems.push(`MARKETO_ALLOWED_HOSTS has "${entry}": list hosts as host or host:port, separated by commas, ` +
        "without https://, path or wildcard")
    } else if (host !== "") {
      hosts.push(host)
    }
  }
  return hosts
}

/**
 * Returns the share of one process, on a hub where processes cannot agree: an equal part, so together they stay
 * within the whole.
 */
export function shareOfProcess({ share, processes }: MarketoConfiguration): QuotaShare {
  return {
    ...share,
    callsPerWindow: Math.max(1, Math.floor(share.callsPerWindow / processes)),
    concurrentCalls: Math.max(1, Math.floor(share.concurrentCalls / processes)),
  }
}

/** Calls of a form relative to those of runs: enough to read the names of 10,000 lists in one window, at 300 a call. */
const FORM_CALLS = 0.8
const FORM_CONCURRENCY = 0.4

/** Calls in a window that a form has even if the runs were given all that Marketo takes. */
const LEAST_FORM_CALLS = 10

/**
 * Returns the share of forms on such a hub, in addition to that of runs: 40 of 100 calls in 20 seconds and 2 of 10 at
 * once by default. A form makes a handful of calls, and all of them only when it reads the names of a large instance;
 * even then both together stay within what Marketo takes, unless the runs alone use it up.
 */
export function formShare(share: QuotaShare): QuotaShare {
  const restOfCalls = Math.max(LEAST_FORM_CALLS, MARKETO_CALLS_PER_WINDOW - share.callsPerWindow)
  const restAtOnce = Math.max(1, MARKETO_CONCURRENT_CALLS - share.concurrentCalls)
  return {
    ...share,
    callsPerWindow: Math.max(1, Math.min(Math.floor(share.callsPerWindow * FORM_CALLS), restOfCalls)),
    concurrentCalls: Math.max(1, Math.min(Math.floor(share.concurrentCalls * FORM_CONCURRENCY), restAtOnce)),
  }
}

/** Returns the pace for an instance: Marketo's own, or a faster one for a stand-in on this machine. */
export function paceFor(hostname: string, configuration: MarketoConfiguration): Pace {
  return isLoopback(hostname) && configuration.sandboxSpeed > 1 ?
    fasterPace(configuration.sandboxSpeed) : MARKETO_PACE
}

/** Returns the number of processes that the hub spreads its runs over; one if it does not. */
function processCount(environment: Environment): number {
  const count = Number(environment.ACTION_HUB_EXECUTE_PROCESS_COUNT)
  const isForking = environment.ACTION_HUB_ENABLE_FORKING !== "false"
  return isForking && Number.isInteger(count) && count > 1 ? count : 1
}

/** Returns the hub's time limit of a run (ms), which the hub itself has checked. */
function runLimit(environment: Environment): number | undefined {
  const seconds = Number(environment.ACTION_HUB_EXECUTE_TIMEOUT_SECONDS)
  return Number.isInteger(seconds) && seconds > 0 ? seconds * 1000 : undefined
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? "").trim() !== ""
}
