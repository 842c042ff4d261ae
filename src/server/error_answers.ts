import type { NextFunction, Request, Response } from "express"
import * as winston from "winston"

import { isOutOfDescriptors, outOfDescriptors } from "../hub/unanswered_runs"
import { failureForLog } from "./failure_log"
import { loggedPath } from "./logged_path"
import { RefusedRequest } from "./refused_request"

type RouteHandler = (req: Request, res: Response, next: NextFunction) => Promise<void>

/** The statuses after which the connection is closed: more bytes would neither help the sender nor be welcome here. */
const LAST_ANSWERS = [408, 413, 503]

/** Raised by a route for something that an action does not offer. It is answered with 404 and the message. */
export class NotOffered extends Error {}

/** Answers with an error in the shape that every hub uses, `{"success":false,"error":"..."}`. */
export function answerRefusal(res: Response, status: number, message: string): void {
  if (LAST_ANSWERS.includes(status)) {
    res.setHeader("Connection", "close")
  }
  res.status(status).json({ success: false, error: message })
}

/**
 * Turns an async function into a route that answers whatever it throws. Strings, which word the hub's refusals, and
 * {@link NotOffered} become 404 with their text. Anything else becomes 500 with a fixed text.
 */
export function route(handle: RouteHandler): RouteHandler {
  return async (req, res, next) => {
    try {
      await handle(req, res, next)
    } catch (thrown) {
      answerThrown(req, res, thrown)
    }
  }
}

/** Answers paths at which nothing is served. It is the last route. */
export function answerUnknownPath(req: Request, res: Response): void {
  answerRefusal(res, 404, `Nothing is served at ${req.method} ${req.path}.`)
}

/** Answers requests that middleware refused before a route. Express knows its error handler by the four parameters. */
export function answerUnreadable(failure: unknown, req: Request, res: Response, _next: NextFunction): void {
  const { status } = failure as { status?: unknown }
  if (res.headersSent || res.destroyed) {
    res.end()
  } else if (failure instanceof RefusedRequest) {
    answerRefusal(res, failure.status, failure.message)
  } else if (typeof status === "number" && status >= 400 && status < 500) {
    // Express itself refuses only paths.
    answerRefusal(res, status, "The request could not be read: its path is not properly encoded.")
  } else {
    answerThrown(req, res, failure)
  }
}

function answerThrown(req: Request, res: Response, thrown: unknown): void {
  if (thrown instanceof RefusedRequest && !res.headersSent) {
    answerRefusal(res, thrown.status, thrown.message)
    return
  }
  const refusal = thrown instanceof NotOffered ? thrown.message : thrown
  if (typeof refusal !== "string") {
    const webhookId = req.header("x-looker-webhook-id")
    winston.error(`${req.method} ${loggedPath(req.path)} failed.`, { webhookId, ...failureForLog(thrown) })
  }
  if (res.headersSent || res.destroyed) {
    res.end()
  } else if (typeof refusal === "string") {
    answerRefusal(res, 404, refusal)
  } else if (isOutOfDescriptors(thrown)) {
    res.setHeader("Retry-After", "60")
    answerRefusal(res, 503, outOfDescriptors().message)
  } else {
    answerRefusal(res, 500, "Internal server error.")
  }
}
