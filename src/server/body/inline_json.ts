import { Readable } from "stream"

import { DocumentReader, readDocument } from "../../hub/stream/document_reader"

/** Lists of rows stand at the top, or a level or two below: `{"data":[...]}`. Below that values are parsed whole. */
const LEVELS = 3

/**
 * Makes sure that pieces of bytes are one JSON document, some rows at a time, so that others have the loop in between.
 * Rejects with the `refusal` when they are none.
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
