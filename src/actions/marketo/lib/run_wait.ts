import { MarketoConnection } from "./api/connection"
import { RunReport } from "./report/run_report"
import { RunControl } from "./stopping/run_control"

/**
 * Said while everything counts as under way: after a restart of the hub or of its Redis nobody knows what was sent
 * before, and an upsert that runs twice at once can create a lead twice.
 */
const UNSETTLED = "certainty that no earlier upsert is still under way"
const ELSEWHERE = "leads that another run is sending"
const QUOTA = "its turn in Marketo's quota"

/** Finds out what a run waits for that is not Marketo's doing. To be asked about once a second. */
export class RunWait {
  private callsBefore = 0
  private leadsBefore = 0
  /** It takes a moment until leads are free after that. */
  private wasUnsettled = false

  constructor(
    private readonly run: RunControl, private readonly connection: MarketoConnection,
    private readonly report: RunReport,
  ) {}

  /** Said while calls of the run wait for their turn; undefined while none does. */
  get forQuota(): string | undefined {
    return this.connection.quota.waitingOf(this.run) > 0 ? QUOTA : undefined
  }

  /** Resolves with what the run waits for, in words that go on from "waits for"; undefined if for nothing. */
  async reason(): Promise<string | undefined> {
    const { run, connection, report, forQuota } = this
    const forOthers = connection.waitingElsewhere(run) > 0
    const isHalted = report.calls === this.callsBefore && report.rowsAnswered === this.leadsBefore
    this.callsBefore = report.calls
    this.leadsBefore = report.rowsAnswered
    this.wasUnsettled = isHalted && (forQuota !== undefined || forOthers) &&
      (await this.isUnsettled() || this.wasUnsettled && forOthers)
    if (this.wasUnsettled) {
      return UNSETTLED
    }
    return forQuota ?? (isHalted && forOthers ? ELSEWHERE : undefined)
  }

  private async isUnsettled(): Promise<boolean> {
    try {
      return await this.connection.unsettledMs() > 0
    } catch {
      // Nobody can be asked. What the run waits for finds that out, too, and stops it.
      return false
    }
  }
}
