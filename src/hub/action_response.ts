import { HttpErrorInfo } from "../error_types/http_errors"
import { ActionState } from "./action_state"
import { wireState } from "./wire_state"

/** What is wrong with one field of the form. */
export interface ValidationError {
  field: string
  message: string
}

/** A failure in the terms of Looker's error reporting; `errorWith` makes them. */
export interface Error {
  http_code: number
  status_code: string
  message: string
  location: string
  documentation_url: string
}

/**
 * The global constructor, under the name of the interface above: a file that imports the interface and still writes
 * `new Error()` gets the global one, even when compiled on its own, where the import cannot be known to be a type.
 */
export const Error: ErrorConstructor = globalThis.Error

/** The error for a response: the kind's code and status, its description followed by `message`. */
export function errorWith(info: HttpErrorInfo, message: string): Error {
  return {
    http_code: info.code,
    status_code: info.status,
    message: `${info.description} ${message}`,
    location: "ActionContainer",
    documentation_url: "TODO",
  }
}

/**
 * The complaints that a thrown error carries in its own `validationErrors`, so that an action can refuse a form by
 * throwing and Looker still shows each complaint beside its field; empty for everything else.
 */
export function validationErrorsOf(thrown: unknown): ValidationError[] {
  const carried: unknown = typeof thrown === "object" && thrown !== null ?
    (thrown as { validationErrors?: unknown }).validationErrors : undefined
  return (Array.isArray(carried) ? carried : []).filter((entry: unknown): entry is ValidationError =>
    typeof entry === "object" && entry !== null && typeof (entry as ValidationError).field === "string" &&
    typeof (entry as ValidationError).message === "string")
}

/** How a run ended, for Looker and for the user. */
export class ActionResponse {

  /** Shown to the user who sent, or in the schedule's history. */
  message?: string
  /** Whether Looker runs the query again, for it has changed. */
  refreshQuery = false
  success = true
  validationErrors: ValidationError[] = []
  /** To be kept for the user; see `ActionState`. */
  state?: ActionState
  error?: Error
  webhookId?: string

  constructor(
    fields?: {
      message?: string,
      refreshQuery?: boolean,
      success?: boolean,
      validationErrors?: ValidationError[],
      error?: Error,
      webhookId?: string,
    },
  ) {
    Object.assign(this, fields)
  }

  /** The response as it goes to Looker. Of several validation errors for one field, the last one is told. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Actions written for existing hubs read members.
  asJson(): any {
    // Defines members, where an assignment to one named __proto__ would define nothing.
    const messagesByField = Object.fromEntries(this.validationErrors.map(({ field, message }) => [field, message]))
    return {
      looker: {
        message: this.message,
        refresh_query: this.refreshQuery,
        success: this.success,
        validation_errors: messagesByField,
        state: wireState(this.state),
        error: this.error,
        webhookId: this.webhookId,
      },
    }
  }

}
