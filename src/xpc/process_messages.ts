import type { CoordinationAnswer, CoordinationFrame } from "./coordination_frames"

/** What the hub asks of an execute process. Each is answered once; the answers' types stand beside. */
export type ProcessTask =
  /** Answered with {@link ProcessGreeting} as soon as the actions are loaded. */
  | { kind: "greet" }
  /** Answered with nothing, at once: shows that the process can still take messages. */
  | { kind: "ping" }
  /** Answered with nothing, once kept for the run: a piece of its attachment's bytes, of `allBytes` in all. */
  | { kind: "attachment", runId: number, piece: Uint8Array, allBytes: number }
  /**
   * Answered with a {@link RunReply} when the run is over. A string holds the request as JSON. When pieces of its
   * attachment came before, `hasAttachedJson` says whether they are JSON for the action to read.
   */
  | { kind: "run", runId: number, request: string | object, hasAttachedJson?: boolean }
  /** Answered with nothing, at once; the run's stop signal is aborted with an Error that says `reason`. */
  | { kind: "stop", runId: number, reason: string }

export interface ProcessGreeting {
  /** Time from the start of the process to the loaded actions. */
  loadedInMs: number
}

/** What an execute process tells without being asked. */
export type ProcessNotice =
  | { notice: "started", runId: number, webhookId: string | undefined }
  /** A text that the run's action sent with `process.send`, such as {@link DONE_MESSAGE}. */
  | { notice: "text", runId: number, text: string }
  /**
   * Something the run left behind threw where nobody caught it: the process should get no further runs. `origin` names
   * the kind of error and the places in the code, not its message, which may hold personal data.
   */
  | { notice: "tainted", runId: number, origin: string }
  /** Questions and words to whoever coordinates the calls of all processes, in their order. */
  | { notice: "coordination", frames: CoordinationFrame[] }

/** What the hub tells an execute process, without wanting an answer. */
export type HubNotice =
  /** The answer to a question of the process. */
  | { notice: "coordination", answer: CoordinationAnswer }

/** An action response as plain data: what a run is answered with. Actions may add members. */
export interface RunReply {
  success: boolean
  message?: string
  refreshQuery?: boolean
  validationErrors?: unknown[]
  state?: unknown
  error?: unknown
  webhookId?: string
}

/** Sent by an extended action (`process.send`) when the work it went on with after its answer is over. */
export const DONE_MESSAGE = "PROCESS FINISHED"

/** Sent by an extended action before its answer, when it will go on working and keeps its place until it is done. */
export const BACKGROUND_MESSAGE = "PROCESS CONTINUES"

export function isProcessNotice(message: unknown): message is ProcessNotice {
  return typeof message === "object" && message !== null && "notice" in message &&
    ("runId" in message || "frames" in message)
}

export function isHubNotice(message: unknown): message is HubNotice {
  return typeof message === "object" && message !== null && "notice" in message && "answer" in message
}
