import type { LeaseRules, LimitRules, LimitUse, Obstacle, Reception, Turn } from "../hub/coordination/coordination"

/** A question from an execute process to the hub. Each is answered once, by its `id`. */
export type CoordinationQuestion =
  | { ask: "acquire", limit: string, rules: LimitRules, turn: Turn }
  | { ask: "use", limit: string, rules: LimitRules }
  | { ask: "hold", leases: string, rules: LeaseRules, keys: string[] }
  | { ask: "free", leases: string, rules: LeaseRules, key: string }
  | { ask: "unsettled", leases: string, rules: LeaseRules }

/** A notice from an execute process to the hub, without an answer. */
export type CoordinationNotice =
  /** The answer is no longer wanted. A permit that results from the question is given back. */
  | { kind: "cancel", id: number }
  | { kind: "sent", permit: number }
  | { kind: "release", permit: number, reception: Reception }
  | { kind: "releaseKeys", leases: string, rules: LeaseRules, keys: string[], afterMs: number }
  | { kind: "period", limit: string, rules: LimitRules, used: number, endsInMs: number }

export type CoordinationFrame = { id: number, question: CoordinationQuestion } | { notice: CoordinationNotice }

/** The answer to a question. A permit has the number of its question. */
export type CoordinationAnswer = { id: number } & (
  | { answer: "granted", waitedFor?: Obstacle }
  | { answer: "use", use: LimitUse }
  | { answer: "held", busy: string[] }
  | { answer: "free" }
  | { answer: "unsettled", ms: number }
  | { answer: "spent" }
  | { answer: "lost", message: string })
