import type { LeaseRules, LimitRules, LimitUse, Reception, Turn } from "../hub/coordination/coordination"

/** What an execute process asks the hub; each question is answered once, by its `id`. */
export type CoordinationQuestion =
  | { ask: "acquire", limit: string, rules: LimitRules, turn: Turn }
  | { ask: "use", limit: string, rules: LimitRules }
  | { ask: "hold", leases: string, rules: LeaseRules, keys: string[] }
  | { ask: "free", leases: string, rules: LeaseRules, key: string }

/** What it says without wanting an answer. */
export type CoordinationWord =
  /** The question is not waited for any longer; a permit that comes of it goes back. */
  | { say: "cancel", id: number }
  | { say: "sent", permit: number }
  | { say: "release", permit: number, reception: Reception }
  | { say: "releaseKeys", leases: string, rules: LeaseRules, keys: string[], afterMs: number }
  | { say: "period", limit: string, rules: LimitRules, used: number, endsInMs: number }

export type CoordinationFrame = { id: number, question: CoordinationQuestion } | { word: CoordinationWord }

/** The answer to a question; a permit has the number of its question. */
export type CoordinationAnswer = { id: number } & (
  | { answer: "granted" }
  | { answer: "use", use: LimitUse }
  | { answer: "held", busy: string[] }
  | { answer: "free" }
  | { answer: "spent" }
  | { answer: "lost", message: string })
