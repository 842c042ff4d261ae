import { MINUTE_MS } from "../../hub/durations"
import { SettingsReader } from "../../hub/settings"
import { streamSettings } from "../../hub/stream/stream_settings"
import { RefusedRequest } from "../refused_request"

/** The time limits for a body, in ms. */
export interface BodyPatience {
  /** The time from the first byte to the last; no limit if absent. */
  wholeMs?: number
  /** The longest silence. */
  silenceMs: number
  /** The longest silence within the attachment's data, which Looker may send while the query runs. */
  dataSilenceMs: number
}

/** The limit for requests that need no key, among others. */
const ORDINARY_MS = 10_000
/** The default of servers and load balancers. Sources: nginx's client_body_timeout, AWS's idle timeout. */
const SILENCE_MS = MINUTE_MS

/** Returns the time limits for the bodies of executions and of all other requests. */
export function bodyPatience(): { execution: BodyPatience, ordinary: BodyPatience } {
  const { idleTimeoutMs } = streamSettings(new SettingsReader(process.env))
  return {
    execution: { silenceMs: SILENCE_MS, dataSilenceMs: Math.max(SILENCE_MS, idleTimeoutMs) },
    ordinary: { wholeMs: ORDINARY_MS, silenceMs: ORDINARY_MS, dataSilenceMs: ORDINARY_MS },
  }
}

/** Watches a body that arrives. `giveUp` is called once, with the refusal, if the body takes too long. */
export class BodyWatch {

  private readonly whole: NodeJS.Timeout | undefined
  private silence: NodeJS.Timeout

  constructor(
    private readonly patience: BodyPatience,
    private readonly giveUp: (refusal: RefusedRequest) => void,
  ) {
    const { wholeMs } = patience
    this.whole = wholeMs === undefined ? undefined : setTimeout(() => this.refuse(wholeMs), wholeMs).unref()
    this.silence = this.waitFor(patience.silenceMs)
  }

  /**
   * Restarts the limit on silence, since bytes have come. `isInData`: the next ones belong to the attachment's data.
   */
  bytesCame(isInData: boolean): void {
    clearTimeout(this.silence)
    this.silence = this.waitFor(isInData ? this.patience.dataSilenceMs : this.patience.silenceMs)
  }

  end(): void {
    clearTimeout(this.whole)
    clearTimeout(this.silence)
  }

  private waitFor(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.refuse(ms), ms).unref()
  }

  private refuse(ms: number): void {
    this.end()
    const seconds = ms / 1000
    this.giveUp(new RefusedRequest(408, `The request's body did not arrive in time: the hub waits ${seconds} seconds.`))
  }

}
