import type { Request } from "express"

import * as Hub from "../../hub"
import { refusedPart } from "../body/json_body"
import { RefusedRequest } from "../refused_request"
import { checkParts } from "../request_parts"

/**
 * Returns the request that Looker sent, with each part checked. Throws a RefusedRequest, and whatever `fromRequest`
 * throws.
 */
export function receivedRequest(req: Request): Hub.ActionRequest {
  const refusal = refusedPart(req)
  if (refusal !== undefined) {
    throw refusal
  }
  checkParts(req.body)
  return Hub.ActionRequest.fromRequest(req)
}

/** Returns the parameters in an address. Throws a RefusedRequest if one is given more than once. */
export function queryParameters(req: Request): Record<string, string> {
  for (const [name, value] of Object.entries(req.query)) {
    if (typeof value !== "string") {
      throw new RefusedRequest(400, `The parameter "${name.slice(0, 60)}" is given more than once.`)
    }
  }
  return req.query as Record<string, string>
}
