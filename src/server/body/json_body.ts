import type { NextFunction, Request, RequestHandler, Response } from "express"

import { RefusedPart } from "../refused_request"
import { BodyRules, readBody } from "./read_body"

/**
 * Reads a JSON body into `req.body`. Any other content type and an empty body count as `{}`, since a POST without a
 * body is legal everywhere. A refused part is left to the route to answer; see {@link refusedPart}.
 */
export function jsonBody(rules: BodyRules): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    if (!req.is("application/json")) {
      emptyBodyByDefault(req, res, next)
      return
    }
    // This comes before the line in the log is written.
    res.prependOnceListener("close", () => {
      if (!req.complete && !res.headersSent) {
        res.status(400)
      }
    })
    const share = rules.memory.share()
    res.once("close", () => share.end())
    readBody(req, rules, share).then((body) => {
      req.body = body
      next()
    }, (failure: unknown) => {
      if (failure instanceof RefusedPart) {
        req.body = {}
        refusals.set(req, failure)
        next()
      } else {
        next(failure)
      }
    })
  }
}

const refusals = new WeakMap<Request, RefusedPart>()

/** Returns the problem with a part of the body that was found while reading, if any. */
export function refusedPart(req: Request): RefusedPart | undefined {
  return refusals.get(req)
}

/** Sets an empty body on a request without one, as Express 4 did. */
export function emptyBodyByDefault(req: Request, _res: Response, next: NextFunction): void {
  req.body ??= {}
  next()
}
