import * as semver from "semver"
import * as Hub from "../../hub"
import { readConfiguration } from "./lib/configuration/configuration"
import { DECLARED_METRICS } from "./lib/metrics/marketo_metrics"
import { ALLOWED_TARGETS, NOT_ALLOWED } from "./lib/settings/restrictions"
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
  params = [
    {
      name: "url",
      label: "URL",
      required: true,
      sensitive: false,
      description: "The REST endpoint of your Marketo instance, such as https://123-ABC-456.mktorest.com. In " +
        "Marketo: Admin > Integration > Web Services, REST API, Endpoint. Your Munchkin ID alone will do, too.",
    },
    {
      name: "clientID",
      label: "Client ID",
      required: true,
      sensitive: false,
      description: "The Client ID of the custom service for Looker, such as 8a2f6c1e-0b5d-4c3e-9f1a-2d7b6e4c8a90. In " +
        "Marketo: Admin > Integration > LaunchPoint, View Details.",
    },
    {
      name: "clientSecret",
      label: "Client Secret",
      required: true,
      sensitive: true,
      description: "The Client Secret of the same custom service. It is shown beside the Client ID.",
    },
    {
      ...ALLOWED_TARGETS,
      required: false,
      sensitive: false,
      description: "Optional. Addresses as Marketo shows them, or their ends, such as ST1001A1, SC2001B2, PG3001A1, " +
        "separated by commas: leads can then be sent to these alone, and forms show no others. Blank: to all.",
    },
    {
      ...NOT_ALLOWED,
      required: false,
      sensitive: false,
      description: "Optional. What sends may not do: create (leads), remove (from lists and programs), mirror " +
        "(lists), separated by commas. Blank: all is allowed.",
    },
    {
      name: "sender",
      label: "Sender",
      required: false,
      sensitive: false,
      user_attribute_name: "email",
      description: "Optional. Bind it to the user attribute Email: the hub's log and its records of runs then name " +
        "who sent. Leave it empty to keep names out of them.",
    },
  ]
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
