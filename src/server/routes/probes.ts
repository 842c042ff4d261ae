import type { Request, Response } from "express"

import { shownState } from "../probes/coordination_watch"
import type { RouteContext } from "./context"

/** Reports with status 200 that this process serves, also while it shuts down: restarting it would help nobody. */
export function showLiveness(_req: Request, res: Response): void {
  res.set("Cache-Control", "no-store").json({ live: true })
}

/** Reports with status 200 that the hub can take requests, or with 503 why not. */
export async function showReadiness({ readiness }: RouteContext, _req: Request, res: Response): Promise<void> {
  const report = await readiness.report()
  res.status(report.ready ? 200 : 503).set("Cache-Control", "no-store").json(report)
}

/**
 * Reports the state of the hub with status 200, or with 503 when it is shutting down or the coordination is not ready.
 * The content of `status.json`, which a deployment may write to the project folder, is included.
 */
export async function showStatus(context: RouteContext, _req: Request, res: Response): Promise<void> {
  const { executeQueue, extendedQueue } = context
  const coordination = await context.coordinationWatch.state()
  const ready = context.isReady() && coordination.isReady
  res.status(ready ? 200 : 503).set("Cache-Control", "no-store").json({
    ...context.files.status,
    ready,
    version: context.files.version,
    uptimeSeconds: Math.floor(process.uptime()),
    runsInFlight: context.runs.executionCount,
    runsWaiting: executeQueue.queue.size + extendedQueue.queue.size,
    processes: { execute: executeQueue.processes?.(), extended: extendedQueue.processes?.() },
    coordination: shownState(coordination),
  })
}
