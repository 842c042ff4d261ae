import { randomBytes } from "crypto"
import * as http from "http"
import { AddressInfo } from "net"

import { sendDownload } from "./download_body"
import { DownloadFault } from "./download_fault"
import { documentBytes, DocumentOptions, QueryResult, rechunked, ResultRow } from "./query_result"

export interface LookerSandboxOptions {
  /** A free port when absent. */
  port?: number
}

export interface PublishOptions extends DocumentOptions {
  /** The body is written in chunks of exactly this size. */
  chunkBytes?: number
  fault?: DownloadFault
}

/** One request for a published URL, as the sandbox saw it. */
export interface Download {
  path: string
  method: string
  headers: http.IncomingHttpHeaders
  /** Bytes of the body handed to the connection, before compression. */
  bodyBytes: number
  /** `gone`: the URL was spent or never published. `broken off`: the client or a fault ended it early. */
  outcome: "under way" | "complete" | "broken off" | "gone"
  /** The reason why a download was broken off. */
  reason?: string
}

type Publication = (request: http.IncomingMessage, response: http.ServerResponse, download: Download) => Promise<void>

/**
 * A stand-in for the part of Looker that a hub calls back: it serves query results from URLs that work once.
 * Listens on 127.0.0.1 only. Whatever the method, the first request spends the URL. Later ones are answered with 404.
 */
export class LookerSandbox {
  static async start(options: LookerSandboxOptions = {}): Promise<LookerSandbox> {
    const sandbox = new LookerSandbox()
    await new Promise<void>((resolve, reject) => {
      sandbox.server.once("error", reject)
      sandbox.server.listen(options.port ?? 0, "127.0.0.1", resolve)
    })
    return sandbox
  }

  /** Every request so far, in order of arrival. */
  readonly downloads: Download[] = []

  private readonly publications = new Map<string, Publication>()
  private readonly offers = new Map<string, (parameters: URLSearchParams) => QueryResult>()
  private readonly stopping = new AbortController()
  private readonly server = http.createServer((request, response) => {
    void this.answer(request, response)
  })

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Returns the one-time URL of a document that is made from `result` while it is sent. */
  publish(result: QueryResult, { fault, chunkBytes, ...documentOptions }: PublishOptions = {}): string {
    const failing = fault?.kind === "errors key" ? failAfter(result, documentOptions, fault.afterRows) : undefined
    const served = failing ?? { result, documentOptions }
    return this.publishBody(() => documentBytes(served.result, { ...served.documentOptions, chunkBytes }), fault)
  }

  /** Returns the one-time URL of any text at all, for bodies that no query result would produce. */
  publishText(text: string, { fault, chunkBytes }: Pick<PublishOptions, "fault" | "chunkBytes"> = {}): string {
    const whole = [Buffer.from(text, "utf8")]
    return this.publishBody(() => chunkBytes === undefined ? whole : rechunked(whole, chunkBytes), fault)
  }

  /**
   * Lets people publish by hand. Each POST to `path` publishes the result that `makeResult` returns for the address's
   * parameters, and answers with the one-time URL as text, or with 400 and the reason if `makeResult` throws. Returns
   * the whole URL.
   */
  offer(path: string, makeResult: (parameters: URLSearchParams) => QueryResult): string {
    this.offers.set(path, makeResult)
    return this.url + path
  }

  /** Ends every download, even stalled ones, and stops listening. */
  async stop(): Promise<void> {
    this.stopping.abort()
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve())
    })
    this.server.closeAllConnections()
    await closed
  }

  private publishBody(body: () => Iterable<Buffer>, fault: DownloadFault | undefined): string {
    if (fault?.kind === "redirect") {
      const times = fault.times ?? 1
      const target = this.publishBody(body, times > 1 ? { ...fault, times: times - 1 } : undefined)
      return this.publishAnswer(async (_request, response) => {
        response.writeHead(fault.status ?? 302, { Location: target }).end()
      })
    }
    return this.publishAnswer(async (_request, response, download) => {
      await sendDownload(body, fault, response, {
        onBytes: (byteCount) => download.bodyBytes += byteCount,
        stopping: this.stopping.signal,
      })
    })
  }

  private publishAnswer(publication: Publication): string {
    const path = `/query_result/one_time/${randomBytes(16).toString("hex")}`
    this.publications.set(path, publication)
    return this.url + path
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? "/", this.url)
    const makeResult = this.offers.get(path)
    if (makeResult !== undefined && request.method === "POST") {
      this.answerOffer(() => makeResult(searchParams), response)
      return
    }
    const download: Download = {
      path, method: request.method ?? "", headers: request.headers, bodyBytes: 0, outcome: "under way",
    }
    this.downloads.push(download)
    const publication = this.publications.get(path)
    this.publications.delete(path)
    if (publication === undefined || request.method !== "GET") {
      download.outcome = "gone"
      response.writeHead(publication === undefined ? 404 : 405, { "Content-Type": "text/plain" })
      response.end("Not found\n")
      return
    }
    try {
      await publication(request, response, download)
      download.outcome = "complete"
    } catch (error) {
      download.outcome = "broken off"
      download.reason = (error as Error).message
      response.destroy()
    }
  }

  private answerOffer(makeResult: () => QueryResult, response: http.ServerResponse): void {
    try {
      const url = this.publish(makeResult())
      response.writeHead(200, { "Content-Type": "text/plain" }).end(url)
    } catch (error) {
      response.writeHead(400, { "Content-Type": "text/plain" }).end(`${(error as Error).message}\n`)
    }
  }
}

function failAfter(
  result: QueryResult, documentOptions: DocumentOptions, rowCount: number,
): { result: QueryResult, documentOptions: DocumentOptions } {
  const errors = [{ message: "Query execution failed", message_details: "The database connection was lost." }]
  return {
    result: {
      ...result,
      *rows(): Generator<ResultRow> {
        let left = rowCount
        for (const row of result.rows()) {
          if (left-- <= 0) {
            return
          }
          yield row
        }
      },
    },
    documentOptions: { ...documentOptions, trailingKeys: { ...documentOptions.trailingKeys, errors } },
  }
}
