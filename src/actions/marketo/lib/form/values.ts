import * as Hub from "../../../../hub"
import { MarketoConfiguration } from "../configuration"
import { MarketoSettingsError } from "../errors"
import { TargetKind } from "../membership_change"
import { text } from "../run_options"
import { AdditionalAction, idsIn, readRunSettings } from "../run_settings"

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

/** For each kind, an action that wants nothing but ids: with it, a run's own reading of an id can be asked for. */
const PLAIN_ACTION: { [kind in TargetKind]: AdditionalAction } = {
  campaign: "addCampaign", list: "removeList", program: "removeProgram",
}

/** What stands in a form that is opened, which need not be complete, nor make sense. */
export interface FormValues {
  /** As it came, blanks trimmed; empty when the field has no value. */
  textOf: (field: string) => string
  lookupField: string
  additionalAction: AdditionalAction
  /** What the additional action is about; undefined when leads are updated only. */
  kind: TargetKind | undefined
  /** The typed ids that a run would understand, as digits. */
  typedIds: string[]
  /** What a run would say to the others. */
  idProblems: string[]
  /** The id that was chosen by name, for this kind; empty when there is none. */
  chosenId: string
}

/** Reads what a form holds; never throws. */
export function readFormValues(request: Hub.ActionRequest, configuration: MarketoConfiguration): FormValues {
  const { formParams } = request
  const textOf = (field: string) => text(formParams, field)
  const additionalAction = actionMeant(formParams)
  const kind = KIND_OF_TARGET[additionalAction]
  const typedIds: string[] = []
  const idProblems: string[] = []
  for (const id of kind === undefined ? [] : idsIn(textOf("campaignId"))) {
    try {
      typedIds.push(idForRun(configuration, kind as TargetKind, id))
    } catch (failure) {
      if (!(failure instanceof MarketoSettingsError)) {
        throw failure
      }
      idProblems.push(failure.message)
    }
  }
  const [chosenKind, chosenId] = textOf("target").split(":")
  return {
    textOf,
    lookupField: textOf("lookupField"),
    additionalAction,
    kind,
    typedIds: [...new Set(typedIds)],
    idProblems,
    chosenId: chosenKind === kind && /^\d+$/.test(chosenId ?? "") ? chosenId : "",
  }
}

/**
 * The action that a run takes with these values. Schedules from before there was a choice request campaigns, or only
 * update leads when they name none: the form preselects what keeps that meaning once they are saved anew.
 */
function actionMeant(formParams: Hub.ParamMap): AdditionalAction {
  const subaction = text(formParams, "subaction")
  if (subaction === "" && text(formParams, "lookupField") !== "" && text(formParams, "campaignId") === "") {
    return "none"
  }
  return Object.keys(KIND_OF_TARGET).includes(subaction) ? subaction as AdditionalAction : "addCampaign"
}

/** Throws MarketoSettingsError for what is no id of that kind. */
function idForRun(configuration: MarketoConfiguration, kind: TargetKind, id: string): string {
  const alone = new Hub.ActionRequest()
  // The connection's own settings are another matter, and may be wrong.
  alone.params = { url: "123-ABC-456", clientID: "any", clientSecret: "any" }
  alone.formParams = { lookupField: "email", subaction: PLAIN_ACTION[kind], campaignId: id }
  return readRunSettings(alone, configuration).changes[0].id
}
