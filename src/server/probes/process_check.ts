import type { StoppableQueue } from "../shutdown"
import type { Check } from "./check"

/** The least time between two attempts to start processes for a hub that has none, in ms. */
const RETRY_MS = 5000

/**
 * Returns a check that an execute process is up. A process that does not stay up is started again by the next run
 * only, which a hub that is not ready may never get. So the check starts one, too.
 */
export function processCheck(queue: StoppableQueue, now: () => number = () => performance.now()): Check {
  let triedAt = -Infinity
  return {
    name: "executeProcess",
    problem: async () => {
      const counts = queue.processes?.()
      if (counts === undefined || counts.ready > 0) {
        return undefined
      }
      if (counts.starting > 0) {
        return "The execute process is starting."
      }
      if (now() - triedAt >= RETRY_MS) {
        triedAt = now()
        queue.warmUp?.()
      }
      return "No execute process is up."
    },
  }
}
