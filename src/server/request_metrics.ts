import type { NextFunction, Request, Response } from "express"

import type { Metrics } from "../hub/metrics"

/** Requests that no route takes, whatever they ask for. */
const NO_ROUTE = "none"

/** The status of a request whose sender was gone before it was answered. */
const NO_ANSWER = "none"

/** Has a request counted under a name in place of its route's pattern. */
export function noteRoute(res: Response, name: string): void {
  res.locals.route = name
}

/** Counts and times requests, by the pattern of the route that took them. The path itself may hold anything. */
export function measureRequests(metrics: Metrics) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const startedAt = performance.now()
    res.once("close", () => {
      const route = routeOf(req, res)
      metrics.count("actionhub_http_requests_total", {
        route, status: res.headersSent ? String(res.statusCode) : NO_ANSWER,
      })
      metrics.observe("actionhub_http_request_duration_seconds", { route }, (performance.now() - startedAt) / 1000)
    })
    next()
  }
}

function routeOf(req: Request, res: Response): string {
  const { route } = res.locals as { route?: string }
  const { path } = (req.route ?? {}) as { path?: unknown }
  const pattern: unknown = Array.isArray(path) ? path[0] : path
  return route ?? (typeof pattern === "string" ? pattern : NO_ROUTE)
}
