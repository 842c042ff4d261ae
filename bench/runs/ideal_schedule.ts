import { Latency } from "../../sandbox/marketo/setup/options"

/** What the calls may use, in Marketo's own time. */
export interface Allowance {
  callsPerWindow: number
  windowMs: number
  callsAtOnce: number
}

/** What is done with the leads after the upsert: so many a call, each call so long (ms). */
export interface FollowUp {
  leadsPerCall: number
  latencyMs: number
}

/** Leads that one Sync Leads call takes. */
export const LEADS_PER_SYNC = 300

/** Calls that sends of so many rows take when nothing is refused and nothing is looked up first. */
export function fewestCalls(sends: number[], followUp: FollowUp | undefined): number {
  return sends.reduce((calls, rows) => calls + Math.ceil(rows / LEADS_PER_SYNC) +
    (followUp === undefined ? 0 : Math.ceil(rows / followUp.leadsPerCall)), 0)
}

interface RunningCall {
  endsAt: number
  /** Which send the leads belong to, and how many of them come back with an id; none for a follow-up. */
  send?: { index: number, leads: number }
}

/**
 * The ms in which sends of so many rows, begun at once, could be done by somebody who has all rows at hand, needs no
 * time to think, and makes a call whenever the allowance has room for one. A follow-up waits until its leads have
 * been upserted; the better of two orders counts: follow-ups as soon as they can be made, or upserts before all else.
 * So many calls for checks are made beside them, at the start.
 */
export function idealMilliseconds(
  sends: number[], followUp: FollowUp | undefined, checks: number, latency: Latency, allowance: Allowance,
): number {
  return Math.min(...[true, false].map((isUpsertFirst) =>
    scheduleMilliseconds(sends, followUp, checks, latency, allowance, isUpsertFirst)))
}

function scheduleMilliseconds(
  sends: number[], followUp: FollowUp | undefined, checks: number, latency: Latency, allowance: Allowance,
  isUpsertFirst: boolean,
): number {
  const unsynced = [...sends]
  const syncsLeft = sends.map((rows) => Math.ceil(rows / LEADS_PER_SYNC))
  const waitingLeads = sends.map(() => 0)
  const startedAt: number[] = []
  let checksLeft = checks
  let running: RunningCall[] = []
  let now = 0

  const nextUpsert = (): RunningCall | undefined => {
    const index = unsynced.findIndex((rows) => rows > 0)
    if (index < 0) {
      return undefined
    }
    const leads = Math.min(LEADS_PER_SYNC, unsynced[index])
    unsynced[index] -= leads
    return { endsAt: now + latency.sync + latency.syncPerRecord * leads, send: { index, leads } }
  }
  const nextFollowUp = (): RunningCall | undefined => {
    const ready = followUp === undefined ? -1 : waitingLeads.findIndex((leads, send) =>
      leads >= followUp.leadsPerCall || leads > 0 && syncsLeft[send] === 0)
    if (followUp === undefined || ready < 0) {
      return undefined
    }
    waitingLeads[ready] -= Math.min(followUp.leadsPerCall, waitingLeads[ready])
    return { endsAt: now + followUp.latencyMs }
  }
  const nextLeadCall = () => isUpsertFirst ? nextUpsert() ?? nextFollowUp() : nextFollowUp() ?? nextUpsert()
  const nextCall = () => checksLeft-- > 0 ? { endsAt: now + latency.read } : nextLeadCall()

  for (;;) {
    const windowOpensAt = startedAt.length < allowance.callsPerWindow ? 0 :
      startedAt[startedAt.length - allowance.callsPerWindow] + allowance.windowMs
    const call = running.length < allowance.callsAtOnce && windowOpensAt <= now ? nextCall() : undefined
    if (call !== undefined) {
      startedAt.push(now)
      running.push(call)
      continue
    }
    const isDone = unsynced.every((rows) => rows === 0) && waitingLeads.every((leads) => leads === 0)
    if (isDone && running.length === 0) {
      return now
    }
    const nextEnd = Math.min(...running.map(({ endsAt }) => endsAt))
    const isWindowNext =
      running.length < allowance.callsAtOnce && windowOpensAt > now && windowOpensAt < nextEnd
    now = isWindowNext ? windowOpensAt : nextEnd
    for (const { send } of running.filter(({ endsAt }) => endsAt <= now)) {
      if (send !== undefined) {
        syncsLeft[send.index]--
        waitingLeads[send.index] += followUp === undefined ? 0 : send.leads
      }
    }
    running = running.filter(({ endsAt }) => endsAt > now)
  }
}
