import { duration } from "../../hub/durations"
import type { CoordinationHome, HomeState } from "../../hub/coordination/coordination_home"
import type { Check } from "./check"

/** The most limits, and the most kinds of leases, that `/status` names. */
const NAMES_SHOWN = 50

/** The state of the coordination for probes, in time and bounded in size. */
export class CoordinationWatch implements Check {
  readonly name = "coordination"
  private lastState: HomeState | undefined

  /** `limitMs`: the longest time to wait for the state, such as on a Redis that does not answer. */
  constructor(private readonly home: CoordinationHome, private readonly limitMs: number) {}

  /** Returns the state as it is, or the last known one with `isReady: false` if it does not come in time. */
  async state(): Promise<HomeState> {
    const tooLate = Symbol("too late")
    let timer: NodeJS.Timeout | undefined
    const timeUp = new Promise<typeof tooLate>((resolve) => {
      timer = setTimeout(() => resolve(tooLate), this.limitMs)
    })
    const state = await Promise.race([this.home.state(), timeUp])
    clearTimeout(timer)
    if (state !== tooLate) {
      this.lastState = state
      return state
    }
    const trouble = `Redis has not answered for ${duration(this.limitMs)}.`
    return { kind: "redis", limits: {}, leases: {}, ...this.lastState, isReady: false, trouble }
  }

  async problem(): Promise<string | undefined> {
    const { isReady, trouble } = await this.state()
    return isReady ? undefined : trouble ?? "Redis is not there."
  }
}

/** Returns the state with no more names than a page can bear: those in use come first. */
export function shownState(state: HomeState): HomeState & { namesLeftOut?: number } {
  const limits = Object.entries(state.limits)
    .sort(([, one], [, other]) => other.callsInWindow + other.waiting - one.callsInWindow - one.waiting)
  const leases = Object.entries(state.leases).sort(([, one], [, other]) => other - one)
  const namesLeftOut = Math.max(0, limits.length - NAMES_SHOWN) + Math.max(0, leases.length - NAMES_SHOWN)
  return {
    ...state,
    limits: Object.fromEntries(limits.slice(0, NAMES_SHOWN)),
    leases: Object.fromEntries(leases.slice(0, NAMES_SHOWN)),
    ...(namesLeftOut === 0 ? {} : { namesLeftOut }),
  }
}
