import type { Request, Response } from "express"
import * as winston from "winston"

import type { MetricsHome } from "../../observability/metrics_home"
import { isSameText } from "../api_key"
import { answerRefusal } from "../error_answers"

/** Answers with all metrics, to whoever has the token if one is set. Nothing in them is secret. */
export async function showMetrics(
  metrics: MetricsHome, token: string | undefined, req: Request, res: Response,
): Promise<void> {
  if (token !== undefined && !hasToken(req.header("authorization"), token)) {
    winston.debug("The metrics were asked for without their token.")
    res.set("WWW-Authenticate", "Bearer")
    answerRefusal(res, 401, "The metrics need the token that ACTION_HUB_METRICS_TOKEN says, as a bearer token.")
    return
  }
  const { contentType, text } = await metrics.read(req.header("accept"))
  // Not `send`, which would write the media type's parameters anew.
  res.status(200).set("Cache-Control", "no-store").setHeader("Content-Type", contentType)
  res.end(text)
}

function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? "")?.[1]
  return given !== undefined && isSameText(given, token)
}
