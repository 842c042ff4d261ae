import type { NextFunction, Request, RequestHandler, Response } from "express"
import type { Socket } from "net"

/**
 * The time for which the rest of a refused request is read and thrown away, so that its sender gets to see the answer.
 */
const DISCARD_MS = 10_000
/** The bytes thrown away beyond the largest body that is accepted. */
const DISCARD_BEYOND_BYTES = 64 * 1024 * 1024

/**
 * Handles requests that are answered before all of their body was read. Many senders write the whole body before they
 * look for an answer, and a connection that is closed with bytes unread takes the answer with it. So the rest is thrown
 * away as it comes, for ten seconds and `limitBytes` (and a bit) at most. Only then is the connection closed.
 */
export function discardUnreadBody(limitBytes: number): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    // This runs before Node's own listener, which would stop handing out the bytes, or close at once.
    res.prependOnceListener("finish", () => {
      if (!req.complete) {
        discard(req, limitBytes + DISCARD_BEYOND_BYTES)
      }
    })
    next()
  }
}

function discard(req: Request, limitBytes: number): void {
  const { socket } = req
  const closeInOrder = closeOnlyForWriting(socket)
  let bytes = 0
  req.on("data", (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > limitBytes) {
      socket.destroy()
    }
  })
  req.on("error", () => undefined)
  // This marks the request as being read, which Node asks for right after this.
  req.read(0)
  req.resume()
  const cut = setTimeout(() => socket.destroy(), DISCARD_MS).unref()
  req.once("end", closeInOrder)
  req.once("close", () => clearTimeout(cut))
}

/**
 * Closes the connection only for writing where Node would close it because this was its last answer. The returned
 * function closes it, if Node wanted that, and undoes the change.
 */
function closeOnlyForWriting(socket: Socket): () => void {
  const close = socket.destroySoon.bind(socket)
  let isLast = false
  socket.destroySoon = () => {
    isLast = true
    socket.end()
  }
  return () => {
    socket.destroySoon = close
    if (isLast) {
      close()
    }
  }
}
