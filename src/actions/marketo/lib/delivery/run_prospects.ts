import { MarketoError } from "../errors"
import { mayBeOneRecord } from "../quota/retry_policy"
import { isApplied, LeadOutcome } from "../report/outcomes"
import { StopReason } from "../stopping/run_control"
import { accessRefused, marketoUnavailable, quotaSpent, refusedRepeatedly } from "../stopping/stop_reasons"

/** The run ends after this many consecutive failed batches, each of which was repeated several times. */
const MOST_FAILURES_IN_A_ROW = 3

/** The run ends after this many consecutive batches that were refused in the same way. */
const MOST_REFUSALS_ALIKE = 3

/** The same, however they were refused. */
const MOST_REFUSALS_IN_A_ROW = 6

/** The same for batches of a single lead, which may be the cause itself. */
const MOST_REFUSALS_OF_ONE_LEAD = 10

/**
 * Judges by what became of the batches whether further upserts can pass.
 *
 * A batch that a single record spoils is halved before it comes here, and the rest of it is applied. One of which
 * nothing was applied, and which was refused together, has no single record to blame: when that happens in the same
 * way several times in a row, with nothing applied in between, it will happen to all.
 */
export class RunProspects {
  private failuresInARow = 0
  private refusalsInARow = 0
  private refusalsAlike = 0
  private likeness: string | undefined

  /** Takes what became of a batch. Returns the reason to end the run, if every further upsert would fail as well. */
  learnFrom(outcomes: LeadOutcome[]): StopReason | undefined {
    const failures = outcomes.filter(isFailure).map((outcome) => outcome.error)
    const ending = failures.find(isRunEnding)
    if (ending !== undefined) {
      return ending.kind === "quota" ? quotaSpent(ending) : accessRefused(ending)
    }
    const isUnreachable = failures.length === outcomes.length && failures.length > 0 &&
      failures.every((error) => error.kind === "unavailable")
    this.failuresInARow = isUnreachable ? this.failuresInARow + 1 : 0
    if (this.failuresInARow >= MOST_FAILURES_IN_A_ROW) {
      return marketoUnavailable(failures[0])
    }
    const refusal = outcomes.some(isApplied) ? undefined : failures.find(isRefusal)
    if (refusal !== undefined) {
      return this.afterRefusal(refusal, outcomes.length)
    }
    if (outcomes.some(isAnswered)) {
      this.refusalsInARow = 0
      this.likeness = undefined
    }
    return undefined
  }

  private afterRefusal(refusal: MarketoError, leads: number): StopReason | undefined {
    const likeness = likenessOf(refusal)
    this.refusalsAlike = likeness === this.likeness ? this.refusalsAlike + 1 : 1
    this.likeness = likeness
    this.refusalsInARow++
    const isAlone = leads === 1 && mayBeOneRecord(refusal)
    const isHopeless = isAlone ? this.refusalsAlike >= MOST_REFUSALS_OF_ONE_LEAD :
      this.refusalsAlike >= MOST_REFUSALS_ALIKE || this.refusalsInARow >= MOST_REFUSALS_IN_A_ROW
    return isHopeless ? refusedRepeatedly(refusal) : undefined
  }
}

/** Returns true for failures that every further call would meet, too. */
export function isRunEnding(error: MarketoError): boolean {
  return error.kind === "quota" || error.kind === "auth"
}

function isFailure(outcome: LeadOutcome): outcome is LeadOutcome & { kind: "failed" } {
  return outcome.kind === "failed"
}

/** A lead that Marketo skipped shows that it takes calls, too. */
function isAnswered(outcome: LeadOutcome): boolean {
  return isApplied(outcome) || outcome.kind === "skipped"
}

function isRefusal(error: MarketoError): boolean {
  return (error.kind === "rejected" || error.kind === "tooLarge") && !error.maybeExecuted
}

/** What refusals of one kind have in common: all but the values, names and numbers in their text. */
function likenessOf({ kind, code, said, message }: MarketoError): string {
  const text = (said ?? message).replace(/'[^']*'|"[^"]*"|\[[^\]]*\]|\S*[\d@]\S*/g, "…")
  return [kind, code ?? "", text].join(" ")
}
