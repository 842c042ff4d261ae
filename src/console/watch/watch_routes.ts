import * as express from "express"

import { isRunId } from "../../runs/records/run_id"
import { answerRefusal, route } from "../../server/error_answers"
import type { RouteContext } from "../../server/routes/context"
import { downloadSealedReport } from "../../server/routes/reports"
import { listRuns, showRun } from "../../server/routes/runs"
import { refuseOtherSites, requireSession } from "../guard"
import type { Sessions } from "../sessions"
import { LiveWatch, MOST_STREAMS } from "./live_watch"
import type { ReportState, SettingInForce, SettingsView } from "./shapes"

/** Adds what the console asks for. Returns how to end what is sent live. */
export function addWatchRoutes(
  app: express.Application, context: RouteContext, sessions: Sessions, settings: SettingInForce[],
): { close(): void } {
  const watch = new LiveWatch(context)
  const routes = express.Router()
  routes.use(refuseOtherSites, requireSession(sessions))
  routes.get("/runs", route(async (req, res) => listRuns(context, req, res)))
  routes.get("/runs/:runId", route(async (req, res) => showRun(context, req, res)))
  routes.get("/runs/:runId/report", route(async (req, res) => downloadSealedReport(context, req, res)))
  routes.get("/runs/:runId/report-state", route(async (req, res) => {
    const id = String(req.params.runId)
    const state: ReportState = { canOpen: isRunId(id) && await context.runBook.reports?.hasKeptKey(id) === true }
    res.set("Cache-Control", "no-store").json(state)
  }))
  routes.get("/settings", route(async (_req, res) => {
    const view: SettingsView = { settings }
    res.set("Cache-Control", "no-store").json(view)
  }))
  routes.get("/events", route(async (req, res) => {
    const { run } = req.query
    const runId = typeof run === "string" && isRunId(run) ? run : undefined
    if (!watch.open(res, { runId, leftMs: sessions.leftOf(req) })) {
      answerRefusal(res, 503, `There are ${MOST_STREAMS} pages that are watched already, or the hub is stopping.`)
    }
  }))
  app.use("/console-data", routes)
  return watch
}
