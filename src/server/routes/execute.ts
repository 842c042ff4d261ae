import type { Request, Response } from "express"
import * as winston from "winston"

import { attachStopSignal } from "../../hub/action_request"
import { attachCoordination } from "../../hub/coordination/request_coordination"
import { notAccepted } from "../../hub/unanswered_runs"
import { noteOutcome } from "../access_log"
import { ReplyDocument, executionDocument, failedExecutionDocument } from "../documents"
import { failurePlace } from "../failure_log"
import { HUB_PROCESS } from "../hub_process"
import { KeepAliveAnswer } from "../keep_alive"
import { AskedAction, askedAction } from "./asked_action"
import type { RouteContext } from "./context"

/**
 * Runs an action and answers with its outcome. Once the action is found, every failure is answered in the ordinary
 * shape, with status 200 and the message for the person in Looker. A run goes on when its asker hangs up.
 */
export async function executeAction(context: RouteContext, req: Request, res: Response): Promise<void> {
  if (!context.isReady()) {
    const { message } = notAccepted()
    const refusal = JSON.parse(failedExecutionDocument(message).json) as object
    res.status(503).set("Retry-After", "60").json({ success: false, error: message, ...refusal })
    return
  }
  const asked = await askedAction(req)
  const answer = new KeepAliveAnswer(res, context.settings.keepAliveIntervalMs)
  const webhookId = req.header("x-looker-webhook-id")
  const startedAt = performance.now()

  const document = await run(context, asked, webhookId)

  noteOutcome(res, document.success)
  if (answer.isHungUp) {
    const durationMs = Math.floor(performance.now() - startedAt)
    winston.warn(`Looker hung up before the run of ${asked.action.name} ended.`, {
      webhookId, outcome: document.success ? "success" : "failure", durationMs,
    })
  }
  answer.end(document.json)
}

/** Runs the action and returns the document. Never rejects. */
async function run(
  context: RouteContext, { action, request, problem }: AskedAction, webhookId: string | undefined,
): Promise<ReplyDocument> {
  if (request === undefined) {
    return failedExecutionDocument(problem)
  }
  try {
    const queue = action.extendedAction ? context.extendedQueue : context.executeQueue
    // Only runs in this process see this limit's signal. Execute processes have their own limit, from the run's start.
    const timeLimitMs = context.timeLimitMs * (action.extendedAction ? 2 : 1)
    const description = { kind: "execution" as const, actionName: action.name, webhookId, timeLimitMs }
    return executionDocument(await context.runs.track(description, async (stopSignal) => {
      attachStopSignal(request, stopSignal)
      attachCoordination(request, context.coordination.of(HUB_PROCESS))
      return action.validateAndExecute(request, queue)
    }))
  } catch (thrown) {
    if (typeof thrown !== "string") {
      winston.warn(`The run of ${action.name} failed.`, { webhookId, ...failurePlace(thrown) })
    }
    return failedExecutionDocument(thrown)
  }
}
