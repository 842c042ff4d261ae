import * as http from "node:http"
import { Admin } from "./admin"
import { Answerer, htmlPage } from "./answerer"
import { ApiError, Call, ResultBody, Work, World } from "../calls/api_reply"
import { Delays } from "../limits/delays"
import { AnswerlessEffect, FaultEffect, executionOf, keepsAnswer } from "../calls/fault_effects"
import { inputRecords } from "../faults/fault_matching"
import { Faults } from "../faults/faults"
import { Identity } from "../limits/identity"
import { IDENTITY_PATH, IdentityEndpoint } from "./identity_endpoint"
import { LedgerCall } from "../ledger/ledger"
import { Limits, UNCOUNTED_CODES } from "../limits/limits"
import { OPERATIONS } from "../endpoints/operations"
import { Outages } from "../faults/outages"
import { Parameters } from "../calls/parameters"
import { withForcedAnswers } from "../faults/record_faults"
import { readBody } from "../calls/request_body"
import { RouteMatch, Routes } from "./routes"
import { readJson } from "../calls/request_json"
import { CustomService } from "../setup/custom_services"

const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i

/** A request once it has been read. */
interface Arrival {
  request: http.IncomingMessage
  answerer: Answerer
  path: string
  method: string
  parameters: Parameters
  body: Buffer
  contentType: string
  entry: LedgerCall
}

/** The sandbox's HTTP side: reads requests, and takes each through token, limits, faults, work and answer. */
export class HttpFront {
  /** Lets the server go away for a while. */
  readonly outages: Outages
  private readonly routes = new Routes(OPERATIONS)
  private readonly identityEndpoint: IdentityEndpoint

  constructor(
    private readonly world: World,
    private readonly identity: Identity,
    private readonly limits: Limits,
    private readonly faults: Faults,
    private readonly delays: Delays,
    private readonly admin: Admin,
  ) {
    this.identityEndpoint = new IdentityEndpoint(identity, faults, delays, world.knobs,
      (effect) => this.beginOutage(effect))
    const server = http.createServer({ keepAliveTimeout: 75_000, requestTimeout: 0, maxHeaderSize: 65_536 },
      (request, response) => {
        void this.receive(request, new Answerer(request, response, world.knobs, delays))
      })
    this.outages = new Outages(server)
  }

  private async receive(request: http.IncomingMessage, answerer: Answerer) {
    const { knobs } = this.world
    const url = request.url ?? "/"
    const queryAt = url.indexOf("?")
    const path = queryAt < 0 ? url : url.slice(0, queryAt)
    const query = queryAt < 0 ? "" : url.slice(queryAt + 1)
    const startedAt = this.world.now()
    const limit = path.startsWith("/bulk/") ? knobs.maxBulkBodyBytes : knobs.maxBodyBytes
    const body = await readBody(request, limit)
    if (body === "lost" || this.outages.silences) {
      return
    }
    if (path.startsWith("/sandbox/")) {
      this.admin.answer(request.method ?? "GET", url, body === "tooLarge" ? Buffer.alloc(0) : body, answerer)
      return
    }
    const contentType = request.headers["content-type"] ?? ""
    const form = body !== "tooLarge" && FORM_TYPE.test(contentType) ? body.toString("utf8") : ""
    const parameters = new Parameters(query, form)
    const method = effectiveMethod(request.method ?? "GET", parameters)
    const entry = this.world.ledger.open({
      startedAt, finishedAt: undefined, method, path, operation: "unknown", clientId: undefined, user: undefined,
      counted: false, httpStatus: 200, errorCode: undefined, batchSize: 0, recordErrors: {},
      requestBytes: body === "tooLarge" ? limit + 1 : body.length, responseBytes: 0, requestId: "", executed: false,
      fault: undefined,
    })
    answerer.attach(entry, this.world.now)
    if (Buffer.byteLength(url) > knobs.maxUriBytes) {
      answerer.html(414, htmlPage(414, "Request-URI Too Large"))
    } else if (body === "tooLarge") {
      answerer.html(413, htmlPage(413, "Request Entity Too Large"))
    } else {
      await this.answer({ request, answerer, path, method, parameters, body, contentType, entry })
    }
  }

  private async answer(arrival: Arrival): Promise<void> {
    const { path, method, entry, answerer } = arrival
    if (path === IDENTITY_PATH) {
      await this.identityEndpoint.answer(entry, arrival.parameters, answerer)
      return
    }
    if (!/^\/(rest|bulk)\//.test(path) && !path.startsWith("/identity")) {
      answerer.html(404, htmlPage(404, "Not Found"))
      return
    }
    const route = this.routes.find(method, path)
    entry.operation = route.kind === "operation" ? route.operation.name : "unknown"
    try {
      const service = this.identity.authenticate(arrival.request.headers.authorization)
      entry.clientId = service.clientId
      entry.user = service.user
      if (route.kind === "wrongMethod") {
        throw new ApiError("605", `Request method '${method}' not supported`)
      }
      await this.answerCounted(arrival, route, service)
    } catch (error) {
      this.answerError(arrival, error)
    }
  }

  private async answerCounted(arrival: Arrival, route: Exclude<RouteMatch, { kind: "wrongMethod" }>,
    service: CustomService) {
    const { entry } = arrival
    const admission = this.limits.count()
    entry.counted = true
    entry.startedAt = admission.at
    this.limits.admit()
    this.world.ledger.highestConcurrency = Math.max(this.world.ledger.highestConcurrency, this.limits.concurrency)
    arrival.answerer.beforeEnd(() => {
      if (entry.errorCode !== undefined && UNCOUNTED_CODES.has(entry.errorCode)) {
        this.limits.uncount(admission)
        entry.counted = false
      }
      this.limits.release()
    })
    this.checkAccess(arrival, route, service)
    if (route.kind === "none") {
      throw new ApiError("610", "Requested resource not found")
    }
    const json = readJson(route.operation, arrival.contentType, arrival.body)
    const { effect, delayMs } = this.faults.effectsFor({ operation: entry.operation, path: arrival.path,
      method: arrival.method, clientId: service.clientId, json, parameters: arrival.parameters,
      bodyBytes: arrival.body.length })
    entry.fault = effect?.kind ?? (delayMs > 0 ? "delay" : undefined)
    entry.batchSize = inputRecords(json).length
    const execution = keepsAnswer(effect) ? executionOf(effect) : "before"
    const call = callOf(arrival, route, service, json, effect)
    if (execution === "before") {
      const body = await this.perform(route.operation.begin(call, this.world), call, delayMs)
      if (effect?.kind === "outage") {
        this.beginOutage(effect)
      }
      arrival.answerer.result(withForcedAnswers(body, call), route.operation.family, effect)
    } else if (keepsAnswer(effect)) {
      if (execution !== "never") {
        this.performUnseen(route.operation.begin(call, this.world), call, delayMs + execution)
      }
      await this.delays.wait(delayMs)
      this.withholdAnswer(effect, arrival, service)
    }
  }

  /** Spends the operation's time and does its work. The look-up happens `keyRaceWindowMs` before the end. */
  private async perform(work: Work, { operation, entry }: Call, delayMs: number): Promise<ResultBody> {
    const { knobs, random } = this.world
    const { latency } = operation
    const base = knobs.latency[latency] + (latency === "sync" ? knobs.latency.syncPerRecord * entry.batchSize : 0)
    const varied = base * (1 + (knobs.latencyJitter > 0 ? knobs.latencyJitter * (random.next() * 2 - 1) : 0))
    const total = varied + delayMs
    const race = Math.min(knobs.keyRaceWindowMs, total)
    await this.delays.wait(total - race)
    work.lookUp?.()
    if (knobs.keyRaceWindowMs > 0) {
      await this.delays.wait(race)
    }
    const body = work.commit()
    entry.executed = true
    return body
  }

  /** Does the work of a call whose client gets another answer meanwhile. A refusal has no receiver. */
  private performUnseen(work: Work, call: Call, delayMs: number) {
    this.perform(work, call, delayMs).catch((error: unknown) => {
      if (!(error instanceof ApiError)) {
        throw error
      }
    })
  }

  private withholdAnswer(effect: AnswerlessEffect, { answerer, entry }: Arrival, service: CustomService) {
    switch (effect.kind) {
      case "expireToken":
        this.identity.expireTokens(service.clientId)
        break
      case "dailyQuotaReached":
        this.limits.dailyUsed = this.world.knobs.dailyQuota + 1
        break
      case "outage":
        this.beginOutage(effect)
        break
      default:
        break
    }
    answerer.inPlaceOfAnswer(effect, isAssetPath(entry.path))
  }

  private beginOutage({ mode = "refuse", ms }: Extract<AnswerlessEffect, { kind: "outage" }>) {
    void this.outages.begin(mode)
    this.delays.later(ms, () => void this.outages.end())
  }

  private checkAccess({ request }: Arrival, route: RouteMatch, service: CustomService) {
    const { ipAllowList } = this.world.knobs
    const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "")
    if (ipAllowList !== undefined && !ipAllowList.includes(address)) {
      throw new ApiError("603", "Access denied")
    }
    const needed = route.kind === "operation" ? route.operation.permissions : []
    if (needed.length > 0 && !needed.some((permission) => service.permissions.includes(permission))) {
      throw new ApiError("603", "Access denied")
    }
  }

  private answerError({ answerer, entry }: Arrival, error: unknown) {
    if (error instanceof ApiError) {
      answerer.failure(error, isAssetPath(entry.path))
      return
    }
    // A defect of the sandbox itself must be visible, and must not look like one of Marketo's faults.
    answerer.html(500, htmlPage(500, `Sandbox defect: ${String((error as Error)?.stack ?? error)}`))
  }
}

function isAssetPath(path: string): boolean {
  return path.startsWith("/rest/asset/")
}

/** Returns the method. POST with `_method=GET` (query or form) is a GET, and with `_method=DELETE` a DELETE. */
function effectiveMethod(method: string, parameters: Parameters): string {
  const wanted = parameters.one("_method")?.toUpperCase()
  return method === "POST" && (wanted === "GET" || wanted === "DELETE") ? wanted : method
}

function callOf(arrival: Arrival, { operation, values }: Extract<RouteMatch, { kind: "operation" }>,
  service: CustomService, json: unknown, fault: FaultEffect | undefined): Call {
  const { parameters, body, contentType, entry } = arrival
  return { operation, pathValues: values, parameters, json, rawBody: body, contentType, service, entry, fault,
    forcedPositions: [] }
}
