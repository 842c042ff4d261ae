import * as Hub from "../../../../hub"
import { TargetKind } from "../api/types"
import { MORE_CHOICES } from "../settings/target_ids"
import { figure } from "../words/amounts"
import { listing } from "../words/listing"
import { FormKnowledge } from "./knowledge"
import {
  exactFirst, matching, MOST_OPTIONS, newestFirst, Option, optionLabel, optionName, PLURAL,
} from "./target_names"
import { FormValues } from "./values"

/** The most names among which a person finds one without a filter. */
const NAMES_WITHOUT_FILTER = 50

/** Returns the fields that offer a choice by name. */
export function targetFields(values: FormValues, knowledge: FormKnowledge): Hub.ActionFormField[] {
  const { kind } = values
  if (kind === undefined) {
    return []
  }
  const fields: Hub.ActionFormField[] = []
  const { targets } = knowledge
  const filter = values.textOf("targetFilter")
  if (targets.length > NAMES_WITHOUT_FILTER || targets.length > 0 && (!knowledge.hasAllTargets || filter !== "")) {
    fields.push({
      name: "targetFilter",
      label: "Find by Name",
      description: `Part of the name, program or ID of the ${PLURAL[kind]} to choose from; it only narrows the choice.`,
      type: "string",
      interactive: true,
      required: false,
      ...preset(filter),
    })
  }
  if (targets.length > 0 || values.chosenId !== "") {
    fields.push(targetField(values, knowledge, kind))
  }
  return fields
}

/** Returns the field for the status that a program's members are given. */
export function programStatusField(values: FormValues, knowledge: FormKnowledge): Hub.ActionFormField {
  const current = values.textOf("programStatus")
  const { statuses } = knowledge
  const common = {
    name: "programStatus",
    label: "Program Status",
    required: true,
    ...preset(current),
  }
  if (statuses.kind === "known") {
    const options: Option[] = statuses.names.map((name) => ({ name, label: name }))
    if (current !== "" && !statuses.names.includes(current)) {
      options.push({ name: current, label: `${current} (not a status of this program)` })
    }
    return {
      ...common,
      type: "select",
      description: "Status that the leads get in the program. Leads already in or past it stay as they are.",
      options,
    }
  }
  const hint = statuses.kind === "different" ?
    `The programs have no status in common: ${statuses.byProgram.map(({ program, names }) =>
      `${program.name} has ${listing(names)}`).join("; ")}.` :
    "Name of a status of the program's channel, such as Registered; choose a program by name to see its statuses."
  return { ...common, type: "string", description: `Status that the leads get in the program. ${hint}` }
}

function targetField(values: FormValues, knowledge: FormKnowledge, kind: TargetKind): Hub.ActionFormField {
  const filter = values.textOf("targetFilter")
  const fitting = exactFirst(newestFirst(matching(knowledge.targets, filter)), filter)
  const shown = fitting.slice(0, MOST_OPTIONS)
  const options: Option[] = [{ name: "", label: "None - only the IDs typed below" }]
  const current = { kind, id: values.chosenId }
  if (values.chosenId !== "" && !shown.some((target) => target.id === values.chosenId)) {
    options.push({ name: optionName(current), label: labelOfCurrent(values.chosenId, knowledge, kind) })
  }
  options.push(...shown.map((target) => ({ name: optionName(target), label: optionLabel(target) })))
  if (fitting.length > shown.length) {
    options.push({
      name: MORE_CHOICES,
      label: `(${figure(fitting.length - shown.length)} more: type a part of the name into the filter)`,
    })
  }
  return {
    name: "target",
    label: `Choose a ${capital(kind)}`,
    description: "Used besides the IDs typed below; newest first." +
      limitsOfChoice(knowledge, filter, fitting.length, kind),
    type: "select",
    options,
    // The statuses to choose from are those of the chosen program.
    interactive: values.additionalAction === "addProgram",
    required: false,
    default: values.chosenId === "" ? "" : optionName(current),
  }
}

function limitsOfChoice(knowledge: FormKnowledge, filter: string, found: number, kind: TargetKind): string {
  const none = filter !== "" && found === 0 ? ` None of the ${PLURAL[kind]} matches "${filter}".` : ""
  return none + (knowledge.hasAllTargets || knowledge.targets.length === 0 ? "" :
    ` Not all ${PLURAL[kind]} have been read so far (${figure(knowledge.targets.length)}): open the form again in a ` +
      "minute for the others, or type the whole name into the filter.")
}

function labelOfCurrent(id: string, knowledge: FormKnowledge, kind: TargetKind): string {
  const target = knowledge.meant.get(id)
  if (target !== undefined) {
    return optionLabel(target)
  }
  return knowledge.unknownIds.includes(id) ? `ID ${id} (Marketo has no such ${kind})` : `ID ${id}`
}

function preset(value: string): { default?: string } {
  return value === "" ? {} : { default: value }
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
