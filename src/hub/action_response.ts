import { HttpErrorInfo } from "../error_types/http_errors"
import { ActionState } from "./action_state"
import { wireState } from "./wire_state"

/** A complaint about one field of the form. */
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

/** Builds the error for a response: the kind's code and status, and its description followed by `message`. */
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
 * Returns the complaints in a thrown error's own `validationErrors`, or an empty list. An action can thus refuse a form
 * by throwing, and Looker still shows each complaint next to its field.
 */
export function validationErrorsOf(thrown: unknown): ValidationError[] {
  const carried: unknown = typeof thrown === "object" && thrown !== null ?
    (thrown as { validationErrors?: unknown }).validationErrors : undefined
  return (Array.isArray(carried) ? carried : []).filter((entry: unknown): entry is ValidationError =>
    typeof entry === "object" && entry !== null && typeof (entry as ValidationError).field === "string" &&
    typeof (entry as ValidationError).message === "string")
}

/** The result of a run, for Looker and for the user. */
export class ActionResponse {

  /** Shown to the user who sent, or in the schedule's history. */
  message?: string
  /** Looker runs the query again, because its data has changed. */
  refreshQuery = false
  success = true
  validationErrors: ValidationError[] = []
  /** Kept by Looker for the user; see `ActionState`. */
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

  /** Returns the response as Looker gets it. Of several validation errors for one field, the last one counts. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Actions written for existing hubs read members.
  asJson(): any {
    // Defines members, since an assignment to a member named __proto__ would define nothing.
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
