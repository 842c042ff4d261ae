import type { RunRecord } from "../../runs/records/run_record"

/** What the browser learns of a run, one JSON document a line. */
export type SendEvent =
  /** The request is on its way. `body`: as it is sent; the data of an attachment aside. */
  | { kind: "sent", webhookId: string, path: string, body: object }
  /** How far the run is. Comes only if that has changed. */
  | { kind: "progress", run: Omit<RunRecord, "samples"> }
  /** Nothing is new. It keeps the connection open. */
  | { kind: "alive" }
  /** The end: the hub's answer, or why there is none. */
  | { kind: "answer", status: number, body: unknown }
  | { kind: "failure", message: string }
