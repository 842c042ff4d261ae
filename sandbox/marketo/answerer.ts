import * as http from "node:http"
import * as zlib from "node:zlib"
import { ApiError, Family, ResultBody } from "./api_reply"
import { Delays } from "./delays"
import { FaultEffect, USUAL_MESSAGES } from "./faults"
import { LedgerCall } from "./ledger"
import { SandboxKnobs } from "./options"

const JSON_TYPE = "application/json;charset=UTF-8"
const SERVER_NAME = "marketo-sandbox (a stand-in, not Marketo)"
const COMPRESS_FROM_BYTES = 1024

/** Writes one answer, with the envelope of its family, or breaks it in the way a fault demands. */
export class Answerer {
  private entry: LedgerCall | undefined
  private now: () => number = Date.now
  private endTask: (() => void) | undefined

  constructor(
    private readonly request: http.IncomingMessage,
    private readonly response: http.ServerResponse,
    private readonly knobs: SandboxKnobs,
    private readonly delays: Delays,
  ) {
    response.on("error", () => response.destroy())
  }

  /** From here on the call is one of the ledger's. */
  attach(entry: LedgerCall, now: () => number) {
    this.entry = entry
    this.now = now
    entry.requestId = requestId(now())
  }

  /** Runs once, right before the last byte is handed over, whatever the answer is. */
  beforeEnd(task: () => void) {
    this.endTask = task
  }

  result(body: ResultBody, family: Family, effect: FaultEffect | undefined) {
    if (effect?.kind === "error") {
      this.failure(new ApiError(effect.code, effect.message ?? USUAL_MESSAGES[effect.code] ?? "Unknown error"),
        family === "asset")
      return
    }
    if (effect?.kind === "http") {
      this.html(effect.status, effect.body ?? htmlPage(effect.status), effect.contentType)
      return
    }
    this.countRecordErrors(body.result)
    if (body.file) {
      this.send(200, body.file.text, body.file.contentType, effect, false)
      return
    }
    const changed = effect?.kind === "resultLength"
      ? { ...body, result: resized(body.result, effect.difference) } : body
    this.send(200, JSON.stringify(this.envelope(changed, family)), JSON_TYPE, effect)
  }

  /** HTTP 200 with `success: false`. */
  failure(error: ApiError, isAsset: boolean) {
    if (this.entry) {
      this.entry.errorCode = error.code
    }
    const errors = [{ code: error.code, message: error.message }]
    const requestId = this.entry?.requestId
    this.send(200, JSON.stringify(isAsset
      ? { success: false, errors, requestId, warnings: [] } : { requestId, success: false, errors }), JSON_TYPE)
  }

  identity(httpStatus: number, body: object, effect: FaultEffect | undefined) {
    this.response.setHeader("Cache-Control", "no-store")
    this.response.setHeader("Pragma", "no-cache")
    if (effect?.kind === "error") {
      this.failure(new ApiError(effect.code, effect.message ?? USUAL_MESSAGES[effect.code] ?? "Unknown error"), false)
      return
    }
    this.send(httpStatus, JSON.stringify(body), JSON_TYPE, effect)
  }

  json(httpStatus: number, body: unknown) {
    this.send(httpStatus, `${JSON.stringify(body, undefined, 2)}\n`, JSON_TYPE)
  }

  html(httpStatus: number, page: string, contentType = "text/html") {
    this.send(httpStatus, page, contentType)
  }

  /** Breaks the connection without an answer. */
  reset() {
    this.finish(0, 0)
    this.request.socket.resetAndDestroy()
  }

  private envelope(body: ResultBody, family: Family): object {
    const requestId = this.entry?.requestId
    const { result, warnings = [], nextPageToken, moreResult } = body
    if (family !== "asset") {
      return { requestId, result, nextPageToken, moreResult, success: true }
    }
    return { success: true, errors: [], requestId, warnings, ...(result ? { result } : {}) }
  }

  private countRecordErrors(result: unknown[] | undefined) {
    for (const element of result ?? []) {
      for (const { code } of (element as { reasons?: { code: string }[] } | null)?.reasons ?? []) {
        if (this.entry) {
          this.entry.recordErrors[code] = (this.entry.recordErrors[code] ?? 0) + 1
        }
      }
    }
  }

  private send(httpStatus: number, text: string, contentType: string, effect?: FaultEffect, mayCompress = true) {
    if (effect?.kind === "reset") {
      this.reset()
      return
    }
    if (effect?.kind === "hang") {
      // The slot stays taken, as a server that is still working would keep it, until the client gives up.
      this.response.once("close", () => this.finish(0, 0))
      return
    }
    let body = Buffer.from(text)
    if (effect?.kind === "malformed") {
      body = effect.text === undefined ? body.subarray(0, body.length >> 1) : Buffer.from(effect.text)
    } else if (effect?.kind === "emptyBody") {
      body = Buffer.alloc(0)
    }
    this.response.statusCode = httpStatus
    this.response.setHeader("Server", SERVER_NAME)
    this.response.setHeader("Content-Type", contentType)
    this.response.setHeader("Vary", "Accept-Encoding")
    const breaks = effect?.kind === "truncate" || effect?.kind === "slowDrip"
    if (mayCompress && !breaks && this.knobs.gzip && body.length >= COMPRESS_FROM_BYTES
      && /\bgzip\b/i.test(String(this.request.headers["accept-encoding"] ?? ""))) {
      zlib.gzip(body, { level: zlib.constants.Z_BEST_SPEED }, (error, packed) => {
        if (!error) {
          this.response.setHeader("Content-Encoding", "gzip")
        }
        this.write(httpStatus, error ? body : packed, effect)
      })
      return
    }
    this.write(httpStatus, body, effect)
  }

  private write(httpStatus: number, body: Buffer, effect: FaultEffect | undefined) {
    this.response.setHeader("Content-Length", body.length)
    if (effect?.kind === "truncate") {
      this.response.write(body.subarray(0, Math.floor(body.length * (effect.share ?? 0.5))), () => {
        this.finish(httpStatus, body.length)
        this.request.socket.destroy()
      })
    } else if (effect?.kind === "slowDrip") {
      this.drip(httpStatus, body, 0, effect.bytes, effect.everyMs)
    } else {
      this.finish(httpStatus, body.length)
      this.response.end(body)
    }
  }

  private drip(httpStatus: number, body: Buffer, from: number, bytes: number, everyMs: number) {
    const to = from + Math.max(1, bytes)
    if (to >= body.length) {
      this.finish(httpStatus, body.length)
      this.response.end(body.subarray(from))
      return
    }
    this.response.write(body.subarray(from, to))
    this.delays.later(everyMs, () => this.drip(httpStatus, body, to, bytes, everyMs))
  }

  private finish(httpStatus: number, bytes: number) {
    if (this.entry) {
      this.entry.httpStatus = httpStatus
      this.entry.responseBytes = bytes
      this.entry.finishedAt = this.now()
    }
    this.endTask?.()
    this.endTask = undefined
  }
}

/** A short page as gateways send it. */
export function htmlPage(status: number, reason = http.STATUS_CODES[status] ?? "Error"): string {
  const title = `${status} ${reason}`
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>\n`
}

let answers = 0

/** One to five hexadecimal digits, `#`, hexadecimal ms since 1970; no two alike. */
function requestId(now: number): string {
  const number = (++answers * 7919) & 0xfffff
  return `${number.toString(16)}#${Math.floor(now).toString(16)}`
}

function resized(result: unknown[] | undefined, difference: number): unknown[] {
  const elements = result ?? []
  return difference < 0
    ? elements.slice(0, Math.max(0, elements.length + difference))
    : [...elements, ...Array.from({ length: difference }, () => elements[elements.length - 1])]
}
