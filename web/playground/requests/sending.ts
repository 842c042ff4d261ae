import type { SendEvent, Transport, WatchedRun } from "../../../src/console/playground/send_events"
import { ApiError, ask } from "../../shared/api"
import type { LookerDocument } from "../data/documents"
import type { LookerAnswer } from "./wire"

/** One send, as far as it is known. */
export interface Sending {
  run?: WatchedRun
  answer?: LookerAnswer
  /** Why there is no answer in the usual shape. */
  failure?: string
  /** How long it took, in ms, once it is over. */
  tookMs?: number
}

interface SendRequest {
  action: string
  version: string
  body: Record<string, unknown>
  /** Absent for actions on cells. */
  document?: LookerDocument
  transport: Transport
}

/**
 * Sends: brings the document to the hub, has it call the action, and passes on what it says about the run. Resolves
 * when the hub has said all. Throws an ApiError in words for a person.
 */
export async function send(request: SendRequest, onEvent: (event: SendEvent) => void): Promise<void> {
  const { action, version, body, document, transport } = request
  const order = { action, version, body, ...(document === undefined ? {} : { document: {
    id: await upload(document), transport, extension: document.extension,
    mimetype: transport === "push" && document.data instanceof Blob ? `${document.mimetype};base64` : document.mimetype,
  } }) }
  const response = await post("playground/send", JSON.stringify(order), "application/json")
  if (response.body === null) {
    throw new ApiError(0, "The hub's answer has no body.")
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split("\n")
      rest = lines.pop() ?? ""
      lines.forEach((line) => onEvent(JSON.parse(line) as SendEvent))
    }
  } catch {
    throw new ApiError(0, "The connection to the hub broke. The run goes on there.")
  }
}

async function upload({ data, mimetype }: LookerDocument): Promise<string> {
  const response = await post("playground/data", data, mimetype)
  return (await response.json() as { id: string }).id
}

async function post(path: string, body: string | Blob, type: string): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, {
      method: "POST", body, headers: { "X-Action-Hub": "1", "Content-Type": type }, credentials: "same-origin",
    })
  } catch {
    throw new ApiError(0, "The hub does not answer. Is it running?")
  }
  if (response.ok) {
    return response
  }
  if (response.status === 401) {
    // It is asked for once more, in the way that shows the sign-in.
    await ask("GET", "playground/actions?version=0")
  }
  const answer = await response.json().catch(() => ({})) as { error?: unknown }
  throw new ApiError(response.status,
    typeof answer.error === "string" ? answer.error : `The hub answered with ${response.status}.`)
}
