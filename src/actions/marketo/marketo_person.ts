import * as Hub from "../../hub"
import { readConfiguration } from "./lib/configuration/configuration"
import { DECLARED_METRICS } from "./lib/metrics/marketo_metrics"
import { CELL_LOOKUP_FIELDS } from "./lib/one_person/cell_lookup_fields"
import { personFormFields } from "./lib/one_person/person_form"
import { asMembershipRun, personRun } from "./lib/one_person/person_run"
import { readOrRefuse } from "./lib/run_ending"
import { CONNECTION_PARAMS } from "./lib/settings/connection_params"
import { FORM_PATIENCE_MS, hasConnectionSettings } from "./marketo_form"
import { MarketoTransaction } from "./marketo_transaction"

/**
 * Sends one person, from a cell of a Look or an Explore, through a campaign, or to a list or a program. The lead is
 * looked up by the clicked value; no field of it is written, and nobody is created.
 */
export class MarketoPersonAction extends Hub.Action {
  name = "marketo_person"
  label = "Marketo: one person"
  iconName = "marketo/marketo.svg"
  description = "Add a person to a Marketo list, campaign or program, or remove them."
  params = CONNECTION_PARAMS
  supportedActionTypes = [Hub.ActionType.Cell]
  requiredFields = [{ any_tag: ["email", ...CELL_LOOKUP_FIELDS.map((field) => `marketo:${field}`)] }]
  executeInOwnProcess = true
  /** For a hub that keeps metrics. */
  metrics = DECLARED_METRICS

  /**
   * Does with one lead what a run of a query does with many. Rejects with MarketoSettingsError when it cannot start,
   * and answers everything else. After a success Looker reads the query anew.
   */
  async execute(request: Hub.ActionRequest) {
    const { asked, kind } = readOrRefuse(
      request, () => ({ asked: asMembershipRun(request), kind: personRun(request) }))
    const response = await new MarketoTransaction(readConfiguration(), kind).handleRequest(asked)
    response.refreshQuery = response.success
    return response
  }

  /** The form, which says who this is in Marketo. Trouble with the connection is reported inside it. */
  async form(request: Hub.ActionRequest) {
    const form = new Hub.ActionForm()
    form.fields = await personFormFields(
      request, hasConnectionSettings(request), readConfiguration(), FORM_PATIENCE_MS)
    return form
  }
}

Hub.addAction(new MarketoPersonAction())
