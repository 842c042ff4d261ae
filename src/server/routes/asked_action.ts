import type { Request } from "express"

import * as Hub from "../../hub"
import { receivedRequest } from "./received_request"

/** An action that was asked for, with the request for it, or with what is wrong with that request. */
export type AskedAction =
  | { action: Hub.Action, request: Hub.ActionRequest, problem?: undefined }
  | { action: Hub.Action, request?: undefined, problem: unknown }

/**
 * Finds the action that a request names. An unknown one is thrown as the hub words it, before anything that is wrong
 * with the request: that is for the action's user to read, in the shape in which the action answers.
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
