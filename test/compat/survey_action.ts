/* An action as a third party would write it, from the contract alone: it imports nothing but `hub`, `error_types` and
   the types of `api_types`. */
/* eslint-disable @typescript-eslint/only-throw-error -- The contract has actions throw texts. */
import * as winston from "winston"
import { LookmlModelExploreField } from "../../src/api_types/lookml_model_explore_field"
import { HTTP_ERROR } from "../../src/error_types/http_errors"
import { getHttpErrorType } from "../../src/error_types/utils"
import * as Hub from "../../src/hub"
import { Error as HubError } from "../../src/hub/action_response"

const TAG = "survey_address"

/** What the survey service was asked to do; tests look here. */
export interface Invitation {
  address: string
  answered: boolean
}

export class SurveyAction extends Hub.Action {

  name = "survey"
  label = "Survey"
  iconName = "survey/survey.svg"
  description = "Invite people to a survey."
  supportedActionTypes = [Hub.ActionType.Query]
  supportedFormattings = [Hub.ActionFormatting.Unformatted]
  supportedVisualizationFormattings = [Hub.ActionVisualizationFormatting.Noapply]
  requiredFields = [{ any_tag: [TAG] }]
  minimumSupportedLookerVersion = "6.2.0"
  usesStreaming = true
  executeInOwnProcess = true
  params: Hub.ActionParameter[] = [
    { name: "service_key", label: "Service Key", required: true, sensitive: true, description: "From the service" },
    { name: "region", label: "Region", required: false, sensitive: false, per_user: true },
  ]

  readonly invitations: Invitation[] = []

  supportedFormats = (request: Hub.ActionRequest) => {
    return [request.lookerVersion ? Hub.ActionFormat.JsonDetailLiteStream : Hub.ActionFormat.JsonDetail]
  }

  async execute(request: Hub.ActionRequest): Promise<Hub.ActionResponse> {
    const { survey } = request.formParams
    if (!survey) {
      throw "Missing survey."
    }
    let addressField: Hub.Field | undefined
    let ranAt: string | undefined
    try {
      await request.streamJsonDetail({
        onFields: (fields: Hub.Fieldset) => {
          addressField = Hub.allFields(fields).find((field) => (field.tags ?? []).includes(TAG))
          if (!addressField) {
            throw new Error(`No field is tagged ${TAG}.`)
          }
        },
        onRanAt: (iso) => { ranAt = iso },
        onRow: (row: Hub.JsonDetail.Row) => this.invite(row, addressField!),
      })
    } catch (e) {
      if (!(e instanceof Error)) {
        throw e
      }
      winston.error("The survey could not be sent.", { webhookId: request.webhookId })
      const error: HubError = Hub.errorWith(getHttpErrorType(e, this.name), e.message)
      return new Hub.ActionResponse({ success: false, message: error.message, error, webhookId: request.webhookId })
    }
    const response = new Hub.ActionResponse({
      message: Hub.truncateString(`Invited ${this.invitations.length}.\nThe query ran ${ranAt}.\n`, 100),
      validationErrors: survey === "old" ? [{ field: "survey", message: "is closed" }] : [],
    })
    response.refreshQuery = survey === "old"
    response.state = new Hub.ActionState()
    response.state.data = JSON.stringify({ last: survey })
    response.state.refreshTime = 3600
    return response
  }

  async form(request: Hub.ActionRequest): Promise<Hub.ActionForm> {
    const form = new Hub.ActionForm()
    if (request.params.region === "closed") {
      form.error = Hub.errorWith(HTTP_ERROR.unavailable, "The region is closed.").message
      return form
    }
    form.fields = [
      { name: "survey", label: "Survey", type: "string", required: true, default: "new" },
      { name: "greeting", label: "Greeting", type: "textarea", description: "Above the questions" },
      {
        name: "language", label: "Language", type: "select", interactive: true,
        options: [{ name: "en", label: "English" }, { name: "de", label: "German" }],
      },
      { name: "hint", type: "message", value: `In ${request.formParams.language ?? "any language"}` },
      { name: "untyped", label: "Without a type" },
    ]
    form.state = new Hub.ActionState()
    form.state.data = "seen"
    return form
  }

  private invite(row: Hub.JsonDetail.Row, addressField: Partial<LookmlModelExploreField> & { name: string }) {
    const cell = row[addressField.name]
    this.invitations.push({ address: cell.value as string, answered: cell.rendered === "yes" })
  }

}
