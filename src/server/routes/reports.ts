import type { Request, Response } from "express"
import { Readable } from "stream"
import { pipeline } from "stream/promises"

import { duration } from "../../hub/durations"
import { isRunId } from "../../runs/records/run_id"
import type { Opened } from "../../runs/reports/report_cipher"
import { remarkLine } from "../../runs/reports/report_csv"
import type { FoundReport } from "../../runs/reports/report_keeper"
import type { RouteContext } from "./context"

const DAY_MS = 86_400_000

const UNKNOWN: FoundReport = { kind: "unknown" }

const NO_SUCH_LINK = "There is no report for this link. The link may be incomplete: copy all of it, up to the " +
  "blank after it. Or the report had to make room for newer ones: then send again to get a new one."

const NO_KEPT_KEY = "This hub cannot open the report of this run: there is none, it had to make room for newer ones, " +
  "or its key is in its link alone, which is in the message in Looker."

const REMARKS = {
  damaged: "The report is damaged from here on, and the hub cannot read the rest of it.",
  unfinished: "The report is incomplete: the run is still going on, or ended before it could complete it.",
}

/**
 * Sends the report of a run's rows as a CSV file to whoever has its link. The link is the permission: no login, no
 * trace in caches, search engines or the log.
 */
export async function downloadReport({ runBook }: RouteContext, req: Request, res: Response): Promise<void> {
  const { runId, key } = req.params as { runId: string, key: string }
  const { reports } = runBook
  const found = reports === undefined || !isRunId(runId) ? UNKNOWN : await reports.find(runId, key)
  await answerWithReport(res, { runId, found, keptMs: reports?.keptMs ?? 0, ifUnknown: NO_SUCH_LINK })
}

/** Sends the report of a run to somebody who may open it without its link; whoever calls this has checked that. */
export async function downloadSealedReport({ runBook }: RouteContext, req: Request, res: Response): Promise<void> {
  const { runId } = req.params as { runId: string }
  const { reports } = runBook
  const found = reports === undefined || !isRunId(runId) ? UNKNOWN : await reports.findSealed(runId)
  await answerWithReport(res, { runId, found, keptMs: reports?.keptMs ?? 0, ifUnknown: NO_KEPT_KEY })
}

async function answerWithReport(
  res: Response, { runId, found, keptMs, ifUnknown }: {
    runId: string, found: FoundReport, keptMs: number, ifUnknown: string,
  },
): Promise<void> {
  res.set({ "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow" })
  switch (found.kind) {
    case "expired":
      explain(res, 410, `This report has been deleted. Reports are kept for ${days(keptMs)}. ` +
        "Send again to get a new one.")
      return
    case "unknown":
      explain(res, 404, ifUnknown)
      return
    case "report":
      res.type("csv").attachment(`rows-not-applied-${runId}.csv`)
      await send(res, found.contents)
  }
}

function explain(res: Response, status: number, text: string): void {
  res.status(status).type("text/plain").send(`${text}\n`)
}

async function send(res: Response, contents: AsyncGenerator<Opened>): Promise<void> {
  try {
    await pipeline(Readable.from(textsOf(contents)), res)
  } catch (failure) {
    // Who has gone away needs no answer. Anything else cuts the download, which browsers tell.
    if (!res.destroyed) {
      throw failure
    }
  }
}

async function* textsOf(contents: AsyncGenerator<Opened>): AsyncGenerator<string> {
  for await (const piece of contents) {
    yield piece.kind === "text" ? piece.text : remarkLine(REMARKS[piece.kind])
  }
}

function days(ms: number): string {
  return ms >= DAY_MS && ms % DAY_MS === 0 ? `${ms / DAY_MS} day${ms === DAY_MS ? "" : "s"}` : duration(ms)
}
