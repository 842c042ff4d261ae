import * as semver from "semver"
import * as Hub from "../../hub"
import { readConfiguration } from "./lib/configuration/configuration"
import { DECLARED_METRICS } from "./lib/metrics/marketo_metrics"
import { CONNECTION_PARAMS } from "./lib/settings/connection_params"
import { connectedFormFields, hasConnectionSettings, staticFormFields } from "./marketo_form"
import { MarketoTransaction } from "./marketo_transaction"

/** Json detail without Looker's row limit came with this version. */
const FIRST_VERSION_WITH_STREAM = "6.2.0"

/**
 * Sends the rows of a query result to Marketo as leads, and changes their list and campaign membership.
 * One instance serves every request: what belongs to a run lives in MarketoTransaction.
 */
export class MarketoAction extends Hub.Action {
  name = "marketo"
  label = "Marketo"
  iconName = "marketo/marketo.svg"
  description = "Update Marketo leads and their campaign/list membership."
  params = CONNECTION_PARAMS
  supportedActionTypes = [Hub.ActionType.Query]
  supportedFormattings = [Hub.ActionFormatting.Unformatted]
  supportedVisualizationFormattings = [Hub.ActionVisualizationFormatting.Noapply]
  usesStreaming = true
  executeInOwnProcess = true
  /** For a hub that keeps metrics. */
  metrics = DECLARED_METRICS

  supportedFormats = (request: Hub.ActionRequest) => {
    const { lookerVersion } = request
    return lookerVersion !== null && lookerVersion !== undefined &&
      semver.gte(lookerVersion, FIRST_VERSION_WITH_STREAM) ?
      [Hub.ActionFormat.JsonDetailLiteStream] : [Hub.ActionFormat.JsonDetail]
  }

  /** Runs one request. Rejects with MarketoSettingsError when it cannot start, and answers everything else. */
  async execute(request: Hub.ActionRequest) {
    return new MarketoTransaction().handleRequest(request)
  }

  /**
   * The form; with connection settings at hand, it shows what the instance has. Trouble with the connection is reported
   * inside the form and is no error: schedules must stay editable.
   */
  async form(request?: Hub.ActionRequest) {
    const form = new Hub.ActionForm()
    form.fields = request !== undefined && hasConnectionSettings(request) ?
      await connectedFormFields(request, readConfiguration()) : staticFormFields()
    return form
  }
}

Hub.addAction(new MarketoAction())
