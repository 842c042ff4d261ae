import { ProgramOfLead } from "../api/person_calls"
import { FoundLead } from "../api/types"
import { isAccessDenied, MarketoSettingsError } from "../errors"
import { Answer, FormQuestions } from "../form/questions"
import { amount, figure } from "../words/amounts"
import { sentence } from "../words/sentence"
import { ClickedPerson, someIds, shown } from "./clicked_person"

/** The fields by which a person is recognized, in this order. */
const NAMING_FIELDS = ["firstName", "lastName", "email"]

/** Lists and programs that are named; of the others there is the number alone. */
const MOST_NAMED = 10

/**
 * Returns who a clicked value is in Marketo, in sentences: name, lists and programs as far as the API user may read
 * them and Marketo answers in the form's time. A value that names nobody, or several, is said to.
 */
export async function personCard(questions: FormQuestions, { lookupField, value }: ClickedPerson): Promise<string> {
  const found = await questions.inTime(questions.client.leads.find(lookupField, [value], NAMING_FIELDS, 1))
  if (found.kind !== "known") {
    return `Who this is cannot be shown: ${problemOf(found)}`
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
  const [lists, programs] = await Promise.all([listsOf(questions, person.id), programsOf(questions, person.id)])
  return [`${nameOf(person)}.`, lists, programs].join(" ")
}

function nameOf({ id, fields }: FoundLead): string {
  const [firstName, lastName, email] = NAMING_FIELDS.map((field) => textOf(fields[field]))
  return [`${firstName} ${lastName}`.trim(), email, `lead ${id}`].filter((part) => part !== "").join(", ")
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : ""
}

async function listsOf(questions: FormQuestions, leadId: number): Promise<string> {
  const { client } = questions
  const lists = await questions.inTime(client.people.lists(leadId))
  if (lists.kind !== "known") {
    return `Lists cannot be shown: ${problemOf(lists)}`
  }
  const ids = lists.value.map(String)
  const named = ids.slice(0, MOST_NAMED)
  const names = named.length === 0 ? undefined : await questions.inTime(client.lists.byId(named))
  const nameFor = (id: string) => names?.kind === "known" ?
    names.value.find((list) => String(list.id) === id)?.name ?? id : id
  return ids.length === 0 ? "On no list." : `On ${amount(ids.length, "list")}: ${shortened(named.map(nameFor), ids)}.`
}

async function programsOf(questions: FormQuestions, leadId: number): Promise<string> {
  const { client } = questions
  const programs = await questions.inTime(client.people.programs(leadId))
  if (programs.kind !== "known") {
    return `Programs cannot be shown: ${problemOf(programs)}`
  }
  const ids = programs.value.map(({ id }) => String(id))
  const named = programs.value.slice(0, MOST_NAMED)
  const names = named.length === 0 ? undefined :
    await questions.inTime(client.programs.byId(named.map(({ id }) => String(id))))
  const nameFor = ({ id, progressionStatus }: ProgramOfLead) => {
    const name = names?.kind === "known" ? names.value.find((program) => program.id === id)?.name : undefined
    return `${name ?? id}${progressionStatus === undefined ? "" : ` (${progressionStatus})`}`
  }
  return ids.length === 0 ? "In no program." :
    `In ${amount(ids.length, "program")}: ${shortened(named.map(nameFor), ids)}.`
}

function shortened(shownNames: string[], all: string[]): string {
  const more = all.length - shownNames.length
  return shownNames.join(", ") + (more > 0 ? ` and ${figure(more)} more` : "")
}

function problemOf(answer: Exclude<Answer<unknown>, { kind: "known" }>): string {
  if (answer.kind === "late") {
    return "Marketo did not answer in time."
  }
  const { error } = answer
  return error instanceof MarketoSettingsError || isAccessDenied(error) ? sentence(error.message) :
    `Marketo answered: ${sentence(error.reason)}`
}
