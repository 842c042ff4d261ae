import type { Request, Response } from "express"

import * as Hub from "../../hub"
import { NotOffered } from "../error_answers"
import { withoutTrailingSlash } from "../server_settings"
import { queryParameters, receivedRequest } from "./received_request"

const NO_OAUTH = "Action does not support OAuth."

/** The page shown in the window of the login, which is no longer needed. */
const CLOSE_WINDOW_PAGE =
  "<html><script>window.close()</script><body>You may now close this tab.</body></html>"

/** Sends the browser to the page where a person logs in to the action's service. */
export async function startOauth(req: Request, res: Response): Promise<void> {
  const action = await oauthAction(req)
  const { state = "" } = queryParameters(req)
  res.redirect(302, await action.oauthUrl(redirectUri(action), state))
}

/** Handles the parameters with which the service sent the browser back after a login. */
export async function finishOauth(req: Request, res: Response): Promise<void> {
  const action = await oauthAction(req)
  const answer = queryParameters(req)
  if (Hub.isOauthActionV2(action)) {
    const next = await (action as Hub.OAuthActionV2).oauthHandleRedirect(answer, redirectUri(action))
    if (next) {
      res.redirect(302, next)
      return
    }
  } else {
    await (action as Hub.OAuthAction).oauthFetchInfo(answer, redirectUri(action))
  }
  res.status(200).type("html").send(CLOSE_WINDOW_PAGE)
}

/** Answers with true if the login that the request holds still works, otherwise with false. */
export async function checkOauth(req: Request, res: Response): Promise<void> {
  const action = await oauthAction(req)
  res.json(await action.oauthCheck(receivedRequest(req)))
}

/** Fetches the tokens for a login that went through Looker itself. */
export async function fetchOauthToken(req: Request, res: Response): Promise<void> {
  const request = receivedRequest(req)
  const action = await Hub.findAction(String(req.params.actionId), { lookerVersion: request.lookerVersion })
  if (!Hub.isOauthActionV2(action)) {
    throw new NotOffered(NO_OAUTH)
  }
  const payload = await (action as Hub.OAuthActionV2).oauthFetchAccessToken(request)
  res.json(payload.asJson())
}

/** Finds the OAuth action. A browser's request has no version of Looker, so none is required. */
async function oauthAction(req: Request): Promise<Hub.OAuthAction | Hub.OAuthActionV2> {
  const action = await Hub.findAction(String(req.params.actionId), { lookerVersion: null })
  if (Hub.isOauthAction(action) || Hub.isOauthActionV2(action)) {
    return action as Hub.OAuthAction | Hub.OAuthActionV2
  }
  throw new NotOffered(NO_OAUTH)
}

function redirectUri(action: Hub.Action): string {
  const base = withoutTrailingSlash(process.env.ACTION_HUB_BASE_URL ?? "")
  return `${base}/actions/${encodeURIComponent(action.name)}/oauth_redirect`
}
