import type { Request, Response } from "express"
import * as winston from "winston"

import * as Hub from "../../hub"
import { failureForLog } from "../failure_log"
import type { RouteContext } from "./context"
import { receivedRequest } from "./received_request"

/**
 * Answers with the actions that the asking Looker's version can use. The list is made anew for every request: nothing
 * leaks from one request to another, and an action added later is there at once.
 */
export async function listActions({ router }: RouteContext, req: Request, res: Response): Promise<void> {
  const request = receivedRequest(req)
  const actions = await Hub.allActions({ lookerVersion: request.lookerVersion })
  res.json({
    integrations: actions.map((action) => definition(action, router, request)).filter((one) => one !== undefined),
    label: process.env.ACTION_HUB_LABEL,
  })
}

/** Answers with one action's definition. */
export async function describeAction({ router }: RouteContext, req: Request, res: Response): Promise<void> {
  const request = receivedRequest(req)
  const action = await Hub.findAction(String(req.params.actionId), { lookerVersion: request.lookerVersion })
  res.json(action.asJson(router, request))
}

/**
 * Returns the definition, or undefined for an action that cannot describe itself, since it must not hide all the
 * others.
 */
function definition(action: Hub.Action, router: Hub.RouteBuilder, request: Hub.ActionRequest): unknown {
  try {
    // It is written and read again, so that a value JSON cannot express shows here and not in the whole list.
    return JSON.parse(JSON.stringify(action.asJson(router, request))) as unknown
  } catch (thrown) {
    winston.error(`Action ${action.name} is left out of the list: it failed to describe itself.`,
      { webhookId: request.webhookId, ...failureForLog(thrown) })
    return undefined
  }
}
