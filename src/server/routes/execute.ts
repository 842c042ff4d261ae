import type { Request, Response } from "express"
import * as winston from "winston"

import type * as Hub from "../../hub"
import { attachStopSignal } from "../../hub/action_request"
import { attachCoordination } from "../../hub/coordination/request_coordination"
import { attachMetrics } from "../../hub/metrics"
import { attachRunAccount } from "../../hub/run_account"
import { attachTrace } from "../../hub/tracing"
import { notAccepted } from "../../hub/unanswered_runs"
import { RunTrace } from "../../observability/run_trace"
import type { OpenRun } from "../../runs/open_run"
import { runLogFields } from "../../xpc/logging"
import { noteOutcome, noteRun } from "../access_log"
import { ReplyDocument, executionDocument, failedExecutionDocument } from "../documents"
import { failurePlace } from "../failure_log"
import { HUB_PROCESS } from "../hub_process"
import { KeepAliveAnswer } from "../keep_alive"
import { AskedAction, askedAction } from "./asked_action"
import type { RouteContext } from "./context"
import { originOfRun } from "./run_origin"

/**
 * Runs an action and answers with its outcome. Once the action is found, every failure is answered in the ordinary
 * shape, with status 200 and the message for the person in Looker. A run goes on when its asker hangs up.
 */
export async function executeAction(context: RouteContext, req: Request, res: Response): Promise<void> {
  if (!context.takesRuns()) {
    const { message } = notAccepted()
    const refusal = JSON.parse(failedExecutionDocument(message).json) as object
    res.status(503).set("Retry-After", "60").json({ success: false, error: message, ...refusal })
    return
  }
  const asked = await askedAction(req)
  const answer = new KeepAliveAnswer(res, context.settings.keepAliveIntervalMs)
  const webhookId = req.header("x-looker-webhook-id")
  const startedAt = performance.now()

  const document = await run(context, asked, req, res)

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
  context: RouteContext, { action, request, problem }: AskedAction, req: Request, res: Response,
): Promise<ReplyDocument> {
  if (request === undefined) {
    return failedExecutionDocument(problem)
  }
  const openRun = context.runBook.begin(originOfRun(action, request))
  const { trace, span } = RunTrace.begin("run", { action: action.name }, req.headers)
  attachTrace(request, trace)
  noteRun(res, runLogFields(openRun.order()))
  const document = await execute(context, action, request, openRun)
  const { outcome, durationMs = 0 } = await context.runBook.end(openRun, document.success)
  context.metrics.count("actionhub_runs_total", { action: action.name, outcome })
  context.metrics.observe("actionhub_run_duration_seconds", { action: action.name }, durationMs / 1000)
  span.end({ outcome }, document.success ? undefined : outcome)
  return document
}

/** Executes the action and returns the document. Never rejects. */
async function execute(
  context: RouteContext, action: Hub.Action, request: Hub.ActionRequest, openRun: OpenRun,
): Promise<ReplyDocument> {
  const { webhookId } = request
  try {
    const queue = action.extendedAction ? context.extendedQueue : context.executeQueue
    // Only runs in this process see this limit's signal. Execute processes have their own limit, from the run's start.
    const timeLimitMs = context.timeLimitMs * (action.extendedAction ? 2 : 1)
    const logged = runLogFields(openRun.order())
    const description = {
      kind: "execution" as const, actionName: action.name, webhookId, timeLimitMs, logged, account: openRun,
    }
    return executionDocument(await context.runs.track(description, async (stopSignal) => {
      attachStopSignal(request, stopSignal)
      attachCoordination(request, context.coordination.of(HUB_PROCESS))
      attachRunAccount(request, openRun)
      attachMetrics(request, context.metrics)
      return action.validateAndExecute(request, queue)
    }))
  } catch (thrown) {
    const reason = openRun.category ?? (typeof thrown === "string" ? "settings" : "hub")
    openRun.noteFailure(reason)
    winston.log(reason === "hub" ? "error" : "warn", `The run of ${action.name} ${
      reason === "hub" ? "failed" : "was refused"}.`, {
      reason, ...runLogFields(openRun.order()), webhookId, ...(reason === "hub" ? failurePlace(thrown) : {}),
    })
    return failedExecutionDocument(thrown)
  }
}
