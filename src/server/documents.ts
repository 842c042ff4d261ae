import * as Hub from "../hub"
import { failedSilently, isOutOfDescriptors, noAnswer, outOfDescriptors } from "../hub/unanswered_runs"
import { errorText } from "../xpc/error_text"

/** A JSON document for Looker, and the success that it reports. */
export interface ReplyDocument {
  json: string
  success: boolean
}

/**
 * Returns the document that answers an execution, `{"looker":{...}}`.
 * Throws if the action's result is not a response, or contains something that JSON cannot express.
 */
export function executionDocument(response: unknown): ReplyDocument {
  const document = asJson(response)
  return { json: JSON.stringify(document), success: isSuccess(document) }
}

/** Returns the document that explains a failed execution to the person in Looker, in the ordinary shape. */
export function failedExecutionDocument(thrown: unknown): ReplyDocument {
  const response = thrown instanceof Hub.ActionResponse ? thrown : new Hub.ActionResponse()
  response.success = false
  response.message = shownText(thrown)
  response.validationErrors = response.validationErrors.concat(
    thrown === response ? [] : Hub.validationErrorsOf(thrown))
  try {
    return { json: JSON.stringify(response.asJson()), success: false }
  } catch {
    // Other members of a thrown response may be impossible to write. Its message matters most.
    const message = response.message
    return { json: JSON.stringify(new Hub.ActionResponse({ success: false, message }).asJson()), success: false }
  }
}

/**
 * Returns the document that answers a form request.
 * Throws if the action's result is not a form, or contains something that JSON cannot express.
 */
export function formDocument(form: unknown): ReplyDocument {
  const document = asJson(form)
  return { json: JSON.stringify(document), success: !("error" in document) }
}

/** Returns the document that explains to the person in Looker why there is no form. */
export function failedFormDocument(thrown: unknown): ReplyDocument {
  return { json: JSON.stringify({ error: shownText(thrown) }), success: false }
}

function shownText(thrown: unknown): string {
  const text = isOutOfDescriptors(thrown) ? outOfDescriptors().message : errorText(thrown)
  return text.trim() === "" ? failedSilently().message : text
}

function asJson(answer: unknown): object {
  const isDocument = typeof (answer as { asJson?: unknown } | undefined | null)?.asJson === "function"
  const document = isDocument ? (answer as { asJson: () => unknown }).asJson() : undefined
  if (typeof document !== "object" || document === null) {
    throw new Error(noAnswer().message)
  }
  return document
}

function isSuccess(document: object): boolean {
  const { looker } = document as { looker?: { success?: unknown } }
  return looker?.success === true
}
