import * as Hub from "../../../../hub"
import { TargetKind } from "../api/types"
import { MarketoSettingsError } from "../errors"
import { formListText, formText } from "../settings/param_text"
import { AdditionalAction } from "../settings/run_settings"
import { chosenId, idsIn, targetId } from "../settings/target_ids"

/** Which kind of target an additional action has. */
const KIND_OF_TARGET: { [action in AdditionalAction]: TargetKind | undefined } = {
  addCampaign: "campaign",
  addList: "list",
  removeList: "list",
  mirrorList: "list",
  addProgram: "program",
  removeProgram: "program",
  none: undefined,
}

/** What stands in a form that is opened, which need not be complete, nor make sense. */
export interface FormValues {
  /** As it came, blanks trimmed; empty when the field has no value, or none that can be read. */
  textOf: (field: string) => string
  lookupField: string
  additionalAction: AdditionalAction
  /** What the additional action is about; undefined when leads are updated only. */
  kind: TargetKind | undefined
  /** The typed ids that a run would understand, as digits. */
  typedIds: string[]
  /** What a run would say to the others, and to a choice that is none. */
  idProblems: string[]
  /** The id that was chosen by name, for this kind; empty when there is none. */
  chosenId: string
  /** What a run would say to values that it cannot read, in any field. */
  problems: string[]
}

/** What a run reads of a value, or how it refuses it. */
type Reading<T> = { kind: "read", value: T } | { kind: "refused", message: string }

/** Reads what a form holds, with the functions by which a run reads it; never throws. */
export function readFormValues({ formParams }: Pick<Hub.ActionRequest, "formParams">): FormValues {
  const texts = new Map<string, string>()
  const problems: string[] = []
  for (const field of Object.keys(formParams)) {
    const text = asRunReads(() => (field === "campaignId" ? formListText : formText)(formParams, field))
    if (text.kind === "read") {
      texts.set(field, text.value)
    } else {
      problems.push(text.message)
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
  const typedIds = new Set<string>()
  const idProblems: string[] = []
  for (const id of idsIn(textOf("campaignId"))) {
    const typed = asRunReads(() => targetId(id, kind))
    if (typed.kind === "read") {
      typedIds.add(typed.value)
    } else {
      idProblems.push(typed.message)
    }
  }
  const chosen = asRunReads(() => chosenId({ target: textOf("target") }, kind))
  if (chosen.kind === "refused") {
    idProblems.push(chosen.message)
  }
  return { typedIds: [...typedIds], idProblems, chosenId: chosen.kind === "read" ? chosen.value ?? "" : "" }
}

/**
 * The action that a run takes with these values. Schedules from before there was a choice request campaigns, or only
 * update leads when they name none: the form preselects what keeps that meaning once they are saved anew.
 */
function actionMeant(textOf: FormValues["textOf"]): AdditionalAction {
  const subaction = textOf("subaction")
  if (subaction === "" && textOf("lookupField") !== "" && textOf("campaignId") === "") {
    return "none"
  }
  return Object.keys(KIND_OF_TARGET).includes(subaction) ? subaction as AdditionalAction : "addCampaign"
}

function asRunReads<T>(read: () => T): Reading<T> {
  try {
    return { kind: "read", value: read() }
  } catch (failure) {
    if (failure instanceof MarketoSettingsError) {
      return { kind: "refused", message: failure.message }
    }
    throw failure
  }
}
