import { MarketoSettingsError, SettingProblem } from "."

/**
 * Raised when tags name fields that the instance does not have. Whether they are SOAP names is not known yet: a
 * mapping that is given the SOAP names says it.
 */
export class UnknownFieldsError extends MarketoSettingsError {
  constructor(message: string, validationErrors: SettingProblem[]) {
    super(message, validationErrors)
    this.name = "UnknownFieldsError"
  }
}
