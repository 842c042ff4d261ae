import type { Request } from "express"

import { RefusedRequest } from "../../server/refused_request"

/** The longest silence while a body arrives, in ms. */
const SILENCE_MS = 30_000

/**
 * Hands the bytes of a body to `add`. Resolves when all have arrived. Rejects with a RefusedRequest, or with what `add`
 * throws, and leaves the rest of the body unread.
 */
export async function receive(req: Request, add: (chunk: Buffer) => void): Promise<void> {
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
        add(chunk)
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
