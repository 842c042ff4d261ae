import type { NextFunction, Request, Response } from "express"
import * as winston from "winston"

import { failureForLog } from "./failure_log"

type RouteHandler = (req: Request, res: Response, next: NextFunction) => Promise<void>

/** What is said about a body or a path that could not be read, by the status that the reading middleware chose. */
const UNREADABLE: Record<number, string> = {
  400: "The request could not be read: the body has to be one valid JSON object or array, the path properly encoded.",
  413: "The request body is larger than this hub accepts.",
  415: "The request body has to be JSON in UTF-8, plain or compressed with gzip, deflate or br.",
}

/** Raised by a route for what an action does not offer; answered with 404 and the message. */
export class NotOffered extends Error {}

/** Answers with an error in the shape that every hub uses, `{"success":false,"error":"..."}`. */
export function answerRefusal(res: Response, status: number, message: string): void {
  res.status(status).json({ success: false, error: message })
}

/**
 * Makes a route of an async function. Whatever it throws is answered: a string, which is how the hub words what it
 * refuses, and {@link NotOffered} with 404 and their text, anything else with 500 and a fixed text.
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

/** The last route: nothing is served at this path. */
export function answerUnknownPath(req: Request, res: Response): void {
  answerRefusal(res, 404, `Nothing is served at ${req.method} ${req.path}.`)
}

/** Express's error handler, told from the others by its four parameters: what the middleware before a route refused. */
export function answerUnreadable(failure: unknown, req: Request, res: Response, _next: NextFunction): void {
  const { status } = failure as { status?: unknown }
  const message = typeof status === "number" ? UNREADABLE[status] : undefined
  if (res.headersSent || res.destroyed) {
    res.end()
  } else if (message !== undefined) {
    answerRefusal(res, status as number, message)
  } else if (typeof status === "number" && status >= 400 && status < 500) {
    answerRefusal(res, status, "The request could not be read.")
  } else {
    answerThrown(req, res, failure)
  }
}

function answerThrown(req: Request, res: Response, thrown: unknown): void {
  const refusal = thrown instanceof NotOffered ? thrown.message : thrown
  if (typeof refusal !== "string") {
    const webhookId = req.header("x-looker-webhook-id")
    winston.error(`${req.method} ${req.path} failed.`, { webhookId, ...failureForLog(thrown) })
  }
  if (res.headersSent || res.destroyed) {
    res.end()
  } else if (typeof refusal === "string") {
    answerRefusal(res, 404, refusal)
  } else {
    answerRefusal(res, 500, "Internal server error.")
  }
}
