import type { NextFunction, Request, Response } from "express"

import { answerRefusal } from "../server/error_answers"
import type { Sessions } from "./sessions"

/** A header that a page of another site cannot send without being asked for permission, which nobody gets. */
export const OWN_REQUEST_HEADER = "x-action-hub"

/**
 * Refuses what a page of another site has its visitor's browser send. Browsers tell where a request comes from; whoever
 * is no browser has to send the header. Downloads and events are asked for without it.
 */
export function refuseOtherSites(req: Request, res: Response, next: NextFunction): void {
  const site = req.header("sec-fetch-site")
  const isForeign = site === undefined ? isFromOtherOrigin(req) : site !== "same-origin" && site !== "none"
  const isOwn = req.header(OWN_REQUEST_HEADER) !== undefined || req.method === "GET" || req.method === "HEAD"
  if (isForeign || !isOwn) {
    answerRefusal(res, 403, "Requests from other sites are refused.")
  } else {
    next()
  }
}

/** Lets people pass who have signed in, and answers others with 401. */
export function requireSession(sessions: Sessions) {
  return (req: Request, res: Response, next: NextFunction): void => {
    if (sessions.endOf(req) === undefined) {
      answerRefusal(res, 401, "Sign in first. A session lasts an hour.")
    } else {
      next()
    }
  }
}

/**
 * Browsers leave the first header out of requests to hosts without TLS. A proxy in between may have changed the name
 * under which the hub was asked for, or left out its port, so the hub's public name will do as well.
 */
function isFromOtherOrigin(req: Request): boolean {
  const origin = req.header("origin")
  return origin !== undefined &&
    ![req.header("host"), hostOf(process.env.ACTION_HUB_BASE_URL ?? "")].includes(hostOf(origin) ?? "null")
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
