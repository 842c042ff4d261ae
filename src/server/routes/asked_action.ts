import type { Request } from "express"

import * as Hub from "../../hub"
import { receivedRequest } from "./received_request"

/** The action of a request, with the request for it, or with the problem in that request. */
export type AskedAction =
  | { action: Hub.Action, request: Hub.ActionRequest, problem?: undefined }
  | { action: Hub.Action, request?: undefined, problem: unknown }

/**
 * Finds the action that a request names. An unknown one is thrown in the hub's words, before any problem with the
 * request: that one is for the action's user to read, in the shape in which the action answers.
 */
export async function askedAction(req: Request): Promise<AskedAction> {
  const name = String(req.params.actionId)
  let request: Hub.ActionRequest
  try {
    request = receivedRequest(req)
  } catch (problem) {
    return { action: await Hub.findAction(name, { lookerVersion: null }), problem }
  }
  return { action: await Hub.findAction(name, { lookerVersion: request.lookerVersion }), request }
}
