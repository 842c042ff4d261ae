import * as http from "node:http"
import { alteredEnvelope, alteredResult } from "../faults/altered_answers"
import { AnswerWriter } from "./answer_writer"
import { ApiError, Family, ResultBody } from "../calls/api_reply"
import { Delays } from "../limits/delays"
import { AnswerlessEffect, FaultEffect, keepsAnswer } from "../calls/fault_effects"
import { LedgerCall } from "../ledger/ledger"
import { SandboxKnobs } from "../setup/options"
import { usualMessage } from "../calls/usual_messages"

const JSON_TYPE = "application/json;charset=UTF-8"

/** One entry of a failure's `errors`. */
interface ResponseError {
  code: string | number
  message: string
}

/** Writes one answer, with the envelope of its family, or a fault's answer in its place. */
export class Answerer {
  private entry: LedgerCall | undefined
  private readonly writer: AnswerWriter

  constructor(request: http.IncomingMessage, response: http.ServerResponse, knobs: SandboxKnobs, delays: Delays) {
    this.writer = new AnswerWriter(request, response, knobs, delays)
  }

  /** Makes the call one of the ledger's from here on. */
  attach(entry: LedgerCall, now: () => number) {
    this.entry = entry
    this.writer.attach(entry, now)
    entry.requestId = requestId(now())
  }

  /** Runs once, right before the last byte is handed over, whatever the answer is. */
  beforeEnd(task: () => void) {
    this.writer.beforeEnd(task)
  }

  result(body: ResultBody, family: Family, effect: FaultEffect | undefined) {
    if (keepsAnswer(effect)) {
      this.inPlaceOfAnswer(effect, family === "asset")
      return
    }
    this.countRecordErrors(body.result)
    if (body.file) {
      this.writer.send({ httpStatus: 200, text: body.file.text, contentType: body.file.contentType, effect,
        mayCompress: false })
      return
    }
    const envelope = this.envelope({ ...body, result: alteredResult(body.result, effect) }, family)
    this.json(200, JSON.stringify(alteredEnvelope(envelope, effect)), effect)
  }

  /** HTTP 200 with `success: false`. */
  failure(error: ApiError, isAsset: boolean) {
    this.failures([{ code: error.code, message: error.message }], isAsset)
  }

  /** What the client gets of a call whose proper answer a fault keeps. An outage breaks the connection. */
  inPlaceOfAnswer(effect: AnswerlessEffect, isAsset: boolean) {
    switch (effect.kind) {
      case "error":
        this.failures(effect.errors ?? [{ code: effect.code, message: effect.message ?? usualMessage(effect.code) }],
          isAsset)
        break
      case "http":
        this.writer.send({ httpStatus: effect.status, text: effect.body ?? htmlPage(effect.status),
          contentType: effect.contentType ?? "text/html", headers: effect.headers })
        break
      case "halfClose":
        this.writer.halfClose()
        break
      case "hang":
        this.writer.hang()
        break
      case "reset":
      case "outage":
        this.writer.reset()
        break
      case "expireToken":
        this.failures([{ code: "602", message: "Access token expired" }], isAsset)
        break
      case "dailyQuotaReached":
        this.failures([{ code: "607", message: "Daily quota reached" }], isAsset)
        break
    }
  }

  /** The identity call has an envelope of its own. */
  identity(httpStatus: number, body: object, effect: FaultEffect | undefined) {
    this.writer.header("Cache-Control", "no-store")
    this.writer.header("Pragma", "no-cache")
    if (keepsAnswer(effect)) {
      this.inPlaceOfAnswer(effect, false)
      return
    }
    this.json(httpStatus, JSON.stringify(alteredEnvelope(body, effect)), effect)
  }

  /** An answer of the admin endpoints. */
  plain(httpStatus: number, body: unknown) {
    this.json(httpStatus, `${JSON.stringify(body, undefined, 2)}\n`, undefined)
  }

  html(httpStatus: number, page = htmlPage(httpStatus)) {
    this.writer.send({ httpStatus, text: page, contentType: "text/html" })
  }

  private json(httpStatus: number, text: string, effect: FaultEffect | undefined) {
    this.writer.send({ httpStatus, text, contentType: JSON_TYPE, effect })
  }

  private failures(errors: ResponseError[], isAsset: boolean) {
    if (this.entry && errors.length > 0) {
      this.entry.errorCode = String(errors[0].code)
    }
    const requestId = this.entry?.requestId
    this.json(200, JSON.stringify(isAsset
      ? { success: false, errors, requestId, warnings: [] } : { requestId, success: false, errors }), undefined)
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
}

/** Returns a short page as gateways send it. */
export function htmlPage(status: number, reason = http.STATUS_CODES[status] ?? "Error"): string {
  const title = `${status} ${reason}`
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>\n`
}

let answers = 0

/** Returns one to five hexadecimal digits, `#`, and hexadecimal ms since 1970. No two are alike. */
function requestId(now: number): string {
  const number = (++answers * 7919) & 0xfffff
  return `${number.toString(16)}#${Math.floor(now).toString(16)}`
}
