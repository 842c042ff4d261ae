import type { Request, Response } from "express"
import * as winston from "winston"

import * as apiKey from "../server/api_key"
import { answerRefusal } from "../server/error_answers"
import type { Attempts } from "./attempts"
import { SESSION_MS, type Sessions } from "./sessions"

/** Begins a session for whoever has a token of the hub. */
export function signIn(sessions: Sessions, attempts: Attempts) {
  return async (req: Request, res: Response): Promise<void> => {
    const address = req.ip ?? ""
    const waitSeconds = attempts.waitOf(address)
    if (waitSeconds > 0) {
      res.set("Retry-After", String(waitSeconds))
      answerRefusal(res, 429, `Too many attempts with a wrong token. Try again in ${waitSeconds} seconds.`)
      return
    }
    const { token } = (req.body ?? {}) as { token?: unknown }
    if (typeof token !== "string" || !apiKey.validate(token.trim())) {
      attempts.failed(address)
      winston.warn("Somebody tried to sign in with a wrong token.", { reason: "access" })
      answerRefusal(res, 403,
        "This is not a token of this hub. Whoever runs it makes one with: npm run generate-api-key")
      return
    }
    attempts.succeeded(address)
    sessions.begin(req, res)
    res.json({ endsInMs: SESSION_MS })
  }
}

/** Ends the session of whoever asks. */
export function signOut(sessions: Sessions) {
  return async (req: Request, res: Response): Promise<void> => {
    sessions.end(req, res)
    res.json({})
  }
}

/** Says how long the session lasts yet, in ms; 0 if there is none. */
export function showSession(sessions: Sessions) {
  return async (req: Request, res: Response): Promise<void> => {
    res.json({ endsInMs: sessions.leftOf(req) })
  }
}
