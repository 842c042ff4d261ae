import {
  type Coordination, CoordinationLostError, type LeaseRules, type LimitRules, type LimitUse, PeriodSpentError,
  type Permit, type SharedLeases, type SharedLimit, type Turn,
} from "../hub/coordination/coordination"
import type {
  CoordinationAnswer, CoordinationFrame, CoordinationQuestion, CoordinationNotice,
} from "./coordination_frames"

interface Waiting {
  resolve(answer: CoordinationAnswer): void
  reject(reason: Error): void
}

/**
 * Coordination in an execute process, which asks the hub over the existing channel. Each message costs some tenths of a
 * millisecond of processor time on either side, whatever its content. So notices wait for the next question, or for the
 * end of the current code, and are sent together.
 */
export class CoordinationClient implements Coordination {
  private readonly waiting = new Map<number, Waiting>()
  private unsent: CoordinationFrame[] = []
  private lastId = 0

  /** `send` takes the frames of one message, in their order. */
  constructor(private readonly send: (frames: CoordinationFrame[]) => void) {}

  /** Receives an answer of the hub. */
  receive(answer: CoordinationAnswer): void {
    const waiting = this.waiting.get(answer.id)
    this.waiting.delete(answer.id)
    waiting?.resolve(answer)
  }

  limit(name: string, rules: LimitRules): SharedLimit {
    return {
      acquire: async (turn, signal) => this.acquire(name, rules, turn, signal),
      notePeriod: (used, endsInMs) => this.notify({ kind: "period", limit: name, rules, used, endsInMs }),
      use: async () => this.use(name, rules),
    }
  }

  leases(name: string, rules: LeaseRules): SharedLeases {
    return {
      hold: async (keys) => {
        const { answer } = await this.ask({ ask: "hold", leases: name, rules, keys })
        return answer.answer === "held" ? answer.busy : keys
      },
      release: (keys, afterMs = 0) => this.notify({ kind: "releaseKeys", leases: name, rules, keys, afterMs }),
      free: async (key, signal) => { await this.ask({ ask: "free", leases: name, rules, key }, signal) },
      unsettledMs: async () => {
        const { answer } = await this.ask({ ask: "unsettled", leases: name, rules })
        return answer.answer === "unsettled" ? answer.ms : 0
      },
    }
  }

  private async acquire(limit: string, rules: LimitRules, turn: Turn, signal?: AbortSignal): Promise<Permit> {
    const { id, answer } = await this.ask({ ask: "acquire", limit, rules, turn }, signal)
    return {
      waitedFor: answer.answer === "granted" ? answer.waitedFor : undefined,
      sent: () => this.notify({ kind: "sent", permit: id }),
      release: (reception) => this.notify({ kind: "release", permit: id, reception }),
    }
  }

  private async use(limit: string, rules: LimitRules): Promise<LimitUse> {
    const { answer } = await this.ask({ ask: "use", limit, rules })
    if (answer.answer !== "use") {
      throw new CoordinationLostError("The hub did not report the use of a limit.")
    }
    return answer.use
  }

  private async ask(
    question: CoordinationQuestion, signal?: AbortSignal,
  ): Promise<{ id: number, answer: CoordinationAnswer }> {
    signal?.throwIfAborted()
    const id = ++this.lastId
    const answer = await new Promise<CoordinationAnswer>((resolve, reject) => {
      const leave = () => {
        this.waiting.delete(id)
        this.notify({ kind: "cancel", id })
        reject(signal?.reason as Error)
      }
      const settle = (then: () => void) => {
        signal?.removeEventListener("abort", leave)
        then()
      }
      this.waiting.set(id, {
        resolve: (given) => settle(() => resolve(given)), reject: (reason) => settle(() => reject(reason)),
      })
      signal?.addEventListener("abort", leave)
      this.unsent.push({ id, question })
      this.sendUnsent()
    })
    if (answer.answer === "spent") {
      throw new PeriodSpentError()
    }
    if (answer.answer === "lost") {
      throw new CoordinationLostError(answer.message)
    }
    return { id, answer }
  }

  private notify(notice: CoordinationNotice): void {
    if (this.unsent.push({ notice }) === 1) {
      process.nextTick(() => this.sendUnsent())
    }
  }

  private sendUnsent(): void {
    if (this.unsent.length > 0) {
      const frames = this.unsent
      this.unsent = []
      this.send(frames)
    }
  }
}
