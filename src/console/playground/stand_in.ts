import type { Request, Response } from "express"

import { answerRefusal } from "../../server/error_answers"

const PATIENCE_MS = 10_000

/** Answers with what the stand-in says has changed in it since the call with the number `after`. */
export function showChanges(standIn: string) {
  return async (req: Request, res: Response): Promise<void> => {
    const after = typeof req.query.after === "string" && /^\d{1,9}$/.test(req.query.after) ? req.query.after : "0"
    await pass(res, `${standIn}/sandbox/desk?after=${after}`)
  }
}

/** Switches the stand-in's faults. */
export function switchFaults(standIn: string) {
  return async (req: Request, res: Response): Promise<void> =>
    pass(res, `${standIn}/sandbox/switches`, JSON.stringify(req.body))
}

async function pass(res: Response, url: string, body?: string): Promise<void> {
  let answer: globalThis.Response
  let text: string
  try {
    answer = await fetch(url, {
      method: body === undefined ? "GET" : "POST", body, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS),
    })
    text = await answer.text()
  } catch {
    answerRefusal(res, 502, "The stand-in does not answer. Is it running?")
    return
  }
  res.status(answer.ok ? 200 : 502).set("Cache-Control", "no-store").type("json").send(text)
}
