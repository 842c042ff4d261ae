import * as crypto from "crypto"
import type { Request } from "express"
import * as http from "http"

import * as apiKey from "../../server/api_key"

/** The largest answer that is read, in bytes. */
const ANSWER_BYTES = 16 * 1024 * 1024

/** A request to the hub, as Looker would send it. */
export interface HubRequest {
  /** From the hub's address on, such as `/actions/marketo/form`. */
  path: string
  /** The version of Looker that is played. */
  version: string
  webhookId: string
  /** The body, as JSON. */
  body: string
}

/** What the hub answered. */
export interface HubReply {
  status: number
  /** The document; undefined if the answer is no JSON. */
  body: unknown
}

/** Returns the address at which this hub has received a request: its own, whatever name people use for it. */
export function ownAddress({ socket }: Request): string {
  const { localAddress = "127.0.0.1", localPort } = socket
  const address = localAddress.replace(/^::ffff:/, "")
  return `http://${address.includes(":") ? `[${address}]` : address}:${localPort}`
}

/**
 * Calls the hub's own endpoint over HTTP, with a token of its own: headers, token and chunked body as Looker's.
 * Resolves when the answer is complete, however long that takes. Rejects with the connection's error.
 */
export async function callHub(address: string, { path, version, webhookId, body }: HubRequest): Promise<HubReply> {
  return new Promise((resolve, reject) => {
    const request = http.request(address + path, {
      method: "POST",
      agent: false,
      headers: {
        "Content-Type": "application/json",
        "User-Agent": `LookerOutgoingWebhook/${version}`,
        "X-Looker-Webhook-Id": webhookId,
        "X-Looker-Instance": "playground",
        "Authorization": `Token token="${apiKey.fromNonce(crypto.randomBytes(32).toString("hex"))}"`,
      },
    }, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > ANSWER_BYTES) {
          response.destroy(new Error("The hub's answer is too large to be shown."))
        } else {
          chunks.push(chunk)
        }
      })
      response.once("error", reject)
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString("utf8")) }))
    })
    request.once("error", reject)
    // A write before the end leaves the length open, so that the body is chunked.
    request.write(body)
    request.end()
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
