import * as Hub from "../../../../hub"
import { Restrictions } from "../settings/restrictions"
import { NO_CLEARING_LIMIT, OFFERED_CLEARING_LIMIT, USUAL_MIRROR_LIMIT } from "../settings/run_options"
import { FormKnowledge } from "./knowledge"
import { Option } from "./target_names"
import { FormValues } from "./values"

/** Fields that belong to one additional action: the name of the list, and how much mirroring may remove. */
export function listFields(values: FormValues): Hub.ActionFormField[] {
  const { additionalAction } = values
  const fields: Hub.ActionFormField[] = []
  if (additionalAction === "addList" || additionalAction === "mirrorList") {
    fields.push(textField(values, "listName", "List Name", "string",
      "Name of a static list, used besides the IDs, without a comma; if there is none of exactly that name, it is " +
      "created."))
  }
  if (additionalAction === "mirrorList") {
    fields.push(textField(values, "mirrorLimit", "Most Leads to Remove (Percent)", "string",
      "If more than this share of the list's members would be removed, none is, and the run reports it.",
      String(USUAL_MIRROR_LIMIT)))
  }
  return fields
}

/** The dry run, the switch for the further options, and those of them that are wanted or in use. */
export function optionFields(
  values: FormValues, knowledge: FormKnowledge, restrictions: Restrictions,
): Hub.ActionFormField[] {
  const fields: Hub.ActionFormField[] = [
    choiceField(values, "dryRun", "Dry Run", "Read and check everything and report, but write nothing to Marketo.", [
      { name: "no", label: "No - send the leads" },
      { name: "yes", label: "Yes - only report what would be done" },
    ]),
    clearingLimitField(values),
    {
      ...choiceField(values, "moreOptions", "More Options", "Show options whose usual values suit most uses.", [
        { name: "no", label: "No" },
        { name: "yes", label: "Yes" },
      ]),
      interactive: true,
    },
  ]
  const wantsAll = values.textOf("moreOptions") === "yes"
  // Looker drops the value of a field that is not in the form: what is in use stays visible.
  return fields.concat(furtherFields(values, knowledge, restrictions).filter((field) => wantsAll ||
    isInUse(values, field) ||
    // Without a stored value, a send would create leads, and be refused.
    field.name === "leadMode" && !restrictions.mayCreate))
}

/**
 * Always shown: Looker stores no value of a field that is not in the form, and a run without one has no limit. A form
 * that was saved without one keeps that meaning when it is opened; a new one offers a limit.
 */
function clearingLimitField(values: FormValues): Hub.ActionFormField {
  return textField(values, "mostCleared", "Most Values to Clear (Percent)", "string",
    "If the first 3,000 rows would clear more than this share of a field's values, nothing is sent, and the run " +
    "reports it. 100, or an empty box, for no limit.",
    String(values.lookupField === "" ? OFFERED_CLEARING_LIMIT : NO_CLEARING_LIMIT))
}

function furtherFields(
  values: FormValues, knowledge: FormKnowledge, restrictions: Restrictions,
): Hub.ActionFormField[] {
  const fields = [
    choiceField(values, "leadMode", "Leads to Send", "What happens to leads that Marketo knows, or does not know.", [
      { name: "createOrUpdate", label: "Create new leads and update existing ones" },
      { name: "updateOnly", label: "Only update existing leads" },
      { name: "createOnly", label: "Only create new leads" },
      { name: "membershipOnly", label: "Only find leads, for the additional action: write no field, create nobody" },
    ].filter(({ name }) => restrictions.mayCreate || name === "updateOnly" || name === "membershipOnly")),
    choiceField(values, "emptyCells", "Empty Cells", "What an empty cell does to the lead's field.", [
      { name: "clear", label: "Clear the field in Marketo" },
      { name: "leave", label: "Leave the field as it is" },
    ]),
    choiceField(values, "invalidValues", "Unusable Values",
      "What happens to a row with a value that its Marketo field does not take; it is reported either way.", [
        { name: "leaveOut", label: "Send the row without the value" },
        { name: "skipRow", label: "Do not send the row" },
      ]),
    choiceField(values, "longText", "Overlong Text", "What happens to a text longer than its Marketo field.", [
      { name: "report", label: "Treat it as an unusable value" },
      { name: "cut", label: "Cut it to the field's length" },
    ]),
  ]
  fields.push(choiceField(values, "severalMatches", "When Several Leads Match",
    "What happens to a row whose lookup value several leads in Marketo have.", [
      { name: "skip", label: "Skip it and report it" },
      { name: "latest", label: "Update the lead that was updated last" },
      { name: "all", label: "Update all of them" },
    ]))
  fields.push(choiceField(values, "sendBy", "How to Send",
    "Files take few of the calls that Marketo allows in a day, and longer for few leads; they only create and update " +
    "leads and add them to one list.", [
      { name: "calls", label: "One call for each 300 leads" },
      { name: "files", label: "As files" },
      { name: "automatic", label: "Automatic - as files if calls would be too many" },
    ]))
  const partition = partitionField(values, knowledge)
  if (partition !== undefined) {
    fields.push(partition)
  }
  if (values.additionalAction === "addCampaign") {
    fields.push(campaignTokensField(values))
  }
  return fields
}

/** The tokens of a campaign request. */
export function campaignTokensField(values: FormValues): Hub.ActionFormField {
  return textField(values, "campaignTokens", "Campaign Tokens", "textarea",
    "Values for the campaign's tokens in this request, one in each line, such as {{my.offer}} = Spring sale.")
}

/** Absent when the instance has a single partition: there is nothing to choose. */
function partitionField(values: FormValues, knowledge: FormKnowledge): Hub.ActionFormField | undefined {
  const description = "Lead partition in which leads are created, and from which one is chosen where several match; " +
    "empty for the API user's usual one. It has no other effect on leads that are only updated."
  const current = values.textOf("partition")
  const { partitions } = knowledge
  if (partitions === undefined) {
    return textField(values, "partition", "Lead Partition", "string", description)
  }
  if (partitions.length < 2 && current === "") {
    return undefined
  }
  const options: Option[] = [{ name: "", label: "The usual one" }]
    .concat(partitions.map((partition) => ({ name: partition, label: partition })))
  if (!options.some((option) => option.name === current)) {
    options.push({ name: current, label: `${current} (not a partition that the API user can see)` })
  }
  const name = "partition"
  return { name, label: "Lead Partition", description, type: "select", required: false, default: current, options }
}

function isInUse(values: FormValues, field: Hub.ActionFormField): boolean {
  const current = values.textOf(field.name)
  return current !== "" && !(field.type === "select" && field.options[0].name === current)
}

function textField(
  values: FormValues, name: string, label: string, type: "string" | "textarea", description: string, usual = "",
): Hub.ActionFormField {
  const current = values.textOf(name)
  const value = current === "" ? usual : current
  return { name, label, description, type, required: false, ...(value === "" ? {} : { default: value }) }
}

/** The first option is the usual one. A value that is no option is shown as it is: a run would refuse it by name. */
function choiceField(
  values: FormValues, name: string, label: string, description: string, choices: Option[],
): Hub.ActionFormField {
  const current = values.textOf(name)
  const isKnown = current === "" || choices.some((choice) => choice.name === current)
  return {
    name,
    label,
    description,
    type: "select",
    required: false,
    default: current === "" ? choices[0].name : current,
    options: isKnown ? choices : choices.concat({ name: current, label: `${current} (not a choice)` }),
  }
}
