import type { NextFunction, Request, Response } from "express"

import * as apiKey from "./api_key"
import { answerRefusal } from "./error_answers"

/** The form in which Looker writes a key into the header. Hubs have always accepted the odd vertical bar. */
const TOKEN_PATTERN = /[T|t]oken token="(.*)"/

/**
 * Lets requests with a valid API key pass, and answers others with 403. It looks at the headers only, so it belongs
 * before anything that reads the body.
 */
export function requireApiKey(req: Request, res: Response, next: NextFunction): void {
  if (hasValidKey(req.header("authorization"))) {
    next()
  } else {
    answerRefusal(res, 403, "Invalid 'Authorization' header.")
  }
}

function hasValidKey(authorization: string | undefined): boolean {
  const key = TOKEN_PATTERN.exec(authorization ?? "")?.[1]
  return key !== undefined && apiKey.validate(key)
}
