import type { ActionRequest } from "../action_request"
import type { Coordination } from "./coordination"

/**
 * Gives a request what its action can coordinate by. It stays invisible to `JSON.stringify` and to comparisons: it
 * belongs to one process.
 */
export function attachCoordination(request: ActionRequest, coordination: Coordination): void {
  Object.defineProperty(request, "coordination", {
    value: coordination, enumerable: false, configurable: true, writable: true,
  })
}

/** What an action can coordinate by; undefined for a request that did not come through this hub, as in tests. */
export function coordinationOf(request: ActionRequest): Coordination | undefined {
  return (request as { coordination?: Coordination }).coordination
}
