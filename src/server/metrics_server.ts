import * as express from "express"
import * as http from "http"

import { SettingsError } from "../hub/settings"
import type { MetricsHome } from "../observability/metrics_home"
import { answerUnknownPath, answerUnreadable, route } from "./error_answers"
import { showMetrics } from "./routes/metrics"

/** Where the metrics are served alone. */
interface MetricsPlace {
  port: number
  host?: string
  token?: string
}

/** Serves the metrics, and nothing else, on a port of their own. Rejects if that is taken. */
export async function serveMetrics(metrics: MetricsHome, { port, host, token }: MetricsPlace): Promise<http.Server> {
  const app = express()
  app.disable("x-powered-by")
  app.disable("etag")
  app.get("/metrics", route(async (req, res) => showMetrics(metrics, token, req, res)))
  app.use(answerUnknownPath)
  app.use(answerUnreadable)
  const server = http.createServer(app)
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(error.code !== "EADDRINUSE" ? error :
      new SettingsError([`ACTION_HUB_METRICS_PORT ${port} is taken: set a free one, other than PORT`])))
    server.listen(port, host, resolve)
  })
  return server
}
