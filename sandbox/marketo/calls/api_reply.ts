import { CustomService, Permission } from "../setup/custom_services"
import { FaultEffect } from "./fault_effects"
import { Ledger, LedgerCall } from "../ledger/ledger"
import { LatencyClass, SandboxKnobs } from "../setup/options"
import { Parameters } from "./parameters"
import { SeededRandom } from "../setup/seeded_random"
import { Store } from "../instance/store"

export { ApiError } from "../instance/api_error"

/** An operation's answer if the call as a whole succeeds. The front adds `requestId` and `success`. */
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

/** The body that a kind of request needs. `optionalJson`: ids may come in the query instead. */
export type BodyKind = "none" | "json" | "optionalJson" | "form" | "multipart"

export type Family = "leadDatabase" | "asset" | "bulk"

/** One authenticated, admitted call, as an operation sees it. */
export interface Call {
  operation: Operation
  /** Values of the `{name}` parts of the path, in order. */
  pathValues: string[]
  /** The parameters of the query and the form body together. */
  parameters: Parameters
  /** The parsed JSON body, or undefined if there was none. */
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

/** Everything that an operation may read and change. */
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
 * The steps left once a call has been found well-formed. The latency passes before `commit`. `lookUp` runs
 * `keyRaceWindowMs` before it, which lets two overlapping upserts of one new key create two leads.
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
  /** Any one of these suffices; no permission is needed if empty. */
  permissions: Permission[]
  body: BodyKind
  /** Checks the call and returns its work. Throws `ApiError` to refuse the whole call. */
  begin: (call: Call, world: World) => Work
}
