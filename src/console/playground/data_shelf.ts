import * as crypto from "crypto"

import { RefusedRequest } from "../../server/refused_request"

const MEGABYTE = 1024 * 1024

/** The largest document, and all of them together, in bytes. */
const DOCUMENT_BYTES = 20 * MEGABYTE
const SHELF_BYTES = 50 * MEGABYTE

/** The time for which a document waits for its run, in ms. */
const KEPT_MS = 10 * 60_000

/** A document that waits for its one download. */
export interface ShelvedDocument {
  bytes: Buffer
  /** Its content type. */
  type: string
}

/** A document that is arriving. It ends with one of the two calls. */
export interface Arrival {
  /** Adds bytes. Throws a RefusedRequest if there is no room for them. */
  add: (chunk: Buffer) => void
  /** Keeps the document, and returns the id by which it can be taken once. */
  keep(type: string): string
  /** Gives it up. */
  drop(): void
}

/** The documents that people send from the playground: in memory only, each taken once, for ten minutes at most. */
export class DataShelf {
  private readonly documents = new Map<string, ShelvedDocument & { timer: NodeJS.Timeout }>()
  private heldBytes = 0

  receive(): Arrival {
    const chunks: Buffer[] = []
    let bytes = 0
    const drop = (): void => {
      this.heldBytes -= bytes
      bytes = 0
    }
    return {
      add: (chunk) => {
        if (bytes + chunk.length > DOCUMENT_BYTES) {
          throw new RefusedRequest(413,
            `The data is larger than the playground takes: ${DOCUMENT_BYTES / MEGABYTE} MB.`)
        }
        if (this.heldBytes + chunk.length > SHELF_BYTES) {
          throw new RefusedRequest(503, "The playground holds as much data as it may. Try again in some minutes.")
        }
        bytes += chunk.length
        this.heldBytes += chunk.length
        chunks.push(chunk)
      },
      keep: (type) => {
        const id = crypto.randomBytes(24).toString("hex")
        const timer = setTimeout(() => this.take(id), KEPT_MS).unref()
        this.documents.set(id, { bytes: Buffer.concat(chunks), type, timer })
        return id
      },
      drop,
    }
  }

  has(id: string): boolean {
    return this.documents.has(id)
  }

  /** Returns the document and forgets it; undefined if there is none, or it has been taken. */
  take(id: string): ShelvedDocument | undefined {
    const document = this.documents.get(id)
    if (document !== undefined) {
      clearTimeout(document.timer)
      this.documents.delete(id)
      this.heldBytes -= document.bytes.length
    }
    return document
  }
}
