import { RunReport } from "../report/run_report"
import { HubMetrics, MetricLabels } from "./hub_metrics"

/** Enters the account of a run into the hub's metrics, from time to time: rows are too many to be told one by one. */
export class RunMetrics {
  private readonly told = new Map<string, number>()

  constructor(private readonly report: RunReport, private readonly metrics: HubMetrics | undefined) {}

  /** Enters what has come to pass since the last call. */
  tell(): void {
    const { report } = this
    if (this.metrics === undefined || report.isDryRun) {
      return
    }
    const { received, ...outcomes } = report.rows
    for (const [outcome, count] of Object.entries(outcomes)) {
      this.grown("marketo_rows_total", { outcome }, count)
    }
    let position = 0
    for (const [{ kind }, counts] of report.membership) {
      position++
      for (const [outcome, count] of Object.entries(counts) as [string, number][]) {
        this.grown("marketo_membership_changes_total", { kind, outcome }, count, position)
      }
    }
    for (const [reason, count] of report.leftOutKinds) {
      this.grown("marketo_values_left_out_total", { reason }, count)
    }
  }

  /** `position`: of the list or campaign among those of the run, which are counted together. */
  private grown(name: string, labels: MetricLabels, count: number, position = 0): void {
    const key = [name, position, ...Object.values(labels)].join(" ")
    const growth = count - (this.told.get(key) ?? 0)
    if (growth > 0) {
      this.told.set(key, count)
      this.metrics?.count(name, labels, growth)
    }
  }
}
