import * as Hub from "../../../../hub"
import { TargetKind } from "../api/types"
import { mayUse, Restrictions } from "../settings/restrictions"
import { FormKnowledge } from "./knowledge"
import { fullName } from "./target_names"
import { FormValues } from "./values"

const LABELS: { [kind in TargetKind]: string } = {
  campaign: "Campaign IDs or Addresses", list: "List IDs or Addresses", program: "Program IDs or Addresses",
}

const EXAMPLES: { [kind in TargetKind]: string } = {
  campaign: "2001, or https://app-sj01.marketo.com/#SC2001B2",
  list: "1001, or https://app-sj01.marketo.com/#ST1001A1",
  program: "3001, or https://app-sj01.marketo.com/#PG3001A1",
}

/**
 * Returns the box for IDs, and what those in it stand for. Without an additional action there is no box, unless it has
 * something in it: Looker drops what is in a field that a form no longer has.
 */
export function idFields(
  plain: Hub.ActionFormField, values: FormValues, knowledge: FormKnowledge, restrictions: Restrictions,
): Hub.ActionFormField[] {
  const { kind } = values
  const typed = values.textOf("campaignId")
  const preset = typed === "" ? {} : { default: typed }
  if (kind === undefined) {
    return typed === "" ? [] : [{
      ...plain, label: "IDs That Are Not Used",
      description: "Nothing else is to happen with the leads. Empty this box, or choose what these IDs are for.",
      ...preset,
    }]
  }
  const meaning = meaningOfIds(values, knowledge, kind, restrictions)
  return [
    {
      ...plain,
      label: LABELS[kind],
      description: `Used besides the choice above. Such as ${EXAMPLES[kind]}; several are separated by commas.`,
      // Looker then asks for the form again, which says what the IDs stand for.
      interactive: true,
      ...preset,
    },
    ...(meaning === "" ? [] : [{
      name: "targetNames", label: "About These IDs", type: "message" as const, value: meaning,
    }]),
  ]
}

/** "1001 is Newsletter; 1002 is Webinar Invitees (Spring Webinar)", and what is wrong with others. */
function meaningOfIds(
  values: FormValues, knowledge: FormKnowledge, kind: TargetKind, restrictions: Restrictions,
): string {
  const known: string[] = []
  for (const id of values.typedIds) {
    const target = knowledge.meant.get(id)
    if (!mayUse(restrictions, kind, id)) {
      known.push(`${id} may not be sent to from this Looker`)
    } else if (target !== undefined) {
      known.push(`${id} is ${fullName(target)}${target.obstacle === undefined ? "" : `, which ${target.obstacle}`}`)
    } else if (knowledge.unknownIds.includes(id)) {
      known.push(`${id} is unknown: Marketo has no ${kind} with this ID that the API user can see`)
    }
  }
  return [known.length === 0 ? "" : `${known.join("; ")}.`, ...values.idProblems]
    .filter((part) => part !== "").join(" ")
}
