import * as http from "http"
import * as https from "https"
import { Readable } from "stream"
import { createGunzip } from "zlib"
import { checkAddress } from "./address"
import { Deadlines } from "./deadlines"
import { DownloadError } from "./errors"
import { ProxyRoute, proxyRoute, refusalWords } from "./proxy"
import type { Spool } from "./spool"
import type { StreamSettings } from "./stream_settings"

const MAXIMUM_REDIRECTS = 5
const REDIRECT_STATUSES = [301, 302, 303, 307, 308]
const TCP_KEEPALIVE_DELAY_MS = 60000

/**
 * Fetches `address` with one GET and offers the body's bytes to `spool` as fast as they come. Only an answer of status
 * 200 has a body for us. Reports the end to the spool, or a DownloadError. Follows redirects, but not from https to
 * http. Never repeats the request, since Looker's address is good for only one. Uses the proxy that the environment
 * names, if any (see `proxyAddress`).
 *
 * Returns a function that ends the download at once. Ending it when it is over does nothing.
 */
export function download(address: string, settings: StreamSettings, spool: Spool): () => void {
  const one = new Download(settings, spool)
  one.get(address)
  return () => { one.stop() }
}

class Download {
  private request?: http.ClientRequest
  private isOver = false
  private redirects = 0
  private readonly stopping = new AbortController()
  private readonly deadlines: Deadlines

  constructor(private readonly settings: StreamSettings, private readonly spool: Spool) {
    this.deadlines = new Deadlines(settings, (error) => { this.fail(error) })
  }

  get(address: string, base?: URL) {
    let url: URL
    let route: ProxyRoute | undefined
    try {
      url = checkAddress(address, this.settings.allowedHosts, base)
      if (base?.protocol === "https:" && url.protocol === "http:") {
        throw new DownloadError("redirect", `The download is redirected from https to http (${url.host})`)
      }
      route = proxyRoute(url, this.stopping.signal)
    } catch (error) {
      this.fail(error as DownloadError)
      return
    }
    const place = route === undefined ? url.host : `${url.host} by way of the proxy ${route.host}`
    this.deadlines.expectConnection(place)
    const request = (url.protocol === "https:" ? https : http).get(url, {
      // Uses a connection of its own. Looker may close a kept one just when we use it, and there is no second try.
      agent: route?.agent ?? false,
      headers: { "Accept-Encoding": "gzip", "User-Agent": "looker-action-hub" },
    })
    this.request = request
    request.once("socket", (socket) => {
      socket.setKeepAlive(true, TCP_KEEPALIVE_DELAY_MS)
      if (url.protocol === "http:" && !socket.connecting) {
        this.deadlines.expectAnswer()
      } else {
        socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => { this.deadlines.expectAnswer() })
      }
    })
    // The proxy's agent emits this once the proxy has answered. A proxy's refusal must not look like Looker's.
    request.once("proxyConnect", ({ statusCode }: { statusCode: number }) => {
      if (statusCode !== 200 && route !== undefined) {
        this.fail(proxyRefusal(route, url, statusCode))
      }
    })
    request.once("response", (response) => {
      if (response.statusCode === 407 && route !== undefined) {
        this.fail(proxyRefusal(route, url, 407))
      } else {
        this.receive(response, url)
      }
    })
    request.on("error", (error) => {
      if (this.request === request) {
        this.fail(connectionError(error, place))
      }
    })
  }

  stop() {
    this.isOver = true
    this.deadlines.stop()
    this.request?.destroy()
    this.stopping.abort()
  }

  private receive(response: http.IncomingMessage, url: URL) {
    const status = response.statusCode ?? 0
    const { location } = response.headers
    if (REDIRECT_STATUSES.includes(status) && location !== undefined) {
      this.request = undefined
      response.on("error", () => undefined)
      response.destroy()
      this.redirects++
      if (this.redirects > MAXIMUM_REDIRECTS) {
        this.fail(new DownloadError("redirect", `The download is redirected more than ${MAXIMUM_REDIRECTS} times`))
      } else {
        this.get(location, url)
      }
      return
    }
    if (status !== 200) {
      this.fail(new DownloadError(
        "status", `There was an error with Action Hub calling back to Looker, status code: ${status}`,
        { statusCode: status }))
      return
    }
    response.on("error", (error) => {
      this.fail(new DownloadError(
        "incomplete", "The connection to Looker broke off before the end of the result", { cause: error }))
    })
    const body = this.decode(response)
    if (body !== undefined) {
      this.pass(body, response)
    }
  }

  /** Returns the body before compression; undefined if we cannot decompress it. */
  private decode(response: http.IncomingMessage): Readable | undefined {
    const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase()
    if (encoding === "identity" || encoding === "") {
      return response
    }
    if (encoding !== "gzip" && encoding !== "x-gzip") {
      this.fail(new DownloadError("encoding", `Looker compressed the result in a way we did not ask for: ${encoding}`))
      return undefined
    }
    const gunzip = createGunzip({ chunkSize: 65536 })
    gunzip.on("error", (error) => {
      this.fail(new DownloadError("encoding", "The compressed result is broken or cut off", { cause: error }))
    })
    return response.pipe(gunzip)
  }

  private pass(body: Readable, response: http.IncomingMessage) {
    this.deadlines.expectBytes()
    this.spool.onRoom = () => {
      if (!this.isOver) {
        this.deadlines.expectBytes()
        body.resume()
      }
    }
    body.on("data", (chunk: Buffer) => {
      if (this.isOver) {
        return
      }
      this.deadlines.bytesCame()
      if (!this.spool.offer(chunk)) {
        this.deadlines.holdBack()
        body.pause()
      }
    })
    body.once("end", () => {
      if (!response.complete) {
        this.fail(new DownloadError("incomplete", "The connection to Looker broke off before the end of the result"))
      } else if (!this.isOver) {
        this.isOver = true
        this.deadlines.stop()
        this.spool.finish()
      }
    })
  }

  private fail(error: DownloadError) {
    if (!this.isOver) {
      this.stop()
      this.spool.fail(error)
    }
  }
}

function proxyRefusal(route: ProxyRoute, url: URL, status: number): DownloadError {
  return new DownloadError("proxy", `The proxy ${route.host} refused the connection to Looker (${url.host}) with ` +
    `status ${status}: ${refusalWords(status)}`)
}

function connectionError(error: NodeJS.ErrnoException, place: string): DownloadError {
  // Node's HTTP parser reports in this way that bytes follow the end of the answer.
  if (error.code === "HPE_CLOSED_CONNECTION") {
    return new DownloadError("incomplete", "Looker sent more bytes than its answer announced", { cause: error })
  }
  return new DownloadError("connection", `The connection to Looker (${place}) failed: ${error.message}`,
    { cause: error })
}
