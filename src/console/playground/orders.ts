import { RefusedRequest } from "../../server/refused_request"
import type { Transport } from "./send_events"

/** The parts of a request to an action that are the same for forms and for runs; see docs/action-api.md. */
export interface ActionOrder {
  /** The action's name. */
  action: string
  /** The version of Looker that is played. */
  version: string
  /** The body of the request, without data. */
  body: Record<string, unknown>
}

export interface SendOrder extends ActionOrder {
  /** The document that has been uploaded before; absent if the action gets none. */
  document?: { id: string, transport: Transport, mimetype: string, extension: string }
}

const TRANSPORTS: readonly unknown[] = ["url", "push", "inline"] satisfies Transport[]

/** Returns the version of Looker that is played. Throws a RefusedRequest for a text that is none. */
export function lookerVersion(value: unknown): string {
  if (typeof value !== "string" || !/^[\w.+-]{1,40}$/.test(value)) {
    throw new RefusedRequest(400, "Looker's version has to look like 24.18.0.")
  }
  return value
}

/** Returns what is asked of an action. Throws a RefusedRequest that names what is wrong. */
export function actionOrder(value: unknown): ActionOrder {
  const { action, version, body } = membersOf(value)
  if (typeof action !== "string" || action === "") {
    throw new RefusedRequest(400, "The name of an action is missing.")
  }
  return { action, version: lookerVersion(version), body: membersOf(body) }
}

/** Likewise, with the document. */
export function sendOrder(value: unknown): SendOrder {
  const { document } = membersOf(value)
  if (document === undefined) {
    return actionOrder(value)
  }
  const { id, transport, mimetype, extension } = membersOf(document)
  if (typeof id !== "string" || typeof mimetype !== "string" || typeof extension !== "string" ||
    !TRANSPORTS.includes(transport)) {
    throw new RefusedRequest(400, "The description of the data is not complete.")
  }
  return { ...actionOrder(value), document: { id, transport: transport as Transport, mimetype, extension } }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {}
}
