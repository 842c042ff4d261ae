import { SettingsReader } from "../../hub/settings"
import { streamSettings } from "../../hub/stream/stream_settings"
import { RefusedRequest } from "../refused_request"

/** How long a body may take, in ms. */
export interface BodyPatience {
  /** From the first byte to the last; as long as it likes when absent. */
  wholeMs?: number
  /** Without a byte. */
  silenceMs: number
  /** Without a byte within the attachment's data, which Looker may send while the query runs. */
  dataSilenceMs: number
}

/** What a request without a key gets, too. */
const ORDINARY_MS = 10_000
/** What servers and load balancers allow by default. Sources: nginx's client_body_timeout, AWS's idle timeout. */
const SILENCE_MS = 60_000

/** How long the bodies of executions and of all other requests may take. */
export function bodyPatience(): { execution: BodyPatience, ordinary: BodyPatience } {
  const { idleTimeoutMs } = streamSettings(new SettingsReader(process.env))
  return {
    execution: { silenceMs: SILENCE_MS, dataSilenceMs: Math.max(SILENCE_MS, idleTimeoutMs) },
    ordinary: { wholeMs: ORDINARY_MS, silenceMs: ORDINARY_MS, dataSilenceMs: ORDINARY_MS },
  }
}

/** Watches over a body that arrives; `giveUp` is called once with the refusal when that takes too long. */
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

  /** Bytes have come; `isInData` says whether the next ones belong to the attachment's data. */
  hear(isInData: boolean): void {
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
