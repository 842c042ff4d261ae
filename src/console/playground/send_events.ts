/** How a document gets to the action: by a one-time URL, in the request as text, or in it as JSON. */
export type Transport = "url" | "push" | "inline"

/** What the page shows of a run's record while it lasts. */
export interface WatchedRun {
  id: string
  outcome: string
  progress?: {
    rowsRead: number
    rowsApplied: number
    rowsNotApplied: number
    calls: number
    percent?: number
    rowsPerSecond?: number
    waitingFor?: string
  }
}

/** What the browser learns of a run, one JSON document a line. */
export type SendEvent =
  /** The request is on its way. `body`: as it is sent; the data of an attachment aside. */
  | { kind: "sent", webhookId: string, path: string, body: object }
  /** How far the run is. Comes only if that has changed. */
  | { kind: "progress", run: WatchedRun }
  /** Nothing is new. It keeps the connection open. */
  | { kind: "alive" }
  /** The end: the hub's answer, or why there is none. */
  | { kind: "answer", status: number, body: unknown }
  | { kind: "failure", message: string }
