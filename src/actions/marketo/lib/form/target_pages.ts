import { MarketoError, RunStoppedError } from "../errors"
import { NamedTarget } from "./named_targets"

/** Reads all targets of one kind, page by page. */
export type ReadPages = (onPage: (page: NamedTarget[]) => void) => Promise<void>

/**
 * The targets of one kind, which come page by page: a form shows those that are there, while the others are still
 * being read for the next one.
 */
export class TargetPages {
  /** The targets read so far, in Marketo's order. */
  readonly targets: NamedTarget[] = []
  /** Resolves when reading has ended, one way or the other; whatever Marketo does, it does not reject. */
  readonly reading: Promise<void>
  private ended: "not yet" | "complete" | "failed" = "not yet"
  private reason: MarketoError | undefined

  /** Begins to read; calls `onFailure` once if not all could be read. */
  constructor(readPages: ReadPages, onFailure: () => void) {
    this.reading = this.read(readPages, onFailure)
  }

  /** True if every target that the API user can see has been read. */
  get isComplete(): boolean {
    return this.ended === "complete"
  }

  /** The failure that ended reading early; undefined while it goes on, when it is done, and when time ran out. */
  get failure(): MarketoError | undefined {
    return this.reason
  }

  private async read(readPages: ReadPages, onFailure: () => void): Promise<void> {
    try {
      await readPages((page) => { this.targets.push(...page) })
      this.ended = "complete"
    } catch (failure) {
      if (!(failure instanceof MarketoError) && !(failure instanceof RunStoppedError)) {
        throw failure
      }
      this.ended = "failed"
      this.reason = failure instanceof MarketoError ? failure : undefined
      onFailure()
    }
  }
}
