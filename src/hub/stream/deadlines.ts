import { DownloadError } from "./errors"
import type { StreamSettings } from "./stream_settings"

/**
 * The time limits of one download: one for the whole, and one for the current wait. When one has passed, `onPassed` is
 * called with an error that names it.
 */
export class Deadlines {
  private total?: NodeJS.Timeout
  private current?: NodeJS.Timeout
  private host = ""
  private bytesCameAgain = false

  constructor(private readonly settings: StreamSettings, private readonly onPassed: (error: DownloadError) => void) {
    if (settings.totalTimeoutMs > 0) {
      this.total = setTimeout(() => {
        this.pass(`The download took longer than ${settings.totalTimeoutMs} ms in all`)
      }, settings.totalTimeoutMs)
    }
  }

  expectConnection(host: string) {
    this.host = host
    const limitMs = this.settings.connectTimeoutMs
    this.expect(limitMs, () => `Looker could not be reached at ${this.host} within ${limitMs} ms`)
  }

  expectAnswer() {
    const limitMs = this.settings.firstByteTimeoutMs
    this.expect(limitMs, () => `Looker (${this.host}) did not begin to answer within ${limitMs} ms`)
  }

  expectBytes() {
    const limitMs = this.settings.idleTimeoutMs
    this.expect(limitMs, () => `Looker (${this.host}) stopped sending: nothing came for ${limitMs} ms`)
  }

  /** Restarts the limit on silence, since bytes came. */
  bytesCame() {
    this.bytesCameAgain = true
    this.current?.refresh()
  }

  /** Suspends the limit on silence, since we ourselves hold the connection back. */
  holdBack() {
    clearTimeout(this.current)
    this.current = undefined
  }

  stop() {
    clearTimeout(this.total)
    this.holdBack()
  }

  private expect(limitMs: number, message: () => string) {
    this.holdBack()
    const timer = setTimeout(() => {
      // After a long piece of work, timers run before the network. Bytes may have been waiting for us all the time.
      this.bytesCameAgain = false
      setImmediate(() => {
        if (this.current === timer && !this.bytesCameAgain) {
          this.pass(message())
        }
      })
    }, limitMs)
    this.current = timer
  }

  private pass(message: string) {
    this.stop()
    this.onPassed(new DownloadError("timeout", message))
  }
}
