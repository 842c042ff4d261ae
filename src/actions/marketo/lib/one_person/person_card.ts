import { FoundLead } from "../api/types"
import { isAccessDenied, MarketoSettingsError } from "../errors"
import { Answer, FormQuestions } from "../form/questions"
import { mayUse, Restrictions } from "../settings/restrictions"
import { amount, figure } from "../words/amounts"
import { plainText } from "../words/plain_text"
import { sentence } from "../words/sentence"
import { ClickedPerson, shown, someIds } from "./clicked_person"

/** The fields by which a person is recognized, in this order. */
const NAMING_FIELDS = ["firstName", "lastName", "email"]

/** Characters of Marketo's own words that are shown. */
const LONGEST_ANSWER = 500

/** Lists and programs that are named; of the others there is the number alone. */
const MOST_NAMED = 10

/**
 * Returns who a clicked value is in Marketo, in sentences: name, lists and programs as far as the API user may read
 * them and Marketo answers in the form's time. A value that names nobody, or several, is said to. Of lists and programs
 * that an administrator does not allow there is the number alone.
 */
export async function personCard(
  questions: FormQuestions, { lookupField, value }: ClickedPerson, restrictions: Restrictions,
): Promise<string> {
  const found = await questions.inTime(questions.whileOpen.leads.find(lookupField, [value], NAMING_FIELDS, 1))
  if (found.kind !== "known") {
    return `Who this is cannot be shown: ${problemOf(found, questions)}`
  }
  const who = `${lookupField} "${shown(value)}"`
  const people = found.value
  if (people.length === 0) {
    return `Marketo has no lead with the ${who} that this API user can see. Nobody is created from a cell: choose ` +
      "another lookup field if the cell has something else."
  }
  if (people.length > 1) {
    const ids = someIds(people.map(({ id }) => id))
    return `${figure(people.length)} leads in Marketo have the ${who}: ${ids}. It is not clear who is meant, so ` +
      "nothing can be done here. Merge them in Marketo, or use a cell with the lead's Marketo id."
  }
  const [person] = people
  const [lists, programs] = await Promise.all([
    listsOf(questions, person.id, restrictions), programsOf(questions, person.id, restrictions),
  ])
  return [`${nameOf(person)}.`, lists, programs].join(" ")
}

function nameOf({ id, fields }: FoundLead): string {
  const [firstName, lastName, email] = NAMING_FIELDS.map((field) => textOf(fields[field]))
  return [`${firstName} ${lastName}`.trim(), email, `lead ${id}`].filter((part) => part !== "").join(", ")
}

function textOf(value: unknown): string {
  return typeof value === "string" ? plainText(value) : ""
}

async function listsOf(questions: FormQuestions, leadId: number, restrictions: Restrictions): Promise<string> {
  const lists = await questions.inTime(questions.whileOpen.people.lists(leadId))
  if (lists.kind !== "known") {
    return `Lists cannot be shown: ${problemOf(lists, questions)}`
  }
  const ids = lists.value.map(String)
  const shownIds = ids.filter((id) => mayUse(restrictions, "list", id)).slice(0, MOST_NAMED)
  const names = await namesOf(questions, "lists", shownIds, async () => questions.client.lists.byId(shownIds))
  return ids.length === 0 ? "On no list." :
    `On ${amount(ids.length, "list")}${shortened(shownIds.map((id) => names.get(id) ?? id), ids.length)}.`
}

async function programsOf(questions: FormQuestions, leadId: number, restrictions: Restrictions): Promise<string> {
  const programs = await questions.inTime(questions.whileOpen.people.programs(leadId))
  if (programs.kind !== "known") {
    return `Programs cannot be shown: ${problemOf(programs, questions)}`
  }
  const all = programs.value
  const shownOnes = all.filter(({ id }) => mayUse(restrictions, "program", String(id))).slice(0, MOST_NAMED)
  const ids = shownOnes.map(({ id }) => String(id))
  const names = await namesOf(questions, "programs", ids, async () => questions.client.programs.byId(ids))
  const labels = shownOnes.map(({ id, progressionStatus }) => (names.get(String(id)) ?? String(id)) +
    (progressionStatus === undefined ? "" : ` (${plainText(progressionStatus)})`))
  return all.length === 0 ? "In no program." :
    `In ${amount(all.length, "program")}${shortened(labels, all.length)}.`
}

/** Returns names by id, as far as they are known in time. They are remembered as those of the choice by name are. */
async function namesOf(
  questions: FormQuestions, what: string, ids: string[], ask: () => Promise<{ id: number, name: string }[]>,
): Promise<Map<string, string>> {
  const answer = ids.length === 0 ? undefined : await questions.ask(`names of ${what} ${ids.join(",")}`, ask)
  const named = answer?.kind === "known" ? answer.value : []
  return new Map(named.map(({ id, name }): [string, string] => [String(id), plainText(name)]))
}

function shortened(shownNames: string[], total: number): string {
  const more = total - shownNames.length
  return shownNames.length === 0 ? "" :
    `: ${shownNames.join(", ")}${more > 0 ? ` and ${figure(more)} more` : ""}`
}

function problemOf(answer: Exclude<Answer<unknown>, { kind: "known" }>, questions: FormQuestions): string {
  if (answer.kind === "late") {
    return questions.wasHeldBack ? "The calls that this hub may make at present are used up. Open the form again in " +
      "half a minute." : "Marketo did not answer in time."
  }
  const { error } = answer
  return error instanceof MarketoSettingsError || isAccessDenied(error) ? sentence(error.message) :
    `Marketo answered: ${plainText(sentence(error.reason), LONGEST_ANSWER)}`
}
