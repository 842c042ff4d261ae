import type { Coordination, Permit } from "../hub/coordination/coordination"
import { PeriodSpentError } from "../hub/coordination/coordination"
import type { CoordinationHome } from "../hub/coordination/coordination_home"
import type {
  CoordinationAnswer, CoordinationFrame, CoordinationQuestion, CoordinationNotice,
} from "./coordination_frames"
import { errorText } from "./error_text"

/** Answers one execute process on behalf of the home. When the process is gone, so are its questions. */
export class CoordinationHost {
  private readonly coordination: Coordination
  private readonly asked = new Map<number, AbortController>()
  private readonly permits = new Map<number, Permit>()
  private isClosed = false

  constructor(
    private readonly home: CoordinationHome, private readonly owner: string,
    private readonly answer: (answer: CoordinationAnswer) => void,
  ) {
    this.coordination = home.of(owner)
  }

  receive(frame: CoordinationFrame): void {
    if ("notice" in frame) {
      this.take(frame.notice)
    } else {
      void this.reply(frame.id, frame.question)
    }
  }

  /**
   * Gives up a process that is gone. Its calls and leases stay held for as long as its calls may go on. Returns how
   * long (ms) leases do; 0 if it had none.
   */
  close(): number {
    this.isClosed = true
    const heldMs = this.home.abandon(this.owner)
    this.asked.forEach((asked) => asked.abort(new Error("The process is gone.")))
    return heldMs
  }

  private async reply(id: number, question: CoordinationQuestion): Promise<void> {
    const stop = new AbortController()
    this.asked.set(id, stop)
    try {
      const answer = await this.answerTo(id, question, stop.signal)
      if (!this.isClosed) {
        this.answer(answer)
      }
    } catch (reason) {
      if (!stop.signal.aborted) {
        this.answer(reason instanceof PeriodSpentError ? { id, answer: "spent" } :
          { id, answer: "lost", message: errorText(reason) })
      }
    } finally {
      this.asked.delete(id)
    }
  }

  private async answerTo(
    id: number, question: CoordinationQuestion, signal: AbortSignal,
  ): Promise<CoordinationAnswer> {
    const { coordination } = this
    switch (question.ask) {
      case "acquire": {
        const permit = await coordination.limit(question.limit, question.rules).acquire(question.turn, signal)
        if (signal.aborted) {
          // The process has left, or cancelled the question, while the permit was on its way.
          permit.release("accepted")
        } else {
          this.permits.set(id, permit)
        }
        return { id, answer: "granted", waitedFor: permit.waitedFor }
      }
      case "use":
        return { id, answer: "use", use: await coordination.limit(question.limit, question.rules).use() }
      case "hold": {
        const leases = coordination.leases(question.leases, question.rules)
        return { id, answer: "held", busy: await leases.hold(question.keys) }
      }
      case "free":
        await coordination.leases(question.leases, question.rules).free(question.key, signal)
        return { id, answer: "free" }
      case "unsettled":
        return { id, answer: "unsettled", ms: await coordination.leases(question.leases, question.rules).unsettledMs() }
    }
  }

  private take(notice: CoordinationNotice): void {
    switch (notice.kind) {
      case "cancel":
        this.cancel(notice.id)
        return
      case "sent":
        this.permits.get(notice.permit)?.sent()
        return
      case "release":
        this.permits.get(notice.permit)?.release(notice.reception)
        this.permits.delete(notice.permit)
        return
      case "releaseKeys":
        this.coordination.leases(notice.leases, notice.rules).release(notice.keys, notice.afterMs)
        return
      case "period":
        this.coordination.limit(notice.limit, notice.rules).notePeriod(notice.used, notice.endsInMs)
    }
  }

  /** Cancels a question. A permit that was granted before is given back unused. */
  private cancel(id: number): void {
    this.asked.get(id)?.abort(new Error("The call is no longer wanted."))
    this.permits.get(id)?.release("accepted")
    this.permits.delete(id)
  }
}
