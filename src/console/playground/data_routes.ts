import type { Request, Response } from "express"

import { answerRefusal } from "../../server/error_answers"
import type { DataShelf } from "./data_shelf"
import { receive } from "./receive"

const USUAL_TYPE = "application/octet-stream"

/** Takes a document, and answers with its id. */
export function takeData(shelf: DataShelf) {
  return async (req: Request, res: Response): Promise<void> => {
    const arrival = shelf.receive()
    try {
      await receive(req, arrival.add)
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
