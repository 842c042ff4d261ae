import { MarketoError } from "./marketo_error"

/** One complaint, under the name of the form field it belongs to. */
export interface SettingProblem {
  field: string
  message: string
}

/**
 * Raised when the settings, the form's values or the query's columns cannot work, always before a lead is sent.
 * The run does not start. `validationErrors` lets a hub show each complaint at its form field.
 */
export class MarketoSettingsError extends MarketoError {
  constructor(message: string, readonly validationErrors: SettingProblem[] = []) {
    super("settings", message)
    this.name = "MarketoSettingsError"
  }
}

/** Returns the error for one form field that cannot work; `message` explains why and what to do, in sentences. */
export function refusal(field: string, message: string): MarketoSettingsError {
  return new MarketoSettingsError(message, [{ field, message }])
}
