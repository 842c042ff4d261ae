import * as winston from "winston"
import type { ProcessQueue } from "../xpc/process_queue"
import type { ActionRequest } from "./action_request"
import { ActionResponse } from "./action_response"
import { answeredNonsense, endedUnanswered } from "./unanswered_runs"

/**
 * Has a queue execute the request, and turns its reply into a response. Members of the reply that a response does not
 * have are kept.
 * Never rejects. Without an understandable reply, the response says so, with the reason that the queue gave.
 */
export async function executeInQueue(request: ActionRequest, queue: ProcessQueue): Promise<ActionResponse> {
  const { webhookId } = request
  try {
    // Skips JSON, so an attachment's bytes cross over unchanged.
    const reply = readReply(queue.execute === undefined ? await queue.run(JSON.stringify(request)) :
      await queue.execute(request))
    if (reply) {
      return Object.assign(new ActionResponse(), reply)
    }
    winston.error("The process that executed the action sent a reply that is no response.", {
      reason: "hub", webhookId,
    })
    return failure(answeredNonsense().message, webhookId)
  } catch (reason) {
    const message = failureText(reason)
    // The reason may hold data of the run. It is meant for the person in Looker, not for the log.
    winston.error("The action could not be executed in a process of its own.", { reason: "hub", webhookId })
    return failure(message, webhookId)
  }
}

/**
 * Reads the reply. Queues of existing hubs resolve with the reply itself, whatever their type says. Others resolve with
 * its JSON.
 */
function readReply(reply: unknown): object | undefined {
  const parsed: unknown = typeof reply === "string" ? parseJson(reply) : reply
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Returns a sentence for the user. If a process ended without a message, the reason is the name of a signal, or null.
 */
function failureText(reason: unknown): string {
  if (typeof reason === "string" && reason !== "") {
    return /^SIG[A-Z0-9]+$/.test(reason) ? endedUnanswered(reason).message : reason
  }
  if (reason instanceof Error) {
    return reason.message || reason.name
  }
  const message: unknown = (reason as { message?: unknown } | null | undefined)?.message
  if (typeof message === "string" && message !== "") {
    return message
  }
  return endedUnanswered().message
}

function failure(message: string, webhookId: string | undefined): ActionResponse {
  return new ActionResponse(webhookId === undefined
    ? { success: false, message }
    : { success: false, message, webhookId })
}
