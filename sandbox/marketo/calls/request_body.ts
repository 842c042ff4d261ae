import { IncomingMessage } from "node:http"

/**
 * Reads the whole body. Resolves with "tooLarge" past `limit` bytes (the rest is read and dropped), or "lost" if the
 * client left.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | "tooLarge" | "lost"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limit) {
        chunks.length = 0
        resolve("tooLarge")
      } else {
        chunks.push(chunk)
      }
    })
    request.on("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on("close", () => resolve("lost"))
    request.on("error", () => resolve("lost"))
  })
}
