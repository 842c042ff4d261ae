import type { NextFunction, Request, Response } from "express"

import * as apiKey from "./api_key"
import { answerRefusal } from "./error_answers"

/** How Looker writes a key into the header. The odd vertical bar is part of what hubs have always accepted. */
const TOKEN_PATTERN = /[T|t]oken token="(.*)"/

/**
 * Lets a request pass that carries a valid API key, and answers any other with 403. Looks at the headers only, so it
 * belongs before whatever reads the body.
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
