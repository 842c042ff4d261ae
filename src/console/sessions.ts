import * as crypto from "crypto"
import type { Request, Response } from "express"

/** The time after which a person has to sign in again, in ms. */
export const SESSION_MS = 60 * 60_000

const COOKIE = "actionhub_session"

/** Sessions of a hub before are not valid for one with another secret, and API keys are no sessions. */
const PURPOSE = "console session"

/**
 * The sign-ins of people. A session is a signed time in a cookie, so that nothing is kept here, and hubs that have one
 * secret know each other's. It contains no API key.
 */
export class Sessions {
  private readonly key: Buffer

  /** `now`: in ms since 1970. */
  constructor(secret: string, private readonly now: () => number = Date.now) {
    this.key = crypto.createHmac("sha256", secret).update(PURPOSE).digest()
  }

  /** Sets the cookie of a new session. */
  begin(req: Request, res: Response): void {
    const claim = `${(this.now() + SESSION_MS).toString(36)}.${crypto.randomBytes(12).toString("base64url")}`
    this.setCookie(req, res, `${claim}.${this.signatureOf(claim)}`, SESSION_MS)
  }

  /** Takes the cookie back. Whoever has copied it may use it until its time is over. */
  end(req: Request, res: Response): void {
    this.setCookie(req, res, "", 0)
  }

  /** Returns when the session of a request ends, in ms since 1970; undefined if it has none that is valid. */
  endOf(req: Request): number | undefined {
    const [time = "", nonce = "", signature = ""] = cookieOf(req).split(".")
    const expected = Buffer.from(this.signatureOf(`${time}.${nonce}`))
    const given = Buffer.from(signature)
    if (given.length !== expected.length || !crypto.timingSafeEqual(given, expected)) {
      return undefined
    }
    const end = parseInt(time, 36)
    return end > this.now() ? end : undefined
  }

  /** Returns how long the session of a request lasts yet, in ms; 0 if it has none that is valid. */
  leftOf(req: Request): number {
    const end = this.endOf(req)
    return end === undefined ? 0 : Math.max(0, end - this.now())
  }

  private signatureOf(claim: string): string {
    return crypto.createHmac("sha256", this.key).update(claim).digest("base64url")
  }

  private setCookie(req: Request, res: Response, value: string, lastsMs: number): void {
    res.append("Set-Cookie", [
      `${COOKIE}=${value}`, "Path=/", "HttpOnly", "SameSite=Strict", `Max-Age=${lastsMs / 1000}`,
      ...(isBehindTls(req) ? ["Secure"] : []),
    ].join("; "))
  }
}

/** Whoever claims TLS falsely gets a cookie that his browser does not keep. */
function isBehindTls(req: Request): boolean {
  return req.secure || /^https/i.test(req.header("x-forwarded-proto") ?? "")
}

function cookieOf(req: Request): string {
  const cookies = (req.header("cookie") ?? "").split(";").map((cookie) => cookie.trim())
  return cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? ""
}
