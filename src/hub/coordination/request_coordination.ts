import type { ActionRequest } from "../action_request"
import type { Coordination } from "./coordination"

/**
 * Attaches the coordination that a request's action may use. It is invisible to `JSON.stringify` and to comparisons,
 * since it belongs to one process.
 */
export function attachCoordination(request: ActionRequest, coordination: Coordination): void {
  Object.defineProperty(request, "coordination", {
    value: coordination, enumerable: false, configurable: true, writable: true,
  })
}

/** Returns the coordination of a request; undefined if the request did not come through this hub, as in tests. */
export function coordinationOf(request: ActionRequest): Coordination | undefined {
  return (request as { coordination?: Coordination }).coordination
}
