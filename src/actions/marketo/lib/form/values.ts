import * as Hub from "../../../../hub"
import { TargetKind } from "../api/types"
import { MarketoSettingsError } from "../errors"
import { formListText, formText } from "../settings/param_text"
import { AdditionalAction } from "../settings/run_settings"
import { readTargets } from "../settings/target_ids"

/** The kind of target of each additional action. */
export const KIND_OF_TARGET: { [action in AdditionalAction]: TargetKind | undefined } = {
  addCampaign: "campaign",
  addList: "list",
  removeList: "list",
  mirrorList: "list",
  addProgram: "program",
  removeProgram: "program",
  none: undefined,
}

/** The values of a form that is opened, which need not be complete, nor make sense. */
export interface FormValues {
  /** As it came, blanks trimmed; empty when the field has no value, or none that can be read. */
  textOf: (field: string) => string
  lookupField: string
  additionalAction: AdditionalAction
  /** The kind of the additional action's target; undefined if leads are updated only. */
  kind: TargetKind | undefined
  /** The typed ids that a run would understand, as digits. */
  typedIds: string[]
  /** A run's complaints about the others, and about a choice that is none. */
  idProblems: string[]
  /** The id that was chosen by name, for this kind; empty when there is none. */
  chosenId: string
  /** A run's complaints about values that it cannot read, in any field. */
  problems: string[]
}

/** Reads what a form holds, with the functions by which a run reads it; never throws. */
export function readFormValues({ formParams }: Pick<Hub.ActionRequest, "formParams">): FormValues {
  const texts = new Map<string, string>()
  const problems: string[] = []
  for (const field of Object.keys(formParams)) {
    try {
      texts.set(field, (field === "campaignId" ? formListText : formText)(formParams, field))
    } catch (failure) {
      if (!(failure instanceof MarketoSettingsError)) {
        throw failure
      }
      problems.push(failure.message)
    }
  }
  const textOf = (field: string) => texts.get(field) ?? ""
  const additionalAction = actionMeant(textOf)
  const kind = KIND_OF_TARGET[additionalAction]
  const values = { textOf, lookupField: textOf("lookupField"), additionalAction, kind, problems }
  return kind === undefined ? { ...values, typedIds: [], idProblems: [], chosenId: "" } :
    { ...values, ...targetsOf(textOf, kind) }
}

function targetsOf(textOf: FormValues["textOf"], kind: TargetKind) {
  const { typed, chosen, problems } = readTargets(textOf("campaignId"), textOf("target"), kind)
  return { typedIds: typed, chosenId: chosen ?? "", idProblems: problems.map(({ message }) => message) }
}

/**
 * Returns the action that a run takes with these values. Schedules from before there was a choice request campaigns,
 * or only update leads if they name none: the form preselects what keeps that meaning once they are saved anew.
 */
function actionMeant(textOf: FormValues["textOf"]): AdditionalAction {
  const subaction = textOf("subaction")
  if (subaction === "" && textOf("lookupField") !== "" && textOf("campaignId") === "") {
    return "none"
  }
  return Object.keys(KIND_OF_TARGET).includes(subaction) ? subaction as AdditionalAction : "addCampaign"
}
