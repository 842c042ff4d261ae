import * as express from "express"
import type { NextFunction, Request, RequestHandler, Response } from "express"

const BYTES_PER_MB = 1024 * 1024

/** How long the rest of a refused request is read and thrown away, so that its sender gets to see the answer. */
const DISCARD_MS = 10_000

/**
 * Reads a JSON body of at most `limitMb`, compressed or not. Any other content type and an empty body count as `{}`,
 * since a POST without a body is legal everywhere.
 */
export function jsonBody(limitMb: number): RequestHandler[] {
  return [express.json({ limit: limitMb * BYTES_PER_MB, strict: true }), emptyBodyByDefault]
}

/** Gives a request that has no body an empty one, as Express 4 did. */
export function emptyBodyByDefault(req: Request, _res: Response, next: NextFunction): void {
  req.body ??= {}
  next()
}

/** Cuts the connection of a request that is answered without being read and never stops sending. */
export function limitUnreadBody(req: Request, res: Response, next: NextFunction): void {
  res.once("finish", () => {
    if (!req.complete) {
      const cut = setTimeout(() => req.socket.destroy(), DISCARD_MS)
      cut.unref()
      req.once("close", () => clearTimeout(cut))
    }
  })
  next()
}
