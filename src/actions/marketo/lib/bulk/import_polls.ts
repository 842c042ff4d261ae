import { Pace } from "../configuration/limits"

/**
 * The part of the time that a file is expected to take after which Marketo is asked for the first time: a little more
 * than all of it, since most files take a second question otherwise.
 */
const FIRST_LOOK = 1.05

/** The part of the time that has gone by after which Marketo is asked again. */
const NEXT_LOOK = 0.25

/**
 * The longest wait for a first look, in longest waits between looks: the file before may have waited for those of
 * others, and a run must not miss the end of a quick one.
 */
const LONGEST_FIRST_LOOK = 10

/**
 * When to ask how far a file is: each question costs one of the day's calls. The first comes when the file should be
 * done by the time that the one before took for each of its leads.
 */
export class ImportPolls {
  private msPerLead: number | undefined

  constructor(private readonly pace: Pick<Pace, "firstPollMs" | "longestPollMs">) {}

  /** Returns how long (ms) to wait before a file that Marketo has had for `elapsedMs` is asked for. */
  nextWaitMs(leads: number, elapsedMs: number): number {
    const { firstPollMs, longestPollMs } = this.pace
    const expectedMs = Math.min((this.msPerLead ?? 0) * leads * FIRST_LOOK, longestPollMs * LONGEST_FIRST_LOOK)
    return elapsedMs < expectedMs ? Math.max(firstPollMs, expectedMs - elapsedMs) :
      Math.min(longestPollMs, Math.max(firstPollMs, elapsedMs * NEXT_LOOK))
  }

  /** A file was done when it was asked for, after so many ms. */
  done(leads: number, elapsedMs: number): void {
    this.msPerLead = elapsedMs / Math.max(1, leads)
  }
}
