import { performance } from "perf_hooks"
import { Pace } from "../configuration/limits"
import { MarketoError } from "../errors/marketo_error"
import { RunControl } from "../stopping/run_control"
import { EXAMPLE_ENDPOINT } from "../words/example_endpoint"
import { exchange, MarketoReply } from "./http"

/** The key to a Marketo instance: a custom service's credentials and the instance's origin. */
export interface Credentials {
  origin: string
  clientId: string
  clientSecret: string
}

/** A token and the facts that identity gave with it. */
export interface Token {
  text: string
  /** E-mail of the API-only user. */
  scope: string
}

interface HeldToken extends Token {
  /** Time (ms) from which on a newer one is asked for before use. */
  renewAt: number
}

/** Times that identity is asked: it may be out of reach, or hand out a token with no life left. */
const MOST_ATTEMPTS = 4

/**
 * The token of one custom service, shared by all its runs: fetched once, renewed before it expires, and never
 * fetched twice at a time. Source: Marketo developer guide, "Authentication".
 */
export class AccessToken {
  private given = false
  private held: HeldToken | undefined
  private pending: Promise<HeldToken> | undefined

  constructor(
    private readonly credentials: Credentials,
    private readonly pace: Pace,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** True if identity has given a token: this process has reached the instance. */
  get wasGiven(): boolean {
    return this.given
  }

  /**
   * Returns a token to use now. Throws MarketoError: `auth` for wrong credentials, `unavailable` when identity cannot
   * be reached or gives no token, with `unsent`, as a call without a token cannot be sent; and RunStoppedError.
   * `onRefused` is called if identity is asked for this caller, and refuses the credentials.
   */
  async current(run: RunControl, onRefused?: () => void): Promise<Token> {
    return this.held !== undefined && this.now() < this.held.renewAt ? this.held : this.renewed(run, onRefused)
  }

  /**
   * Returns a token in place of one that Marketo refused; a renewal that others have begun meanwhile serves this call,
   * too.
   */
  async replace(refused: string, run: RunControl, onRefused?: () => void): Promise<Token> {
    if (this.held !== undefined && this.held.text === refused) {
      this.held = undefined
    }
    return this.current(run, onRefused)
  }

  private async renewed(run: RunControl, onRefused?: () => void): Promise<HeldToken> {
    if (this.pending === undefined) {
      this.pending = this.fetch().then((token) => {
        this.held = token
        this.given = true
        return token
      }, (failure: unknown) => {
        if (failure instanceof MarketoError && failure.kind === "auth") {
          onRefused?.()
        }
        throw failure
      })
      const forgetPending = () => { this.pending = undefined }
      this.pending.then(forgetPending, forgetPending)
    }
    return run.orStop(this.pending)
  }

  private async fetch(): Promise<HeldToken> {
    for (let attempt = 1; ; attempt++) {
      const reply = await this.askIdentity()
      const outcome = this.readReply(reply)
      if (!(outcome instanceof MarketoError)) {
        return outcome
      }
      if (outcome.kind !== "unavailable" || outcome.origin === "between" || attempt === MOST_ATTEMPTS) {
        throw outcome
      }
      await new Promise<void>((resolve) => { setTimeout(resolve, this.pace.firstRetryMs / 2 * attempt) })
    }
  }

  private async askIdentity(): Promise<MarketoReply> {
    // The secret goes into the body: what stands in a URL ends up in logs.
    return exchange({
      method: "POST",
      url: `${this.credentials.origin}/identity/oauth/token`,
      form: {
        grant_type: "client_credentials",
        client_id: this.credentials.clientId,
        client_secret: this.credentials.clientSecret,
      },
      timeoutMs: this.pace.identityTimeoutMs,
    })
  }

  private readReply(reply: MarketoReply): HeldToken | MarketoError {
    const { host } = new URL(this.credentials.origin)
    if (reply.kind === "lost") {
      // Asking for a token twice does no harm.
      return new MarketoError("unavailable", reply.explanation, {
        origin: "network", unsent: "passing", original: reply.cause,
      })
    }
    if (reply.kind === "notSent") {
      return new MarketoError("unavailable", reply.explanation, {
        origin: "network", unsent: reply.isLasting ? "lasting" : "passing", advice: reply.advice, original: reply.cause,
      })
    }
    const { status } = reply
    if (status === 400 || status === 401) {
      const { problem, advice } = refusedCredentials(reply.kind === "answer" ? reply.body.error_description : undefined)
      return new MarketoError("auth", `Marketo at ${host} ${problem}`, {
        origin: reply.kind === "answer" ? "marketo" : "between", status, advice,
      })
    }
    if (reply.kind === "answer" && typeof reply.body.access_token === "string" && reply.body.access_token !== "") {
      return this.readToken(reply.body.access_token, reply.body, host)
    }
    if (status >= 500 || status === 200 || status === 408 || status === 429) {
      return new MarketoError("unavailable", noUsableToken(host, status), {
        origin: "marketo", status, unsent: "lasting",
      })
    }
    return new MarketoError("unavailable", `${host} does not answer as Marketo's identity service does ` +
      `(HTTP ${status}).`, {
      origin: "between", status, unsent: "lasting",
      advice: "Check the URL in the action's settings: it must be the REST endpoint of your own instance, such as " +
        `${EXAMPLE_ENDPOINT}. If it is, a proxy or a firewall answers in its place.`,
    })
  }

  private readToken(text: string, body: { [member: string]: unknown }, host: string): HeldToken | MarketoError {
    const lifeMs = Number(body.expires_in) * 1000
    if (!(lifeMs > 0)) {
      return new MarketoError("unavailable", `Marketo at ${host} gave a token that has already expired.`, {
        origin: "marketo", unsent: "lasting",
      })
    }
    return {
      text,
      scope: typeof body.scope === "string" ? body.scope : "",
      // Identity hands out the same token until it expires: near its end, asking more often gains nothing.
      renewAt: this.now() + Math.max(lifeMs - this.pace.tokenMarginMs, lifeMs / 2),
    }
  }
}

/** Returns which of the two settings is wrong, as far as Marketo says, and what to do about it. */
function refusedCredentials(said: unknown): { problem: string, advice: string } {
  const text = typeof said === "string" ? said : ""
  const service = "the custom service under Admin > Integration > LaunchPoint in Marketo"
  if (/no client with requested id/i.test(text)) {
    return {
      problem: "does not know the Client ID of the action's settings.",
      // Each instance has its own services: the right Client ID is unknown to a wrong one.
      advice: `Copy the Client ID anew from ${service}, and check that the URL is that of the same instance.`,
    }
  }
  return /bad client credentials/i.test(text) ? {
    problem: "knows the Client ID of the action's settings, but does not accept the Client Secret with it.",
    advice: `Copy the Client Secret anew from ${service}.`,
  } : {
    problem: "does not accept the Client ID and Client Secret of the action's settings.",
    advice: `Compare them with ${service}.`,
  }
}

/** Returns what to say of an answer without a token that Marketo's identity service may well have given. */
export function noUsableToken(host: string, status: number): string {
  return `Marketo's identity service at ${host} gave no usable answer (HTTP ${status}).`
}
