import { Pace } from "../configuration/limits"

/** The part of the time that has gone by after which Marketo is asked again, while nothing is known of its speed. */
const NEXT_LOOK = 0.25

/** The same once a file before has shown it. */
const NEXT_LOOK_NEAR_END = 0.1

/** How much sooner a file is asked for than the one before was done, which may have been done a while before. */
const SOONER = 0.97

/**
 * The longest wait for a first look, in longest waits between looks: the file before may have waited for those of
 * others, and a run must not miss the end of a quick one.
 */
const LONGEST_FIRST_LOOK = 10

/**
 * When to ask how far a file is: each question costs one of the day's calls. The first comes when the file should be
 * done by the time that the one before took for each of its leads, so that most files take one.
 */
export class ImportPolls {
  private msPerLead: number | undefined

  constructor(private readonly pace: Pick<Pace, "firstPollMs" | "longestPollMs">) {}

  /** Returns how long (ms) to wait before a file that Marketo has had for `elapsedMs` is asked for. */
  nextWaitMs(leads: number, elapsedMs: number): number {
    const { firstPollMs, longestPollMs } = this.pace
    const expectedMs = Math.min((this.msPerLead ?? 0) * leads, longestPollMs * LONGEST_FIRST_LOOK)
    const part = this.msPerLead === undefined ? NEXT_LOOK : NEXT_LOOK_NEAR_END
    return elapsedMs < expectedMs ? Math.max(firstPollMs, expectedMs - elapsedMs) :
      Math.min(longestPollMs, Math.max(firstPollMs, elapsedMs * part))
  }

  /** A file was done when it was asked for, after so many ms. */
  done(leads: number, elapsedMs: number): void {
    this.msPerLead = elapsedMs * SOONER / Math.max(1, leads)
  }
}
