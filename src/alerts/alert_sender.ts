import * as requestPromise from "request-promise-native"
import * as winston from "winston"
import type { AlertBody } from "./alert_body"
import { signatureHeaders } from "./signature"

/** The waits before an alert is sent again, in ms: it is given up after some eleven minutes. */
const RETRY_AFTER_MS = [1000, 5000, 30_000, 120_000, 480_000]
/** An answer that is not there by then, in ms, does not come. */
const PATIENCE_MS = 10_000
/** Alerts that wait. Beyond, the newest are dropped: the first ones say why. */
const MOST_WAITING = 100
const HOUR_MS = 3_600_000
/** A hub that ends sends alerts for so long, in ms. */
const CLOSING_GRACE_MS = 2000

export interface AlertReceiver {
  url: string
  secret?: string
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
    private readonly patienceMs = PATIENCE_MS,
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
      const problem = this.isClosed ? "the hub ends" : await this.post(alert)
      if (problem === undefined) {
        this.counts.delivered++
        return
      }
      if (this.isClosed || attempt >= this.retryAfterMs.length) {
        this.counts.failed++
        winston.warn("An alert could not be delivered.", { alert: alert.id, because: problem })
        return
      }
      await this.pause(this.retryAfterMs[attempt])
    }
  }

  /** Returns undefined once the receiver has taken the alert, and otherwise the reason, without its address. */
  private async post(alert: AlertBody): Promise<string | undefined> {
    try {
      const status = await this.statusFor(alert)
      return status === undefined ? "the receiver does not answer" :
        status >= 200 && status < 300 ? undefined : `the receiver answered with status ${status}`
    } catch (failure) {
      const { cause } = failure as { cause?: { code?: string } }
      return `the receiver cannot be reached (${cause?.code ?? (failure as Error).name})`
    }
  }

  /**
   * Returns the status of the receiver's answer, undefined if none comes in time. Nothing but the status counts, so the
   * connection ends there: a receiver may send as much as it likes, for as long as it likes.
   */
  private async statusFor({ id, contentType, text }: AlertBody): Promise<number | undefined> {
    const { url, secret } = this.receiver
    // This client takes the proxy of the environment, as the actions do.
    const request = requestPromise({
      method: "POST", uri: url, body: text, followRedirect: false, simple: false, resolveWithFullResponse: true,
      headers: { "Content-Type": contentType, ...signatureHeaders(id, text, secret) },
    })
    let timer: NodeJS.Timeout | undefined
    const status = new Promise<number | undefined>((resolve) => {
      void request.on("response", ({ statusCode }: { statusCode: number }) => resolve(statusCode))
      timer = setTimeout(() => resolve(undefined), this.patienceMs).unref()
    })
    try {
      return await Promise.race([status, request.then(({ statusCode }: { statusCode: number }) => statusCode)])
    } finally {
      clearTimeout(timer)
      request.abort()
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

  private drop(): void {
    if (this.counts.dropped++ % MOST_WAITING === 0) {
      winston.warn("Alerts are left out: there are too many of them.", { droppedAlerts: this.counts.dropped })
    }
  }
}
