import type { Request, Response } from "express"

import { isRunId } from "../../runs/records/run_id"
import { RUN_OUTCOMES, RunOutcome } from "../../runs/records/run_record"
import type { RunQuery } from "../../runs/stores/run_store"
import { answerRefusal } from "../error_answers"
import { RefusedRequest } from "../refused_request"
import type { RouteContext } from "./context"
import { queryParameters } from "./received_request"

const USUAL_PAGE = 50
const LARGEST_PAGE = 200
const PARAMETERS = ["limit", "before", "outcome", "action", "plan", "from", "to"]

/** Answers with a page of the runs, newest first. */
export async function listRuns({ runBook }: RouteContext, req: Request, res: Response): Promise<void> {
  const query = runQuery(queryParameters(req))
  const { runs, next } = await runBook.find(query)
  res.set("Cache-Control", "no-store").json({
    runs: runs.map(({ samples, ...run }) => run), ...(next === undefined ? {} : { next }),
  })
}

/** Answers with one run. */
export async function showRun({ runBook }: RouteContext, req: Request, res: Response): Promise<void> {
  const id = String(req.params.runId)
  const run = isRunId(id) ? await runBook.get(id) : undefined
  if (run === undefined) {
    answerRefusal(res, 404, "There is no record of such a run. The last 1,000 runs are kept.")
    return
  }
  res.set("Cache-Control", "no-store").json(run)
}

/** Reads what is wanted. Throws a RefusedRequest that names the parameter that cannot be read. */
function runQuery(parameters: Record<string, string>): RunQuery {
  const unknown = Object.keys(parameters).find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) {
    throw refused(`There is no parameter "${unknown.slice(0, 60)}": use ${PARAMETERS.join(", ")}.`)
  }
  const { before, outcome, action, plan, from, to, limit = String(USUAL_PAGE) } = parameters
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > LARGEST_PAGE) {
    throw refused(`The parameter "limit" has to be a whole number from 1 to ${LARGEST_PAGE}.`)
  }
  if (before !== undefined && !isRunId(before)) {
    throw refused("The parameter \"before\" has to be the id of a run, such as the \"next\" of the page before.")
  }
  if (outcome !== undefined && !RUN_OUTCOMES.includes(outcome as RunOutcome)) {
    throw refused(`The parameter "outcome" has to be one of ${RUN_OUTCOMES.join(", ")}.`)
  }
  return {
    limit: Number(limit), before, outcome: outcome as RunOutcome | undefined, action, planId: plan,
    from: moment("from", from), to: moment("to", to),
  }
}

function moment(name: string, text: string | undefined): number | undefined {
  const time = text === undefined ? undefined : /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
  if (time !== undefined && Number.isNaN(time)) {
    throw refused(`The parameter "${name}" has to be a time such as 2026-11-25T08:00:00Z.`)
  }
  return time
}

function refused(message: string): RefusedRequest {
  return new RefusedRequest(400, message)
}
