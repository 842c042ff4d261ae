import * as Hub from "../../../../hub"
import { lookupConverterFor } from "../columns/lead_values"
import { TimeZone } from "../columns/value_types/time_zone"
import { ValueProblem } from "../columns/value_types/value_problem"
import { LeadReaderParts } from "../delivery/lead_reader"
import { refusal } from "../errors"
import { RunKind } from "../run_kind"
import { formText } from "../settings/param_text"
import { readClickedPerson, shown } from "./clicked_person"
import { PERSON_ACTIONS } from "./person_actions"
import { personMessage } from "./person_words"

/** Values of the form that a run of one person goes by. Others, such as those of another action, do not count. */
const FORM_FIELDS = ["subaction", "target", "campaignId", "listName", "programStatus", "campaignTokens"]

/**
 * Returns the request as that of a run which writes no lead and only changes what the lead is a member of.
 * Throws MarketoSettingsError if the cell names nobody, or nothing is to be done.
 */
export function asMembershipRun(request: Hub.ActionRequest): Hub.ActionRequest {
  const { lookupField } = readClickedPerson(request)
  const subaction = formText(request.formParams, "subaction")
  if (!PERSON_ACTIONS.some((action) => action === subaction)) {
    throw refusal("subaction", subaction === "" ? "Choose what is to be done with this person." :
      `"${subaction}" cannot be done with a single person. Choose one of the actions in the form.`)
  }
  const formParams: Hub.ParamMap = { lookupField, leadMode: "membershipOnly" }
  for (const field of FORM_FIELDS) {
    formParams[field] = request.formParams[field]
  }
  // What else the hub has put on the request stays within reach.
  return Object.assign(Object.create(request) as Hub.ActionRequest, { formParams })
}

/** A run whose only row is the clicked value. */
export function personRun(request: Hub.ActionRequest): RunKind {
  const person = readClickedPerson(request)
  return {
    read: async (asked, parts) => readPerson(asked, parts),
    message: (report) => personMessage(report, person),
    isWaitedFor: true,
    nothingDone: "Nothing was done.",
    inShort: (report) => personMessage(report, person),
  }
}

async function readPerson(
  request: Hub.ActionRequest, { settings: { lookupField }, schema, report, delivery }: LeadReaderParts,
): Promise<void> {
  const { value } = readClickedPerson(request)
  const field = schema?.fields.find(({ name }) => name === lookupField)
  const converted = lookupConverterFor(lookupField, field, { zone: TimeZone.utc, isCut: false })(value)
  if (converted instanceof ValueProblem) {
    throw refusal("lookupField", `The cell has "${shown(value)}", which ${converted.wording}, so no lead can be ` +
      `found by ${lookupField}. Choose another lookup field, or click another cell.`)
  }
  report.rowReceived()
  report.hasReadAll = true
  await delivery.add({ lookupValue: String(converted), record: { [lookupField]: converted }, rows: [1] })
}
