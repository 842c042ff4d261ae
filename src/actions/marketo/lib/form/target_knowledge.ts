import { TargetKind } from "../api/types"
import { NameBook } from "./name_book"
import { NamedTarget, targetsById, targetsByName } from "./named_targets"
import { Answer, FormQuestions } from "./questions"
import { PLURAL } from "./target_names"
import { FormValues } from "./values"

/** The statuses that can be given to members of all the programs chosen. */
export type ProgramStatuses =
  { kind: "known", names: string[] } |
  /** The programs' channels have none in common. */
  { kind: "different", byProgram: { program: NamedTarget, names: string[] }[] } |
  { kind: "unknown" }

/** What the instance told of the targets of one kind. */
export interface TargetKnowledge {
  /** Those to choose from, in no order. */
  targets: NamedTarget[]
  /** True when `targets` are all that the API user can see. */
  hasAllTargets: boolean
  /** The typed and chosen targets that exist, by id. */
  meant: Map<string, NamedTarget>
  /** Typed or chosen ids that the instance does not know. */
  unknownIds: string[]
  statuses: ProgramStatuses
}

/** Something that the form would show, had it been told. */
export interface Gap {
  answer: Answer<unknown>
  what: string
  /** What can be typed by hand in its place. */
  instead: string
  /** What lets the API user read it. */
  permission: string
}

/** What was learned of the targets, and what was not. */
export interface TargetAnswer {
  knowledge: TargetKnowledge
  gaps: Gap[]
  /** What else is worth saying; sentences. */
  notes: string[]
}

/** Ids in one call; a form with more of them names the first. */
const MOST_IDS_NAMED = 100

/** The permission that lets an API user read the names of a kind; for lists, that which runs need as well. */
const PERMISSION: { [kind in TargetKind]: string } = {
  list: "Read-Write Lead",
  campaign: "Read-Only Campaign",
  program: "Read-Only Assets",
}

/** What it means when there is nothing of a kind to choose. */
const NONE_THERE: { [kind in TargetKind]: string } = {
  list: "There are no static lists that the API user can see.",
  campaign: "There are no campaigns to choose: none that the API user can see is active and has the trigger " +
    "\"Campaign is Requested\".",
  program: "There are no programs that the API user can see.",
}

/** What is known when nothing was told, or there is nothing to tell. */
export function noTargets(): TargetKnowledge {
  return { targets: [], hasAllTargets: false, meant: new Map(), unknownIds: [], statuses: { kind: "unknown" } }
}

/** Asks for the names to choose from, for those of the ids in the form, and for the statuses of chosen programs. */
export async function askTargets(
  questions: FormQuestions, values: FormValues, kind: TargetKind,
): Promise<TargetAnswer> {
  const book = await questions.names(kind)
  const named = askName(questions, kind, values.textOf("targetFilter"), book)
  const { ids, meant, unknownIds } = await askIds(questions, values, kind, book)
  const statuses = values.additionalAction === "addProgram" ?
    await askStatuses(questions, ids, meant) : { kind: "unknown" as const }
  const byName = await named
  // What the filter names in full is found at once, however long the others take.
  const read: Answer<unknown> = byName.length > 0 ? { kind: "known", value: byName } :
    await questions.inTime(book.reading)
  return {
    knowledge: {
      targets: withoutRepetitions([...book.targets, ...byName]), hasAllTargets: book.isComplete, meant, unknownIds,
      statuses,
    },
    gaps: book.failure !== undefined || book.targets.length === 0 ? [{
      answer: book.failure === undefined ? read : { kind: "refused", error: book.failure },
      what: `names of ${PLURAL[kind]}`,
      instead: "IDs",
      permission: PERMISSION[kind],
    }] : [],
    notes: book.isComplete && book.targets.length === 0 ? [NONE_THERE[kind]] : [],
  }
}

/** The targets that have exactly the filter as their name; none while the book is going to tell all by itself. */
async function askName(
  questions: FormQuestions, kind: TargetKind, filter: string, book: NameBook,
): Promise<NamedTarget[]> {
  // Marketo takes a comma for the end of a name.
  if (filter === "" || filter.includes(",") || book.isComplete) {
    return []
  }
  const answer = await questions.ask(`each ${kind} named ${filter}`,
    async () => targetsByName(questions.client, kind, filter))
  return answer.kind === "known" ? answer.value : []
}

/** What the typed and chosen ids stand for, as far as Marketo told. */
async function askIds(
  questions: FormQuestions, values: FormValues, kind: TargetKind, book: NameBook,
): Promise<{ ids: string[], meant: Map<string, NamedTarget>, unknownIds: string[] }> {
  const ids = [...new Set([...values.typedIds, values.chosenId])].filter((id) => id !== "").slice(0, MOST_IDS_NAMED)
  const listed = book.targets.filter((target) => ids.includes(target.id))
  const others = ids.filter((id) => !listed.some((target) => target.id === id))
  // A campaign that is not in the book may be there all the same, unfit to be requested.
  const isAsked = others.length > 0 && (kind === "campaign" || !book.isComplete)
  const answer: Answer<NamedTarget[]> = isAsked ? await questions.ask(`each ${kind} of ${others.join(",")}`,
    async () => targetsById(questions.client, kind, others)) : { kind: "known", value: [] }
  if (answer.kind !== "known") {
    await questions.inTime(book.reading)
  }
  const found = answer.kind === "known" ? answer.value : book.targets.filter((target) => others.includes(target.id))
  const meant = new Map([...listed, ...found].map((target) => [target.id, target] as [string, NamedTarget]))
  return { ids, meant, unknownIds: answer.kind === "known" ? ids.filter((id) => !meant.has(id)) : [] }
}

async function askStatuses(
  questions: FormQuestions, ids: string[], meant: Map<string, NamedTarget>,
): Promise<ProgramStatuses> {
  const byProgram: { program: NamedTarget, names: string[] }[] = []
  for (const id of ids) {
    const program = meant.get(id)
    if (program?.channel === undefined) {
      return { kind: "unknown" }
    }
    const { channel } = program
    const answer = await questions.ask(`statuses of ${channel}`,
      async () => questions.client.programs.channelStatuses(channel))
    if (answer.kind !== "known") {
      return { kind: "unknown" }
    }
    byProgram.push({ program, names: answer.value })
  }
  if (byProgram.length === 0) {
    return { kind: "unknown" }
  }
  const common = byProgram[0].names.filter((name) => byProgram.every(({ names }) => names.includes(name)))
  return common.length === 0 ? { kind: "different", byProgram } : { kind: "known", names: common }
}

function withoutRepetitions(targets: NamedTarget[]): NamedTarget[] {
  return [...new Map(targets.map((target) => [target.id, target] as [string, NamedTarget])).values()]
}
