import type { MetricChange } from "../observability/metric_changes"
import type { AccountEntry, AccountOrder } from "../runs/records/account_entry"
import type { CoordinationAnswer, CoordinationFrame } from "./coordination_frames"

/** The hub's tasks for an execute process. Each is answered once; the comments name the types of the answers. */
export type ProcessTask =
  /** Answered with {@link ProcessGreeting} as soon as the actions are loaded. */
  | { kind: "greet" }
  /** Answered with nothing, at once. It shows that the process can still take messages. */
  | { kind: "ping" }
  /** Answered with nothing, once stored for the run: a piece of its attachment's bytes, of `allBytes` in all. */
  | { kind: "attachment", runId: number, piece: Uint8Array, allBytes: number }
  | RunTask
  /** Answered with nothing, at once; the run's stop signal is aborted with an Error that says `reason`. */
  | { kind: "stop", runId: number, reason: string }

/** Answered with a {@link RunReply} when the run is over. */
export interface RunTask {
  kind: "run"
  runId: number
  /** A string is the request as JSON. */
  request: string | object
  /** Pieces of its attachment came before, and they are JSON for the action to read. */
  hasAttachedJson?: boolean
  /** Absent if the hub keeps no account of the run. */
  account?: AccountOrder
  /** The hub takes metrics. */
  takesMetrics?: boolean
  /** The trace that the run belongs to, as headers. */
  trace?: { [header: string]: string }
}

export interface ProcessGreeting {
  /** Time from the start of the process to the loaded actions. */
  loadedInMs: number
}

/** One unit of space is asked for, or given back. */
export type SpoolSpaceChange = "take" | "giveBack"

/** An unrequested message from an execute process. */
export type ProcessNotice =
  | { notice: "started", runId: number, webhookId: string | undefined }
  /** A text that the run's action sent with `process.send`, such as {@link DONE_MESSAGE}. */
  | { notice: "text", runId: number, text: string }
  /**
   * Code that the run left behind threw an uncaught error, so the process should get no further runs. `origin` is the
   * kind of error and the places in the code, without the message, which may hold personal data.
   */
  | { notice: "tainted", runId: number, origin: string }
  /** A part of the account of a run. */
  | { notice: "account", runId: number, entry: AccountEntry }
  /** Questions and notices about the calls and leases of all processes, in their order. */
  | { notice: "coordination", frames: CoordinationFrame[] }
  /** The process asks for space for its spools, or gives some back. */
  | { notice: "spoolSpace", change: SpoolSpaceChange }
  /** What has happened to metrics since the last such notice. */
  | { notice: "metrics", changes: MetricChange[] }

/** A message from the hub to an execute process, without an answer. */
export type HubNotice =
  /** The answer to a question of the process. */
  | { notice: "coordination", answer: CoordinationAnswer }
  /** The process has one more unit of space for its spools. */
  | { notice: "spoolSpace", answer: "taken" }

/** An action response as plain data, the answer to a run. Actions may add members. */
export interface RunReply {
  success: boolean
  message?: string
  refreshQuery?: boolean
  validationErrors?: unknown[]
  state?: unknown
  error?: unknown
  webhookId?: string
}

/** Sent by an extended action (`process.send`) when the work it continued after its answer is over. */
export const DONE_MESSAGE = "PROCESS FINISHED"

/** Sent by an extended action before its answer, if it will go on working and keeps its place until it is done. */
export const BACKGROUND_MESSAGE = "PROCESS CONTINUES"

export function isProcessNotice(message: unknown): message is ProcessNotice {
  return typeof message === "object" && message !== null && "notice" in message &&
    ("runId" in message || "frames" in message || "change" in message || "changes" in message)
}

export function isHubNotice(message: unknown): message is HubNotice {
  return typeof message === "object" && message !== null && "notice" in message && "answer" in message
}
