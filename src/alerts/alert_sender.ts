import { setMaxListeners } from "events"
import PQueue from "p-queue"
import { setTimeout as wait } from "timers/promises"
import * as winston from "winston"
import { Metrics, NO_METRICS } from "../hub/metrics"
import type { AlertBody } from "./alert_body"
import { AlertAddress, postAlert } from "./post_alert"

/** The waits before an alert is sent again, in ms: it is given up after some eleven minutes. */
const RETRY_AFTER_MS = [1000, 5000, 30_000, 120_000, 480_000]
/** Alerts that wait. Beyond, the newest are dropped: the first ones say why. */
const MOST_WAITING = 100
const HOUR_MS = 3_600_000
/** A hub that ends sends alerts for so long, in ms. */
const CLOSING_GRACE_MS = 2000

export interface AlertReceiver extends AlertAddress {
  mostPerHour: number
}

/**
 * Sends alerts one at a time, and again if the receiver does not take them. One that waits for that holds up no other.
 * Nothing waits for it.
 */
export class AlertSender {
  /** Alerts by what became of them. */
  readonly counts = { delivered: 0, failed: 0, dropped: 0 }
  private readonly posts = new PQueue({ concurrency: 1 })
  private readonly closing = new AbortController()
  private readonly deliveries = new Set<Promise<void>>()
  private sentAt: number[] = []

  constructor(
    private readonly receiver: AlertReceiver, private readonly retryAfterMs = RETRY_AFTER_MS,
    private readonly metrics: Metrics = NO_METRICS, private readonly patienceMs?: number,
  ) {
    setMaxListeners(MOST_WAITING, this.closing.signal)
  }

  /** Takes an alert, unless there are too many in this hour, or too many that wait. */
  send(alert: AlertBody): void {
    const now = performance.now()
    this.sentAt = this.sentAt.filter((at) => now - at < HOUR_MS)
    const isTooMany = this.sentAt.length >= this.receiver.mostPerHour || this.deliveries.size >= MOST_WAITING
    if (this.closing.signal.aborted || isTooMany) {
      this.drop()
      return
    }
    this.sentAt.push(now)
    const delivery = this.deliver(alert).finally(() => this.deliveries.delete(delivery))
    this.deliveries.add(delivery)
  }

  /** Sends what waits for at most `graceMs`, and gives up the rest. */
  async close(graceMs = CLOSING_GRACE_MS): Promise<void> {
    const grace = new AbortController()
    await Promise.race([Promise.all(this.deliveries), wait(graceMs, undefined, { signal: grace.signal })])
    grace.abort()
    this.closing.abort()
  }

  private async deliver(alert: AlertBody): Promise<void> {
    const { signal } = this.closing
    for (let attempt = 0; ; attempt++) {
      const problem = await this.posts.add(async () =>
        signal.aborted ? "the hub ends" : postAlert(this.receiver, alert, this.patienceMs))
      if (problem === undefined) {
        this.note("delivered")
        return
      }
      if (signal.aborted || attempt >= this.retryAfterMs.length) {
        this.note("failed")
        winston.warn("An alert could not be delivered.", { alert: alert.id, because: problem })
        return
      }
      await wait(this.retryAfterMs[attempt], undefined, { ref: false, signal }).catch(endedEarly)
    }
  }

  private note(outcome: keyof AlertSender["counts"]): void {
    this.counts[outcome]++
    this.metrics.count("actionhub_alerts_total", { outcome })
  }

  private drop(): void {
    this.note("dropped")
    if (this.counts.dropped % MOST_WAITING === 1) {
      winston.warn("Alerts are left out: there are too many of them.", { droppedAlerts: this.counts.dropped })
    }
  }
}

/** The wait for a repetition ends early when the hub does. */
function endedEarly(failure: Error): void {
  if (failure.name !== "AbortError") {
    throw failure
  }
}
