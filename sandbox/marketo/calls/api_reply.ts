import { CustomService, Permission } from "../setup/custom_services"
import { FaultEffect } from "./fault_effects"
import { Ledger, LedgerCall } from "../ledger/ledger"
import { LatencyClass, SandboxKnobs } from "../setup/options"
import { Parameters } from "./parameters"
import { SeededRandom } from "../setup/seeded_random"
import { Store } from "../instance/store"

export { ApiError } from "../instance/api_error"

/** What an operation answers when the call as a whole succeeds; the front adds `requestId` and `success`. */
export interface ResultBody {
  result?: unknown[]
  nextPageToken?: string
  moreResult?: boolean
  /** Asset family only. */
  warnings?: string[]
  /** A delimited file in place of JSON (bulk failure and warning files). */
  file?: { contentType: string, text: string }
}

/** One reason of a skipped record. */
export interface Reason {
  code: string
  message: string
}

/** Where a kind of request body is due. `optionalJson`: ids may come in the query instead. */
export type BodyKind = "none" | "json" | "optionalJson" | "form" | "multipart"

export type Family = "leadDatabase" | "asset" | "bulk"

/** One authenticated, admitted call, as an operation sees it. */
export interface Call {
  operation: Operation
  /** Values of the `{name}` parts of the path, in order. */
  pathValues: string[]
  /** Query and form body together. */
  parameters: Parameters
  /** The parsed JSON body, or undefined when there was none. */
  json: unknown
  rawBody: Buffer
  contentType: string
  service: CustomService
  entry: LedgerCall
  /** The injected fault, for the operations that look at it: "record" and "stale". */
  fault: FaultEffect | undefined
  /** Positions of the records that a "record" fault kept from being written. */
  forcedPositions: number[]
}

/** Everything an operation may read and change. */
export interface World {
  knobs: SandboxKnobs
  store: Store
  ledger: Ledger
  /** Calls of the day that are in no ledger: those used before the start, and other integrations'. */
  otherCallsToday: () => number
  random: SeededRandom
  now: () => number
  /** Bulk jobs and similar things that happen later; cancelled when the sandbox stops. */
  later: (ms: number, task: () => void) => void
}

/**
 * What is left to do once a call has been found well-formed. The latency passes before `commit`; `lookUp` runs
 * `keyRaceWindowMs` before it, which is what makes two overlapping upserts of one new key create two leads.
 */
export interface Work {
  lookUp?: () => void
  commit: () => ResultBody
}

export interface Operation {
  name: string
  method: "GET" | "POST" | "DELETE"
  /** Path with `{name}` parts. */
  path: string
  family: Family
  latency: LatencyClass
  /** Any one of these suffices; none needed when empty. */
  permissions: Permission[]
  body: BodyKind
  /** Checks the call and says what to do; throws `ApiError` to refuse the whole call. */
  begin: (call: Call, world: World) => Work
}
