import * as crypto from "crypto"
import type { Request, Response } from "express"

import { RefusedRequest } from "../../server/refused_request"
import type { RouteContext } from "../../server/routes/context"
import type { DataShelf, ShelvedDocument } from "./data_shelf"
import { callHub, ownAddress } from "./hub_call"
import { type SendOrder, sendOrder } from "./orders"
import { RunFinder } from "./run_finder"
import type { SendEvent } from "./send_events"

/** How often the run is looked at, and how many looks without news go by before a sign of life. */
const LOOK_EVERY_MS = 500
const SIGN_OF_LIFE_AFTER = 20

/**
 * Sends to an action as Looker does, and lets the browser watch: an answer of lines, of which the last has what the hub
 * answered. The run goes on if the browser leaves.
 */
export function sendToAction({ runBook }: RouteContext, shelf: DataShelf) {
  return async (req: Request, res: Response): Promise<void> => {
    const order = sendOrder(req.body)
    const webhookId = crypto.randomUUID()
    const path = `/actions/${encodeURIComponent(order.action)}/execute`
    const { shown, body } = requestBody(order, shelf, ownAddress(req))
    res.set({
      "Content-Type": "application/x-ndjson", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
    })
    const tell = (event: SendEvent): void => { res.write(`${JSON.stringify(event)}\n`) }
    tell({ kind: "sent", webhookId, path, body: shown })

    const watching = watch(new RunFinder(runBook, webhookId), tell)
    try {
      const reply = await callHub(ownAddress(req), { path, version: order.version, webhookId, body })
      await watching.look()
      tell({ kind: "answer", ...reply })
    } catch (failure) {
      tell({ kind: "failure", message: `The hub's own endpoint gave no answer: ${(failure as Error).message}` })
    } finally {
      watching.end()
      if (order.document !== undefined) {
        shelf.take(order.document.id)
      }
      res.end()
    }
  }
}

/**
 * Returns the body, and as it is shown. Only addresses of this hub are ever put into it. Throws a RefusedRequest if the
 * document is gone.
 */
function requestBody(
  { body, document }: SendOrder, shelf: DataShelf, address: string,
): { shown: object, body: string } {
  if (document === undefined) {
    const shown = { ...body, scheduled_plan: planOf(body, null), attachment: undefined }
    return { shown, body: JSON.stringify(shown) }
  }
  const { id, transport, mimetype, extension } = document
  if (transport === "url") {
    if (!shelf.has(id)) {
      throw gone()
    }
    const shown = { ...body, scheduled_plan: planOf(body, `${address}/playground/data/${id}`), attachment: undefined }
    return { shown, body: JSON.stringify(shown) }
  }
  const pushed = shelf.take(id)
  if (pushed === undefined) {
    throw gone()
  }
  const parts = { ...body, scheduled_plan: planOf(body, null) }
  const shown = { ...parts, attachment: { mimetype, extension } }
  // The data is put in as text, since what is inline may be any JSON, with numbers that JavaScript does not hold.
  const rest = JSON.stringify({ ...parts, attachment: undefined }).slice(0, -1)
  const head = JSON.stringify({ mimetype, extension }).slice(0, -1)
  return { shown, body: `${rest},"attachment":${head},"data":${dataOf(pushed, mimetype, transport)}}}` }
}

function planOf({ scheduled_plan: plan }: Record<string, unknown>, downloadUrl: string | null): object {
  return { ...plan as object | undefined, download_url: downloadUrl, async_callback_url: null }
}

function dataOf({ bytes }: ShelvedDocument, mimetype: string, transport: "push" | "inline"): string {
  return transport === "inline" ? bytes.toString("utf8") :
    JSON.stringify(bytes.toString(mimetype.endsWith(";base64") ? "base64" : "utf8"))
}

function gone(): RefusedRequest {
  return new RefusedRequest(400, "The data is no longer there: the hub keeps it for ten minutes. Send again.")
}

/** Tells of the run's progress until it is ended. */
function watch(finder: RunFinder, tell: (event: SendEvent) => void): { look: () => Promise<void>, end: () => void } {
  let looksWithoutNews = 0
  const look = async (): Promise<void> => {
    const news = await finder.news()
    if (news !== undefined) {
      looksWithoutNews = 0
      tell({ kind: "progress", run: news })
    } else if (++looksWithoutNews % SIGN_OF_LIFE_AFTER === 0) {
      tell({ kind: "alive" })
    }
  }
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const next = (): void => {
    timer = setTimeout(() => void look().finally(() => isOver || next()), LOOK_EVERY_MS).unref()
  }
  next()
  return {
    look,
    end: () => {
      isOver = true
      clearTimeout(timer)
    },
  }
}
