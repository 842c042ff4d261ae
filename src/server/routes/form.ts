import type { Request, Response } from "express"
import * as winston from "winston"

import * as Hub from "../../hub"
import { attachCoordination } from "../../hub/coordination/request_coordination"
import { attachMetrics } from "../../hub/metrics"
import { HUB_PROCESS } from "../hub_process"
import { noteOutcome } from "../access_log"
import { ReplyDocument, failedFormDocument, formDocument } from "../documents"
import { NotOffered } from "../error_answers"
import { failurePlace } from "../failure_log"
import { KeepAliveAnswer } from "../keep_alive"
import { AskedAction, askedAction } from "./asked_action"
import type { RouteContext } from "./context"

/** Answers with an action's form, or with `{"error":"..."}` for the person who wanted to fill it in. */
export async function fetchForm(context: RouteContext, req: Request, res: Response): Promise<void> {
  const asked = await askedAction(req)
  if (!asked.action.hasForm) {
    throw new NotOffered("No form defined for action.")
  }
  const answer = new KeepAliveAnswer(res, context.settings.keepAliveIntervalMs)
  const document = await form(context, asked, req.header("x-looker-webhook-id"))
  noteOutcome(res, document.success)
  answer.end(document.json)
}

/** Returns the form's document. Never rejects. */
async function form(
  context: RouteContext, { action, request, problem }: AskedAction, webhookId: string | undefined,
): Promise<ReplyDocument> {
  if (request === undefined) {
    return failedFormDocument(problem)
  }
  try {
    const description = { kind: "form" as const, actionName: action.name, webhookId }
    return formDocument(await context.runs.track(description, async () => {
      attachCoordination(request, context.coordination.of(HUB_PROCESS))
      attachMetrics(request, context.metrics)
      return askedForm(action, request)
    }))
  } catch (thrown) {
    winston.warn(`The form of ${action.name} failed.`, { webhookId, ...failurePlace(thrown) })
    return failedFormDocument(thrown)
  }
}

/** Returns the form. An administrator's test of a delegate OAuth action gets the form that describes the connection. */
async function askedForm(action: Hub.Action, request: Hub.ActionRequest): Promise<Hub.ActionForm> {
  return Hub.isDelegateOauthAction(action) && request.params.test ?
    (action as Hub.DelegateOAuthAction).oauthCheck(request) :
    action.validateAndFetchForm(request)
}
