import type { NextFunction, Request, Response } from "express"

import * as apiKey from "./api_key"
import { answerRefusal } from "./error_answers"
import { OccasionalLog } from "./occasional_log"

/** The form in which Looker writes a key into the header. Hubs have always accepted the odd vertical bar. */
const TOKEN_PATTERN = /[T|t]oken token="(.*)"/

const occasionalLog = new OccasionalLog()

/**
 * Lets requests with a valid API key pass, and answers others with 403. It looks at the headers only, so it belongs
 * before anything that reads the body. What was pasted around the key, blanks or an escaped line end, does not count.
 * The log says why a key was refused, and never the key.
 */
export function requireApiKey(req: Request, res: Response, next: NextFunction): void {
  const key = keyIn(req.header("authorization"))
  if (key !== undefined && apiKey.validate(key)) {
    if (apiKey.isOfPreviousSecret(key)) {
      occasionalLog.log("info", "A token made with ACTION_HUB_SECRET_PREVIOUS was used.", addressOf(req))
    }
    next()
  } else {
    occasionalLog.log("warn", "A request was refused for its token.", addressOf(req), { because: reasonFor(key) })
    answerRefusal(res, 403, "Invalid 'Authorization' header.")
  }
}

function keyIn(authorization: string | undefined): string | undefined {
  return TOKEN_PATTERN.exec(authorization ?? "")?.[1].replace(/^(\s|\\[rnt])+|(\s|\\[rnt])+$/g, "")
}

function reasonFor(key: string | undefined): "missing" | "malformed" | "wrong" {
  if (key === undefined || key === "") {
    return "missing"
  }
  return apiKey.isWellFormed(key) ? "wrong" : "malformed"
}

function addressOf(req: Request): string {
  return req.ip ?? "unknown"
}
