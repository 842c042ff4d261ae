import { randomUUID } from "crypto"
import { QuotaShare } from "../configuration/limits"
import { RunStoppedError } from "../errors/run_stopped_error"
import { RunControl } from "../stopping/run_control"
import { coordinationLost } from "../stopping/stop_reasons"
import { isCoordinationLost, isPeriodSpent, SharedLimit } from "./coordination"
import { reserveReached } from "./daily_allowance"
import { CallPermit, Quota } from "./quota"

/**
 * The quota as the hub keeps it for all its processes, and Redis for several hubs. Runs take turns, call by call,
 * wherever they go on. If nobody can be asked, the run is stopped: what is not sent can be sent again, and nobody is
 * created twice.
 */
export class SharedQuota implements Quota {
  private readonly waiting = new Map<RunControl, number>()
  private readonly parties = new WeakMap<RunControl, string>()

  /** `isBrief` is true for forms, which a person waits for. */
  constructor(
    private readonly limit: SharedLimit, private readonly share: QuotaShare, private readonly isBrief: boolean,
  ) {}

  get callsPerWindow(): number {
    return this.share.callsPerWindow
  }

  get concurrentCalls(): number {
    return this.share.concurrentCalls
  }

  waitingOf(run: RunControl): number {
    return this.waiting.get(run) ?? 0
  }

  async acquire(run: RunControl, goesFirst = false): Promise<CallPermit> {
    run.check()
    this.count(run, 1)
    try {
      const turn = { party: this.partyOf(run), goesFirst, isBrief: this.isBrief }
      const permit = await run.abortable(async (signal) => this.limit.acquire(turn, signal))
      const { waitedFor } = permit
      return {
        waitedFor: waitedFor === undefined ? undefined : waitedFor === "window" ? "rate" : "concurrency",
        sent: () => permit.sent(),
        // A call that never went out keeps its place in the window: to give it back would cost a message of its own.
        release: (reception) => permit.release(reception === "notSent" ? "accepted" : reception),
      }
    } catch (failure) {
      if (isPeriodSpent(failure)) {
        throw reserveReached()
      }
      if (isCoordinationLost(failure)) {
        run.stop(coordinationLost(failure.message))
        throw new RunStoppedError(failure.message)
      }
      throw failure
    } finally {
      this.count(run, -1)
    }
  }

  private count(run: RunControl, change: number): void {
    const waiting = this.waitingOf(run) + change
    if (waiting === 0) {
      this.waiting.delete(run)
    } else {
      this.waiting.set(run, waiting)
    }
  }

  /** A run's name among those of all processes and hubs. */
  private partyOf(run: RunControl): string {
    const party = this.parties.get(run) ?? randomUUID()
    this.parties.set(run, party)
    return party
  }
}
