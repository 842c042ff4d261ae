import * as Hub from "../../../../hub"
import { askForForm } from "../ask_for_form"
import { MarketoConfiguration } from "../configuration/configuration"
import { MarketoSettingsError } from "../errors"
import { additionalActionField } from "../form/additional_action"
import { settingsProblem } from "../form/connection_problem"
import { idFields } from "../form/id_fields"
import { askInstance, FormKnowledge, nothingKnown } from "../form/knowledge"
import { lookupFieldChoice } from "../form/lookup_field"
import { campaignTokensField, listFields } from "../form/option_fields"
import { programStatusField, targetFields } from "../form/target_fields"
import { FormValues, readFormValues } from "../form/values"
import { mayUse, readRestrictions, Restrictions, UNRESTRICTED } from "../settings/restrictions"
import { ClickedPerson, readClickedPerson } from "./clicked_person"
import { PERSON_ACTIONS } from "./person_actions"
import { personCard } from "./person_card"

/** The form's fields before anything is known of the instance. */
const LOOKUP_FIELD = {
  name: "lookupField", label: "Lead Lookup Field", type: "string" as const, required: false, interactive: true,
  description: "The Marketo field that has the cell's value.",
}
const CHOOSE_FIELD = { name: "", label: "Choose the field that has the cell's value" }
const SUBACTION = {
  name: "subaction", label: "Action", type: "select" as const, required: true, options: [],
}
const CAMPAIGN_ID = { name: "campaignId", label: "IDs", type: "string" as const, required: false }

/**
 * Returns the fields of the form for a clicked cell: the connection, who this is in Marketo, what to do, and with which
 * list, campaign or program. Whatever Marketo does, this takes no longer than `patienceMs` and a little.
 */
export async function personFormFields(
  request: Hub.ActionRequest, isConnectable: boolean, configuration: MarketoConfiguration, patienceMs: number,
): Promise<Hub.ActionFormField[]> {
  const { lookupField, person, problem } = clickedOrProblem(request)
  const values = valuesOf(request, lookupField)
  if (!isConnectable) {
    return fields(values, nothingKnown(""), UNRESTRICTED, problem ?? "")
  }
  try {
    const restrictions = readRestrictions(request.params)
    let card = problem ?? ""
    const knowledge = await askForForm(request, configuration, patienceMs, async (questions) => {
      const [known, whoItIs] = await Promise.all([
        askInstance(questions, values, restrictions),
        person === undefined ? Promise.resolve(card) : personCard(questions, person, restrictions),
      ])
      card = known.isConnected ? whoItIs : card
      return known
    })
    const targets = knowledge.targets.filter(({ kind, id }) => mayUse(restrictions, kind, id))
    return fields(values, { ...knowledge, targets }, restrictions, card)
  } catch (failure) {
    if (failure instanceof MarketoSettingsError) {
      return fields(values, nothingKnown(settingsProblem(failure.message)), UNRESTRICTED, problem ?? "")
    }
    throw failure
  }
}

function clickedOrProblem(
  request: Hub.ActionRequest,
): { lookupField: string, person?: ClickedPerson, problem?: string } {
  try {
    const person = readClickedPerson(request)
    return { lookupField: person.lookupField, person }
  } catch (failure) {
    if (failure instanceof MarketoSettingsError) {
      return { lookupField: readFormValues(request).lookupField, problem: failure.message }
    }
    throw failure
  }
}

/** Nobody is sent through a campaign because the form was not looked at: the first action is a gentle one. */
function valuesOf(request: Hub.ActionRequest, lookupField: string): FormValues {
  const read = readFormValues(request)
  const isGiven = read.textOf("subaction") !== ""
  const formParams = { ...request.formParams, ...isGiven ? {} : { subaction: PERSON_ACTIONS[0] } }
  return { ...readFormValues({ formParams }), lookupField }
}

function fields(
  values: FormValues, knowledge: FormKnowledge, restrictions: Restrictions, card: string,
): Hub.ActionFormField[] {
  const message = [knowledge.message, ...values.problems].filter((part) => part !== "").join(" ")
  return [
    ...messageField("connection", "Connection to Marketo", message),
    ...messageField("person", "This Person", card),
    lookupQuestion(values, knowledge),
    {
      ...additionalActionField(SUBACTION, values, restrictions, PERSON_ACTIONS),
      description: "What happens to this person in Marketo. No field of the lead is written, and nobody is created.",
    },
    ...targetFields(values, knowledge),
    ...idFields(CAMPAIGN_ID, values, knowledge, restrictions),
    ...(values.additionalAction === "addProgram" ? [programStatusField(values, knowledge)] : []),
    ...listFields(values),
    ...(values.additionalAction === "addCampaign" ? [campaignTokensField(values)] : []),
  ]
}

/** Nothing is chosen beforehand where the value does not say which field has it. */
function lookupQuestion(values: FormValues, knowledge: FormKnowledge): Hub.ActionFormField {
  const field = { ...lookupFieldChoice(LOOKUP_FIELD, values.lookupField, knowledge.schema), interactive: true }
  if (values.lookupField !== "") {
    return field
  }
  return field.type === "select" ?
    { ...field, required: true, default: "", options: [CHOOSE_FIELD, ...field.options] } :
    { ...field, required: true, default: "" }
}

function messageField(name: string, label: string, value: string): Hub.ActionFormField[] {
  return value === "" ? [] : [{ name, label, type: "message", value }]
}
