import * as winston from "winston"
import * as Hub from "../../hub"
import { askForForm } from "./lib/ask_for_form"
import { MarketoConfiguration } from "./lib/configuration/configuration"
import { MarketoSettingsError } from "./lib/errors"
import { additionalActionField } from "./lib/form/additional_action"
import { settingsProblem } from "./lib/form/connection_problem"
import { idFields } from "./lib/form/id_fields"
import { askInstance, FormKnowledge, nothingKnown } from "./lib/form/knowledge"
import { lookupFieldChoice } from "./lib/form/lookup_field"
import { listFields, optionFields } from "./lib/form/option_fields"
import { programStatusField, targetFields } from "./lib/form/target_fields"
import { FormValues, readFormValues } from "./lib/form/values"
import { isGiven } from "./lib/settings/param_text"
import { mayUse, readRestrictions, Restrictions, UNRESTRICTED } from "./lib/settings/restrictions"

/** Time that a form waits for Marketo in all, in ms: people wait for the form, and nobody more than five seconds. */
export const FORM_PATIENCE_MS = 4000

/**
 * Returns the form's fields. Their names, and the names of the options, are stored in customers' schedules: Looker
 * drops stored values of fields that a form no longer has, so they never change.
 */
export function staticFormFields(): Hub.ActionFormField[] {
  return [
    {
      name: "lookupField",
      label: "Lead Lookup Field",
      description: "Marketo field to use when looking up leads to update",
      type: "string",
      default: "email",
      required: true,
    },
    {
      name: "subaction",
      label: "Additional Action",
      description: "Additional action to take",
      type: "select",
      required: true,
      default: "addCampaign",
      options: [
        { name: "addCampaign", label: "Update lead and add to below Campaign ID" },
        { name: "addList", label: "Update lead and add to below List ID" },
        { name: "removeList", label: "Update lead and remove from below List ID" },
        { name: "none", label: "None - Update lead only" },
      ],
    },
    {
      name: "campaignId",
      label: "Campaign/List ID for Additional Action",
      description: "Either a Campaign ID or a List ID, depending on above selection",
      type: "string",
      required: false,
    },
  ]
}

/** Returns true if the request has all that is needed to reach an instance. */
export function hasConnectionSettings(request: Hub.ActionRequest): boolean {
  return ["url", "clientID", "clientSecret"].every((name) => isGiven(request.params, name))
}

/**
 * Returns the fields for a request with connection settings: proves them, and offers what the instance has, by name.
 * Whatever Marketo does, this takes no longer than `patienceMs` and a little. Trouble with the connection goes into a
 * message above fields that can be filled in all the same.
 */
export async function connectedFormFields(
  request: Hub.ActionRequest, configuration: MarketoConfiguration, patienceMs: number = FORM_PATIENCE_MS,
): Promise<Hub.ActionFormField[]> {
  const values = readFormValues(request)
  try {
    const restrictions = readRestrictions(request.params)
    const knowledge = await knowledgeFor(request, configuration, values, restrictions, patienceMs)
    const targets = knowledge.targets.filter(({ kind, id }) => mayUse(restrictions, kind, id))
    return formFields(values, { ...knowledge, targets }, restrictions)
  } catch (failure) {
    if (failure instanceof MarketoSettingsError) {
      return formFields(values, nothingKnown(settingsProblem(failure.message)), UNRESTRICTED)
    }
    throw failure
  }
}

async function knowledgeFor(
  request: Hub.ActionRequest, configuration: MarketoConfiguration, values: FormValues, restrictions: Restrictions,
  patienceMs: number,
): Promise<FormKnowledge> {
  const knowledge = await askForForm(
    request, configuration, patienceMs, async (questions) => askInstance(questions, values, restrictions))
  if (!knowledge.isConnected) {
    winston.info("Marketo: the form is shown without a connection", { webhookId: request.webhookId })
  }
  return knowledge
}

function formFields(
  values: FormValues, knowledge: FormKnowledge, restrictions: Restrictions,
): Hub.ActionFormField[] {
  const [lookupField, subaction, campaignId] = staticFormFields()
  return [
    {
      name: "connection", label: "Connection to Marketo", type: "message",
      value: [knowledge.message, ...values.problems].join(" "),
    },
    lookupFieldChoice(
      {
        ...lookupField,
        description: "The Marketo field by which a lead is found. The query needs a column with its tag.",
      },
      values.lookupField, knowledge.schema),
    additionalActionField(subaction, values, restrictions),
    ...targetFields(values, knowledge),
    ...idFields(campaignId, values, knowledge, restrictions),
    ...(values.additionalAction === "addProgram" ? [programStatusField(values, knowledge)] : []),
    ...listFields(values),
    ...optionFields(values, knowledge, restrictions),
  ]
}
