import * as crypto from "crypto"
import type { Request, Response } from "express"

import { answerRefusal } from "../../server/error_answers"
import { callHub, type HubReply, ownAddress } from "./hub_call"
import { actionOrder, lookerVersion } from "./orders"

/** Answers with the actions that the hub offers to a version of Looker, with their definitions. */
export function listActions(hasStandIn: boolean) {
  return async (req: Request, res: Response): Promise<void> => {
    const version = lookerVersion(req.query.version)
    const reply = await callHub(ownAddress(req), { path: "/", version, webhookId: crypto.randomUUID(), body: "{}" })
    pass(res, { ...reply, body: { ...reply.body as object, hasStandIn } })
  }
}

/** Answers with an action's form, as the hub gave it. */
export async function fetchForm(req: Request, res: Response): Promise<void> {
  const { action, version, body } = actionOrder(req.body)
  pass(res, await callHub(ownAddress(req), {
    path: `/actions/${encodeURIComponent(action)}/form`, version, webhookId: crypto.randomUUID(),
    body: JSON.stringify(body),
  }))
}

function pass(res: Response, { status, body }: HubReply): void {
  if (body === undefined) {
    answerRefusal(res, 502, `The hub's own endpoint answered with ${status}, and with nothing that is JSON.`)
  } else {
    res.status(status).set("Cache-Control", "no-store").json(body)
  }
}
