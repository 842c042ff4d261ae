import type * as express from "express"
import type { NextFunction, Request, Response } from "express"

import { logAccess } from "./access_log"
import { requireApiKey } from "./authentication"
import { BodyMemory } from "./body/body_memory"
import { emptyBodyByDefault, jsonBody } from "./body/json_body"
import { discardUnreadBody } from "./body/unread_body"
import { answerUnknownPath, answerUnreadable, route } from "./error_answers"
import { describeAction, listActions } from "./routes/action_list"
import { measureRequests } from "./request_metrics"
import type { RouteContext } from "./routes/context"
import { executeAction } from "./routes/execute"
import { fetchForm } from "./routes/form"
import { showMetrics } from "./routes/metrics"
import { checkOauth, fetchOauthToken, finishOauth, startOauth } from "./routes/oauth"
import { showLiveness, showReadiness, showStatus } from "./routes/probes"
import { showFile, showPage } from "./routes/public_pages"
import { downloadReport } from "./routes/reports"
import { listRuns, showRun } from "./routes/runs"

const BYTES_PER_MB = 1024 * 1024

/** Adds all routes of the hub. Looker's routes need an API key, which is checked before a body is read. */
export function addRoutes(app: express.Application, context: RouteContext): void {
  const limitBytes = context.settings.bodyLimitMb * BYTES_PER_MB
  const memory = new BodyMemory(context.settings.bodiesLimitMb * BYTES_PER_MB)
  const forLooker = [requireApiKey, jsonBody({ limitBytes, memory, patience: context.patience.ordinary })]
  const forExecution = [requireApiKey, jsonBody({ limitBytes, memory, patience: context.patience.execution })]

  app.disable("x-powered-by")
  app.disable("etag")
  app.set("query parser", "simple")
  app.set("trust proxy", context.settings.trustProxy ?? false)
  app.use(measureRequests(context.metrics))
  app.use(logAccess, discardUnreadBody(limitBytes), securityHeaders, closeWhenStopping(context))

  app.post("/", ...forLooker, route(async (req, res) => listActions(context, req, res)))
  app.post("/actions/:actionId", ...forLooker, route(async (req, res) => describeAction(context, req, res)))
  app.post("/actions/:actionId/execute", ...forExecution, route(async (req, res) => executeAction(context, req, res)))
  app.post("/actions/:actionId/form", ...forLooker, route(async (req, res) => fetchForm(context, req, res)))
  app.post("/actions/:actionId/oauth_token", ...forLooker, route(fetchOauthToken))

  app.get("/actions/:actionId/oauth", route(startOauth))
  app.get("/actions/:actionId/oauth_redirect", route(finishOauth))
  app.get("/actions/:actionId/oauth_check", requireApiKey, emptyBodyByDefault, route(checkOauth))

  app.get("/runs", requireApiKey, route(async (req, res) => listRuns(context, req, res)))
  app.get("/runs/:runId", requireApiKey, route(async (req, res) => showRun(context, req, res)))
  app.get("/reports/:runId/:key", route(async (req, res) => downloadReport(context, req, res)))

  app.get("/livez", showLiveness)
  app.get("/readyz", route(async (req, res) => showReadiness(context, req, res)))
  context.pages?.addTo(app, context)

  app.get("/status", route(async (req, res) => showStatus(context, req, res)))
  const { shownMetrics } = context
  if (shownMetrics !== undefined) {
    app.get("/metrics", route(async (req, res) => showMetrics(shownMetrics.home, shownMetrics.token, req, res)))
  }
  app.get(["/", "/index.html"], route(async (req, res, next) => showPage(context, req, res, next)))
  app.use(route(async (req, res, next) => showFile(context, req, res, next)))
  app.use(answerUnknownPath)
  app.use(answerUnreadable)
}

function securityHeaders(_req: Request, res: Response, next: NextFunction): void {
  res.setHeader("X-Content-Type-Options", "nosniff")
  // The address to which a login returns contains a code that no other site should learn.
  res.setHeader("Referrer-Policy", "no-referrer")
  next()
}

/** Closes each connection after its answer while the hub stops, since a next request would get none. */
function closeWhenStopping({ isReady }: RouteContext) {
  return (_req: Request, res: Response, next: NextFunction): void => {
    if (!isReady()) {
      res.setHeader("Connection", "close")
    }
    next()
  }
}
