import * as http from "node:http"
import * as zlib from "node:zlib"
import { Delays } from "../limits/delays"
import { FaultEffect } from "../calls/fault_effects"
import { LedgerCall } from "../ledger/ledger"
import { SandboxKnobs } from "../setup/options"

const SERVER_NAME = "marketo-sandbox (a stand-in, not Marketo)"
const COMPRESS_FROM_BYTES = 1024

/** One finished answer on its way to the client. */
export interface WrittenAnswer {
  httpStatus: number
  text: string
  /** "" sends no such header. */
  contentType: string
  headers?: Record<string, string>
  /** Breaks the answer on its way. */
  effect?: FaultEffect
  mayCompress?: boolean
}

/** Writes an answer to the wire, compressed where possible, or breaks it in the way a fault demands. */
export class AnswerWriter {
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

  attach(entry: LedgerCall, now: () => number) {
    this.entry = entry
    this.now = now
  }

  /** Runs once, right before the last byte is handed over, whatever the answer is. */
  beforeEnd(task: () => void) {
    this.endTask = task
  }

  header(name: string, value: string) {
    this.response.setHeader(name, value)
  }

  send({ httpStatus, text, contentType, headers = {}, effect, mayCompress = true }: WrittenAnswer) {
    let body = Buffer.from(text)
    if (effect?.kind === "malformed") {
      body = effect.text === undefined ? body.subarray(0, body.length >> 1) : Buffer.from(effect.text)
    } else if (effect?.kind === "emptyBody") {
      body = Buffer.alloc(0)
    }
    this.response.statusCode = httpStatus
    this.response.setHeader("Server", SERVER_NAME)
    if (contentType !== "") {
      this.response.setHeader("Content-Type", contentType)
    }
    this.response.setHeader("Vary", "Accept-Encoding")
    for (const [name, value] of Object.entries(headers)) {
      this.response.setHeader(name, value)
    }
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

  /** Breaks the connection without an answer. */
  reset() {
    this.finish(0, 0)
    this.request.socket.resetAndDestroy()
  }

  /** Closes our half of the connection without an answer. Further bytes from the client are read. */
  halfClose() {
    this.finish(0, 0)
    this.request.socket.end()
  }

  /** Never answers. The slot stays taken until the client leaves, as with a server that is still working. */
  hang() {
    this.response.once("close", () => this.finish(0, 0))
  }

  private write(httpStatus: number, body: Buffer, effect: FaultEffect | undefined) {
    this.response.setHeader("Content-Length", body.length)
    if (effect?.kind === "truncate") {
      this.breakOff(httpStatus, body, effect)
    } else if (effect?.kind === "slowDrip") {
      this.drip(httpStatus, body, 0, effect.bytes, effect.everyMs)
    } else {
      this.finish(httpStatus, body.length)
      this.response.end(body)
    }
  }

  private breakOff(httpStatus: number, body: Buffer, effect: Extract<FaultEffect, { kind: "truncate" }>) {
    this.response.write(body.subarray(0, Math.floor(body.length * (effect.share ?? 0.5))), () => {
      if (effect.then === "silence") {
        this.response.once("close", () => this.finish(httpStatus, body.length))
        return
      }
      this.finish(httpStatus, body.length)
      if (effect.then === "reset") {
        this.request.socket.resetAndDestroy()
      } else {
        this.request.socket.destroy()
      }
    })
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
