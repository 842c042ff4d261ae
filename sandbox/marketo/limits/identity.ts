import { ApiError } from "../calls/api_reply"
import { CustomService } from "../setup/custom_services"
import { SandboxKnobs } from "../setup/options"
import { Parameters } from "../calls/parameters"
import { SeededRandom } from "../setup/seeded_random"

interface IssuedToken {
  text: string
  service: CustomService
  /** ms since 1970. */
  expiresAt: number
}

export interface IdentityAnswer {
  httpStatus: 200 | 401
  body: Record<string, unknown>
}

/**
 * The OAuth endpoint and the tokens it issued. Every custom service has one token at a time. Before it expires, further
 * requests return the same one with the seconds that remain. The first call with an expired token gets 602. Later ones
 * get 601, since by then the token is forgotten.
 */
export class Identity {
  /** The life shown in the next `times` answers instead of the real remaining seconds, to play the edge of expiry. */
  readonly shownLife = { seconds: 0, times: 0 }
  private readonly current = new Map<string, IssuedToken>()
  private readonly known = new Map<string, IssuedToken>()

  constructor(
    readonly services: CustomService[],
    private readonly knobs: SandboxKnobs,
    private readonly random: SeededRandom,
    private readonly now: () => number,
  ) {}

  /** Answers an identity call. Parameters come from the query or from a form body. */
  answer(parameters: Parameters): IdentityAnswer {
    if (parameters.one("grant_type") !== "client_credentials") {
      return unauthorized("unsupported_grant_type", "Unsupported grant type")
    }
    const service = this.services.find((one) => one.clientId === parameters.one("client_id"))
    if (!service) {
      return unauthorized("unauthorized", "No client with requested id")
    }
    if (service.clientSecret !== parameters.one("client_secret")) {
      return unauthorized("invalid_client", "Bad client credentials")
    }
    const token = this.tokenOf(service)
    let remaining = Math.max(0, Math.floor((token.expiresAt - this.now() - 1) / 1000))
    if (this.shownLife.times > 0) {
      this.shownLife.times--
      remaining = this.shownLife.seconds
    }
    return {
      httpStatus: 200,
      body: { access_token: token.text, token_type: "bearer", expires_in: remaining, scope: service.user },
    }
  }

  /** Returns the service that a call's `Authorization` header belongs to. Throws 600, 601 or 602. */
  authenticate(authorization: string | undefined): CustomService {
    const text = /^bearer +(\S+)\s*$/i.exec(authorization ?? "")?.[1]
    if (text === undefined) {
      throw authorization?.trim()
        && !/^bearer$/i.test(authorization.trim()) ? invalid() : new ApiError("600", "Empty access token")
    }
    const token = this.known.get(text)
    if (!token) {
      throw invalid()
    }
    if (token.expiresAt <= this.now()) {
      this.known.delete(text)
      throw new ApiError("602", "Access token expired")
    }
    return token.service
  }

  /** Ends the life of all tokens (or one client's) now, as if their time had passed. */
  expireTokens(clientId?: string) {
    for (const token of this.known.values()) {
      if (clientId === undefined || token.service.clientId === clientId) {
        token.expiresAt = Math.min(token.expiresAt, this.now())
      }
    }
  }

  /** Makes the next `times` identity answers contain `expires_in: seconds`, whatever is true. */
  showLife(seconds: number, times = 1) {
    this.shownLife.seconds = seconds
    this.shownLife.times = times
  }

  /** Returns a valid token without an identity call, for tests with another subject. */
  issue(clientId = this.services[0].clientId): string {
    const service = this.services.find((one) => one.clientId === clientId)
    if (!service) {
      throw new Error(`The sandbox has no custom service "${clientId}".`)
    }
    return this.tokenOf(service).text
  }

  private tokenOf(service: CustomService): IssuedToken {
    const held = this.current.get(service.clientId)
    if (held && held.expiresAt > this.now()) {
      return held
    }
    const hex = (digits: number) => this.random.hex(digits)
    const text = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}:sb`
    const token = { text, service, expiresAt: this.now() + this.knobs.tokenLifeSeconds * 1000 }
    this.current.set(service.clientId, token)
    this.known.set(text, token)
    return token
  }
}

function unauthorized(error: string, description: string): IdentityAnswer {
  return { httpStatus: 401, body: { error, error_description: description } }
}

function invalid() {
  return new ApiError("601", "Access token invalid")
}
