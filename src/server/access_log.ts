import type { NextFunction, Request, Response } from "express"
import * as winston from "winston"

import type { RunLogFields } from "../xpc/logging"
import { loggedPath } from "./logged_path"

const LOGGED_CHARACTERS = 200

/** Records how an execution or a form ended, for the request's line in the log. */
export function noteOutcome(res: Response, success: boolean): void {
  res.locals.outcome = success ? "success" : "failure"
}

/** Records which run a request began, for the request's line in the log. */
export function noteRun(res: Response, fields: RunLogFields): void {
  res.locals.run = fields
}

/**
 * Logs one line when a request has been answered or its sender has gone: method, path without the query, status,
 * duration, the client's address, and Looker's id for it. Headers, bodies and queries are never logged, since they
 * hold keys, tokens and lead data. An execution or a form that failed is a warning.
 */
export function logAccess(req: Request, res: Response, next: NextFunction): void {
  const startedAt = performance.now()
  const path = loggedPath(req.path)
  // Unknown once the connection is gone.
  const client = req.ip
  const webhookId = req.header("x-looker-webhook-id")?.slice(0, LOGGED_CHARACTERS)
  res.once("close", () => {
    const durationMs = Math.floor(performance.now() - startedAt)
    const isProbe = isUneventful(path, res.statusCode)
    winston.log(isProbe ? "debug" : res.locals.outcome === "failure" ? "warn" : "info", `${req.method} ${path}`, {
      status: res.statusCode,
      durationMs,
      ...(client === undefined ? {} : { client }),
      ...(res.locals.run as RunLogFields | undefined),
      ...(webhookId === undefined ? {} : { webhookId }),
      ...(res.locals.outcome === undefined ? {} : { outcome: res.locals.outcome as string }),
      ...(res.writableFinished ? {} : { hungUp: true }),
    })
  })
  next()
}

/** Returns true for probes that say what the one before said. The log has a line for each change of readiness. */
function isUneventful(path: string, status: number): boolean {
  return path === "/livez" || path === "/readyz" || ["/status", "/metrics"].includes(path) && status === 200
}
