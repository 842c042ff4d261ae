import { FaultEffect } from "../calls/fault_effects"
import { FaultMatch, FaultSubject, matches } from "./fault_matching"
import { SeededRandom } from "../setup/seeded_random"

export type { FaultEffect, OutageMode } from "../calls/fault_effects"
export type { FaultMatch, FaultSubject } from "./fault_matching"

export interface FaultRule {
  match?: FaultMatch
  /** Only these matching calls, counted from 1. */
  nth?: number | number[]
  /** Every second, third… matching call. */
  every?: number
  /** Chance for each matching call, 0 to 1, from the sandbox's seeded generator. Default 1. */
  probability?: number
  /** The number of times that the rule takes effect before it is spent. Default no limit (`failNext`: 1). */
  times?: number
  /** The rule ends this many ms (of the sandbox's clock) after it was added. Default never. */
  forMs?: number
  /** If there are several, the seeded generator picks one each time. */
  effect: FaultEffect | FaultEffect[]
}

interface ActiveRule {
  rule: FaultRule
  /** ms since 1970. */
  endsAt: number
  matched: number
  fired: number
}

/**
 * The scripted and random faults. Rules apply in the order they were added, to calls that have passed authentication
 * and limits (and to identity calls). Delays add up; among the rest the first that fires counts.
 */
export class Faults {
  private rules: ActiveRule[] = []

  constructor(private readonly random: SeededRandom, private readonly now: () => number) {}

  /** Adds a rule; the returned function removes it. */
  add(rule: FaultRule): () => void {
    const active = { rule, endsAt: this.now() + (rule.forMs ?? Infinity), matched: 0, fired: 0 }
    this.rules.push(active)
    return () => {
      this.rules = this.rules.filter((other) => other !== active)
    }
  }

  clear() {
    this.rules = []
  }

  /** Returns the rules with the number of times each has matched and fired. */
  state(): { rule: FaultRule, matched: number, fired: number }[] {
    return this.rules.map(({ rule, matched, fired }) => ({ rule, matched, fired }))
  }

  effectsFor(subject: FaultSubject): { delayMs: number, effect: FaultEffect | undefined } {
    let delayMs = 0
    let effect: FaultEffect | undefined
    for (const active of this.rules) {
      if (this.now() >= active.endsAt || !matches(active.rule.match, subject) || !this.fires(active)) {
        continue
      }
      active.fired++
      const picked = this.pick(active.rule.effect)
      if (picked?.kind === "delay") {
        delayMs += picked.ms
      } else if (picked) {
        effect = picked
        break
      }
    }
    return { delayMs, effect }
  }

  private pick(effect: FaultEffect | FaultEffect[]): FaultEffect | undefined {
    return Array.isArray(effect) ? effect[Math.floor(this.random.next() * effect.length)] : effect
  }

  private fires(active: ActiveRule): boolean {
    const { nth, every, probability = 1, times = Infinity } = active.rule
    active.matched++
    if (active.fired >= times || (every !== undefined && active.matched % every !== 0)) {
      return false
    }
    if (nth !== undefined && !(Array.isArray(nth) ? nth : [nth]).includes(active.matched)) {
      return false
    }
    return probability >= 1 || this.random.next() < probability
  }
}
