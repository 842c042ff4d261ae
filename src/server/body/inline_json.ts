import { Readable } from "stream"

import { DocumentReader, readDocument } from "../../hub/stream/document_reader"

/**
 * The levels on which lists of rows are looked for: the top, or one or two below, as in `{"data":[...]}`. Values below
 * are parsed whole.
 */
const LEVELS = 3

/**
 * Checks that pieces of bytes are one JSON document, some rows at a time, so that others have the loop in between.
 * Rejects with the `refusal` if they are not.
 */
export async function requireJson(pieces: Buffer[], refusal: () => Error): Promise<void> {
  try {
    await readDocument(Readable.from(pieces, { objectMode: false }), async (document) => {
      await document.begin()
      await readThrough(document, LEVELS)
      await document.finish()
    })
  } catch {
    throw refusal()
  }
}

async function readThrough(document: DocumentReader, levels: number): Promise<void> {
  const kind = levels === 0 ? "other" : await document.kindOfValue()
  if (kind === "list") {
    await document.eachElement(() => undefined)
  } else if (kind === "object") {
    await document.eachMember(async () => readThrough(document, levels - 1))
  } else {
    await document.value()
  }
}
