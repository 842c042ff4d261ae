import { CallWatcher, MarketoCaller } from "../api/caller"
import { MarketoClient } from "../api/client"
import { MarketoConnection } from "../api/connection"
import { TargetKind } from "../api/types"
import { MarketoError, RunStoppedError } from "../errors"
import { RunControl, StopReason } from "../stopping/run_control"
import { eachTarget } from "./named_targets"
import { TargetPages } from "./target_pages"

/** The outcome of a question: `late` if there was no answer before the form had to be shown. */
export type Answer<T> =
  { kind: "known", value: T } |
  { kind: "refused", error: MarketoError } |
  { kind: "late" }

/** Time (ms) that a question may go on after its form was shown, so that the next form has the answer. */
const LONGEST_QUESTION_MS = 120000

const STOPPED: StopReason = { category: "hub", readOn: false, message: "The form is not waited for any longer." }

/**
 * The questions that one form asks of an instance. The form waits `limitMs` for all of them together; what comes
 * later goes into the connection's memory, where the next form finds it.
 */
export class FormQuestions {
  readonly client: MarketoClient
  /** Makes calls whose answers nobody has a use for once the form is shown: they end with it. */
  readonly whileOpen: MarketoClient
  /** Ends with the form's patience. */
  private readonly form = new RunControl()
  /** Ends with the questions' own. */
  private readonly questions = new RunControl({ isBackground: true })
  private readonly patience: NodeJS.Timeout
  private failure: MarketoError | undefined
  private callsQueued = 0
  private heldBack = false

  constructor(
    readonly connection: MarketoConnection, limitMs: number, logContext: { [name: string]: unknown } = {},
    watcher: Partial<CallWatcher> = {},
  ) {
    const own: CallWatcher = {
      callSent: () => undefined,
      callFailed: (_operation, error) => { this.failure = error },
      callQueued: (isQueued) => { this.callsQueued += isQueued ? 1 : -1 },
    }
    const clientOf = (control: RunControl) =>
      new MarketoClient(new MarketoCaller(connection, control, own, logContext).watchedBy(watcher))
    this.client = clientOf(this.questions)
    this.whileOpen = clientOf(this.form)
    this.patience = setTimeout(() => {
      this.heldBack = this.callsQueued > 0
      this.form.stop(STOPPED)
    }, limitMs)
    setTimeout(() => this.questions.stop(STOPPED), LONGEST_QUESTION_MS).unref()
  }

  /** The latest failure of a call, which may be under way again; it explains why answers are late. */
  get lastFailure(): MarketoError | undefined {
    return this.failure
  }

  /** True if calls still waited for their turn in the quota when the form's time was over. */
  get wasHeldBack(): boolean {
    return this.heldBack
  }

  /** Ends the form's patience: to be called when the form is made. */
  end(): void {
    clearTimeout(this.patience)
    this.form.stop(STOPPED)
  }

  /** Returns the user that the token speaks for. */
  async user(): Promise<Answer<string>> {
    return this.inTime(this.client.user())
  }

  /** Returns the answer to a question, which is remembered for some minutes under its name. */
  async ask<T>(name: string, question: () => Promise<T>): Promise<Answer<T>> {
    return this.inTime(this.connection.memory.recall(name, question))
  }

  /**
   * Returns the targets of one kind, or those of `onlyIds`, as far as they have been read; the others follow in the
   * background.
   */
  async targets(kind: TargetKind, onlyIds?: string[]): Promise<TargetPages> {
    const name = `names of each ${kind}${onlyIds === undefined ? "" : ` of ${onlyIds.join(",")}`}`
    const { memory } = this.connection
    return memory.recall(name, async () => new TargetPages(
      async (onPage) => eachTarget(this.client, kind, onPage, onlyIds),
      () => memory.forget(name),
    ))
  }

  /** Resolves to what the promise gives, or to its failure. Throws only what is no failure of Marketo's. */
  async inTime<T>(promise: Promise<T>): Promise<Answer<T>> {
    try {
      return { kind: "known", value: await this.form.orStop(promise) }
    } catch (failure) {
      if (failure instanceof MarketoError) {
        return { kind: "refused", error: failure }
      }
      if (failure instanceof RunStoppedError) {
        return { kind: "late" }
      }
      throw failure
    }
  }
}
