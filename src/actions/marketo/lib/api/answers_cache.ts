import { performance } from "perf_hooks"
import { RunStoppedError } from "../errors/run_stopped_error"

/** The part of RunControl that is needed. */
interface Stoppable {
  check(): void
  orStop<T>(promise: Promise<T>): Promise<T>
}

interface Memory {
  promise: Promise<unknown>
  until: number
}

/** Remembers answers for a while, by name; equal questions asked at the same time share one answer. */
export class ShortMemory {
  private readonly memories = new Map<string, Memory>()

  constructor(private readonly lifeMs: number, private readonly now: () => number = () => performance.now()) {}

  /**
   * Returns the remembered answer, or that of `ask`; a failure is passed on and not remembered. With a run, throws
   * RunStoppedError as soon as that run is told to stop; the question goes on for those who still wait.
   */
  async recall<T>(name: string, ask: () => Promise<T>, run?: Stoppable): Promise<T> {
    run?.check()
    const answer = this.answerTo(name, ask, run)
    return run === undefined ? answer : run.orStop(answer)
  }

  /** Forgets one answer: the next question is asked anew. */
  forget(name: string): void {
    this.memories.delete(name)
  }

  private async answerTo<T>(name: string, ask: () => Promise<T>, run: Stoppable | undefined): Promise<T> {
    const known = this.memories.get(name)
    if (known !== undefined && this.now() < known.until) {
      return this.share(known, name, ask, run)
    }
    this.forgetExpired()
    const promise = ask()
    const memory: Memory = { promise, until: this.now() + this.lifeMs }
    this.memories.set(name, memory)
    promise.catch(() => {
      if (this.memories.get(name) === memory) {
        this.memories.delete(name)
      }
    })
    return promise
  }

  /** An answer that another run asked for; when that run was stopped before it came, this one asks itself. */
  private async share<T>(
    known: Memory, name: string, ask: () => Promise<T>, run: Stoppable | undefined,
  ): Promise<T> {
    try {
      return await known.promise as T
    } catch (failure) {
      if (failure instanceof RunStoppedError) {
        return this.recall(name, ask, run)
      }
      throw failure
    }
  }

  private forgetExpired(): void {
    this.memories.forEach((memory, name) => {
      if (this.now() >= memory.until) {
        this.memories.delete(name)
      }
    })
  }
}
