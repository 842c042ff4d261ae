import * as path from "path"
import * as express from "express"
import type { NextFunction, Request, Response } from "express"

import { logAccess } from "./access_log"
import { requireApiKey } from "./authentication"
import { answerUnknownPath, answerUnreadable, route } from "./error_answers"
import { emptyBodyByDefault, jsonBody, limitUnreadBody } from "./json_body"
import { PROJECT_FOLDER } from "./project_folder"
import { describeAction, listActions } from "./routes/action_list"
import type { RouteContext } from "./routes/context"
import { executeAction } from "./routes/execute"
import { fetchForm } from "./routes/form"
import { checkOauth, fetchOauthToken, finishOauth, startOauth } from "./routes/oauth"
import { showPage, showStatus } from "./routes/public_pages"

/** Adds all that the hub serves. What Looker asks for needs an API key, which is checked before a body is read. */
export function addRoutes(app: express.Application, context: RouteContext): void {
  const forLooker = [requireApiKey, ...jsonBody(context.settings.bodyLimitMb)]

  app.disable("x-powered-by")
  app.disable("etag")
  app.set("query parser", "simple")
  app.use(logAccess, limitUnreadBody, securityHeaders, closeWhenStopping(context))

  app.post("/", ...forLooker, route(async (req, res) => listActions(context, req, res)))
  app.post("/actions/:actionId", ...forLooker, route(async (req, res) => describeAction(context, req, res)))
  app.post("/actions/:actionId/execute", ...forLooker, route(async (req, res) => executeAction(context, req, res)))
  app.post("/actions/:actionId/form", ...forLooker, route(async (req, res) => fetchForm(context, req, res)))
  app.post("/actions/:actionId/oauth_token", ...forLooker, route(fetchOauthToken))

  app.get("/actions/:actionId/oauth", route(startOauth))
  app.get("/actions/:actionId/oauth_redirect", route(finishOauth))
  app.get("/actions/:actionId/oauth_check", requireApiKey, emptyBodyByDefault, route(checkOauth))

  app.get("/status", route(async (req, res) => showStatus(context, req, res)))
  app.get(["/", "/index.html"], route(showPage))
  app.use(express.static(path.join(PROJECT_FOLDER, "public"), { index: false }))
  app.use(answerUnknownPath)
  app.use(answerUnreadable)
}

function securityHeaders(_req: Request, res: Response, next: NextFunction): void {
  res.setHeader("X-Content-Type-Options", "nosniff")
  // The address of a login's return holds a code that no other site should learn.
  res.setHeader("Referrer-Policy", "no-referrer")
  next()
}

/** While the hub stops, no connection is kept for a next request, which it could not answer. */
function closeWhenStopping({ isReady }: RouteContext) {
  return (_req: Request, res: Response, next: NextFunction): void => {
    if (!isReady()) {
      res.setHeader("Connection", "close")
    }
    next()
  }
}
