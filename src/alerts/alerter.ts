import * as winston from "winston"
import type { Metrics } from "../hub/metrics"
import type { RunListener } from "../runs/run_book"
import type { RunRecord } from "../runs/records/run_record"
import type { RunStore } from "../runs/stores/run_store"
import { AlertKind, alertFor } from "./alert"
import { AlertBody, cloudEvent, slackMessage } from "./alert_body"
import { AlertSender } from "./alert_sender"
import type { AlertSettings } from "./alert_settings"

/** Runs of a plan that are looked through for the one before: dry runs and running ones are passed over. */
const RUNS_LOOKED_THROUGH = 20

/** Tells a receiver of runs that have failed, and of plans that work again. */
export class Alerter implements RunListener {
  readonly sender: AlertSender
  private readonly considering = new Set<Promise<void>>()

  constructor(
    private readonly settings: AlertSettings, private readonly store: RunStore, private readonly hubUrl: () => string,
    metrics?: Metrics, sender?: AlertSender,
  ) {
    this.sender = sender ?? new AlertSender(settings, undefined, metrics)
  }

  runEnded(record: RunRecord): void {
    const considered = this.consider(record).finally(() => this.considering.delete(considered))
    this.considering.add(considered)
  }

  async close(): Promise<void> {
    await Promise.all(this.considering)
    await this.sender.close()
  }

  private async consider(record: RunRecord): Promise<void> {
    const kind = alertFor(record, await this.runBefore(record), this.settings.occasion)
    if (kind !== undefined) {
      this.sender.send(this.bodyOf(record, kind))
    }
  }

  private bodyOf(record: RunRecord, kind: AlertKind): AlertBody {
    return this.settings.format === "slack" ? slackMessage(record, kind) : cloudEvent(record, kind, this.hubUrl())
  }

  private async runBefore({ id, action, instance, plan }: RunRecord): Promise<RunRecord | undefined> {
    if (plan?.id === undefined) {
      return undefined
    }
    try {
      const { runs } = await this.store.find({ action, planId: plan.id, before: id, limit: RUNS_LOOKED_THROUGH })
      return runs.find((run) => run.instance === instance && run.outcome !== "running" && !run.isDryRun)
    } catch (failure) {
      winston.debug(`Alerts: the run before is not known: ${(failure as Error).message}`)
      return undefined
    }
  }
}
