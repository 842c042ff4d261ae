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

/** Sends alerts one after the other, and again if the receiver does not take them. Nothing waits for it. */
export class AlertSender {
  /** Alerts by what became of them. */
  readonly counts = { delivered: 0, failed: 0, dropped: 0 }
  private readonly waiting: AlertBody[] = []
  private sentAt: number[] = []
  private isSending = false
  private isClosed = false
  private wake: (() => void) | undefined

  constructor(
    private readonly receiver: AlertReceiver, private readonly retryAfterMs = RETRY_AFTER_MS,
    private readonly metrics: Metrics = NO_METRICS, private readonly patienceMs?: number,
  ) {}

  /** Takes an alert, unless there are too many in this hour, or too many that wait. */
  send(alert: AlertBody): void {
    const now = performance.now()
    this.sentAt = this.sentAt.filter((at) => now - at < HOUR_MS)
    if (this.isClosed || this.sentAt.length >= this.receiver.mostPerHour || this.waiting.length >= MOST_WAITING) {
      this.drop()
      return
    }
    this.sentAt.push(now)
    this.waiting.push(alert)
    void this.sendWaiting()
  }

  /** Sends what waits for at most `graceMs`, and gives up the rest. */
  async close(graceMs = CLOSING_GRACE_MS): Promise<void> {
    const deadline = performance.now() + graceMs
    while (this.isSending && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    this.isClosed = true
    this.wake?.()
  }

  private async sendWaiting(): Promise<void> {
    if (this.isSending) {
      return
    }
    this.isSending = true
    for (let alert = this.waiting.shift(); alert !== undefined; alert = this.waiting.shift()) {
      await this.deliver(alert)
    }
    this.isSending = false
  }

  private async deliver(alert: AlertBody): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const problem = this.isClosed ? "the hub ends" : await postAlert(this.receiver, alert, this.patienceMs)
      if (problem === undefined) {
        this.note("delivered")
        return
      }
      if (this.isClosed || attempt >= this.retryAfterMs.length) {
        this.note("failed")
        winston.warn("An alert could not be delivered.", { alert: alert.id, because: problem })
        return
      }
      await this.pause(this.retryAfterMs[attempt])
    }
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms).unref()
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
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
