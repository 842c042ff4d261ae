import type { Request, Response } from "express"

import { answerRefusal } from "../../server/error_answers"
import { RefusedRequest } from "../../server/refused_request"
import type { Arrival, DataShelf } from "./data_shelf"

/** The longest silence while a document arrives, in ms. */
const SILENCE_MS = 30_000

const USUAL_TYPE = "application/octet-stream"

/** Takes a document, and answers with its id. */
export function takeData(shelf: DataShelf) {
  return async (req: Request, res: Response): Promise<void> => {
    const arrival = shelf.receive()
    try {
      await receive(req, arrival)
    } catch (failure) {
      arrival.drop()
      throw failure
    }
    res.status(201).json({ id: arrival.keep(req.header("content-type") ?? USUAL_TYPE) })
  }
}

/** Gives a document to the run that it is for, once. Its address is the permission, as with Looker's. */
export function giveData(shelf: DataShelf) {
  return async (req: Request, res: Response): Promise<void> => {
    const document = req.method === "GET" ? shelf.take(String(req.params.id)) : undefined
    if (document === undefined) {
      answerRefusal(res, 404, "There is no such data. Each address works once, for ten minutes at most.")
      return
    }
    res.set({
      "Cache-Control": "no-store", "Content-Type": document.type, "Content-Length": String(document.bytes.length),
      // Whoever opens the address in a browser gets a file, and no page.
      "Content-Disposition": "attachment", "Content-Security-Policy": "sandbox",
    })
    res.end(document.bytes)
  }
}

/** Resolves when all has arrived. Rejects with a RefusedRequest, and leaves the rest of the body unread. */
async function receive(req: Request, arrival: Arrival): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (failure?: Error): void => {
      clearTimeout(silence)
      req.off("data", take).off("end", end).off("close", lost)
      if (failure === undefined) {
        resolve()
      } else {
        reject(failure)
      }
    }
    const take = (chunk: Buffer): void => {
      silence.refresh()
      try {
        arrival.add(chunk)
      } catch (failure) {
        settle(failure as Error)
      }
    }
    const end = (): void => settle()
    const lost = (): void => settle(new RefusedRequest(400, "The data did not arrive in full."))
    const silence = setTimeout(() => settle(new RefusedRequest(408, "The data did not arrive in time.")), SILENCE_MS)
    req.on("data", take).once("end", end).once("close", lost)
  })
}
