import * as Hub from "../../../../hub"
import { Restrictions } from "../settings/restrictions"
import { AdditionalAction } from "../settings/run_settings"
import { Option } from "./target_names"
import { FormValues, KIND_OF_TARGET } from "./values"

/** The additional actions in a person's words. The names are stored in schedules and never change. */
const LABELS: { [action in AdditionalAction]: string } = {
  addCampaign: "Send through a campaign",
  addList: "Add to a list",
  removeList: "Remove from a list",
  mirrorList: "Make a list hold exactly these leads",
  addProgram: "Add to a program, with a status",
  removeProgram: "Remove from a program",
  none: "Nothing else: only create or update the leads",
}

/**
 * Returns the choice of what happens to leads besides being updated, as far as an administrator allows it. `offered`:
 * the actions to choose from, in their order.
 */
export function additionalActionField(
  plain: Hub.ActionFormField, values: FormValues, restrictions: Restrictions,
  offered: readonly AdditionalAction[] = Object.keys(LABELS) as AdditionalAction[],
): Hub.ActionFormField {
  const options: Option[] = offered
    .filter((action) => isAllowed(action, restrictions) || action === values.additionalAction)
    .map((action) => ({ name: action, label: LABELS[action] }))
  const stored = values.textOf("subaction")
  const isUnknown = stored !== "" && !Object.keys(LABELS).includes(stored)
  return {
    ...plain,
    type: "select",
    description: "What happens to each lead once it has been updated or created.",
    interactive: true,
    default: isUnknown ? stored : values.additionalAction,
    options: isUnknown ? options.concat({ name: stored, label: `${stored} (not a choice)` }) : options,
  }
}

function isAllowed(action: AdditionalAction, { targets, mayRemove, mayMirror }: Restrictions): boolean {
  const kind = KIND_OF_TARGET[action]
  const hasTargets = kind === undefined || targets === undefined || (targets.get(kind)?.size ?? 0) > 0
  const isRemoval = action === "removeList" || action === "removeProgram"
  return hasTargets && (mayRemove || !isRemoval) && (mayMirror || action !== "mirrorList")
}
