import { ConnectionProof, proveConnection } from "./form_connection"
import { Answer, FormQuestions } from "./form_questions"
import { PLURAL } from "./form_target_names"
import { FormValues } from "./form_values"
import { NamedTarget } from "./marketo_catalog"
import { LeadSchema } from "./marketo_types"
import { TargetKind } from "./membership_change"

/** The statuses that can be given to members of all the programs chosen. */
export type ProgramStatuses =
  { kind: "known", names: string[] } |
  /** The programs' channels have none in common. */
  { kind: "different", byProgram: Array<{ program: NamedTarget, names: string[] }> } |
  { kind: "unknown" }

/** What the instance told for one form. Whatever is absent is not known, and the form does without. */
export interface FormKnowledge {
  isConnected: boolean
  /** What the form says of the connection; sentences. */
  message: string
  schema?: LeadSchema
  /** Targets of the kind that the additional action has, in no order. */
  targets: NamedTarget[]
  /** True when `targets` are all that the API user can see. */
  hasAllTargets: boolean
  /** The typed and chosen targets that exist, by id. */
  meant: Map<string, NamedTarget>
  /** Typed or chosen ids that the instance does not know. */
  unknownIds: string[]
  partitions?: string[]
  statuses: ProgramStatuses
}

/** What can be known of an instance that cannot be asked. */
export function nothingKnown(message: string): FormKnowledge {
  return {
    isConnected: false, message, targets: [], hasAllTargets: false, meant: new Map(), unknownIds: [],
    statuses: { kind: "unknown" },
  }
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

/**
 * Asks the instance for what the form needs with these values, in as few calls as will do, and takes what has come
 * when the form's time is over.
 */
export async function askInstance(questions: FormQuestions, values: FormValues): Promise<FormKnowledge> {
  const proof: ConnectionProof = await proveConnection(questions)
  if (proof.kind === "failed") {
    return nothingKnown(proof.message)
  }
  const schemaAnswer = questions.ask("schema", async () => questions.client.describeLeads())
  const wantsPartitions = values.textOf("moreOptions") === "yes" || values.textOf("partition") !== ""
  const partitionsAnswer = wantsPartitions ?
    questions.ask("partitions", async () => questions.catalog.partitions()) : undefined
  const targets = values.kind === undefined ? undefined : await askTargets(questions, values, values.kind)
  const schema = await schemaAnswer
  const partitions = await partitionsAnswer
  const gaps: Gap[] = [
    { answer: schema, what: "fields to look leads up by", permission: "Read-Write Lead" }, ...targets?.gaps ?? []]
  return {
    ...(targets?.knowledge ?? nothingKnown("")),
    isConnected: true,
    message: [proof.message, ...gapSentences(gaps), ...targets?.notes ?? []].join(" "),
    schema: schema.kind === "known" ? schema.value : undefined,
    partitions: partitions?.kind === "known" ? partitions.value : undefined,
  }
}

interface TargetAnswer {
  knowledge: FormKnowledge
  gaps: Gap[]
  /** What else is worth saying; sentences. */
  notes: string[]
}

/** Something that the form would show, had it been told. */
interface Gap {
  answer: Answer<unknown>
  what: string
  /** What lets the API user read it. */
  permission: string
}

async function askTargets(questions: FormQuestions, values: FormValues, kind: TargetKind): Promise<TargetAnswer> {
  const book = await questions.names(kind)
  const ids = [...new Set([...values.typedIds, values.chosenId])].filter((id) => id !== "").slice(0, MOST_IDS_NAMED)
  const filter = values.textOf("targetFilter")
  const isListed = (id: string) => book.targets.some((target) => target.id === id)
  // A campaign that is not in the book may be there all the same, unfit to be requested.
  const toAsk = book.isComplete && kind !== "campaign" ? [] : ids.filter((id) => !isListed(id))
  const byIdAnswer = toAsk.length === 0 ? undefined : questions.ask(`each ${kind} of ${toAsk.join(",")}`,
    async () => questions.catalog.targetsById(kind, toAsk))
  const byNameAnswer = filter === "" || filter.includes(",") || book.isComplete ? undefined :
    questions.ask(`each ${kind} named ${filter}`, async () => questions.catalog.targetsByName(kind, filter))

  const byId = await byIdAnswer
  const found = byId?.kind === "known" ? byId.value : []
  const meant = new Map<string, NamedTarget>()
  for (const target of [...book.targets, ...found]) {
    if (ids.includes(target.id)) {
      meant.set(target.id, target)
    }
  }
  const statuses = values.additionalAction === "addProgram" ?
    await askStatuses(questions, ids, meant) : { kind: "unknown" as const }
  const byName = await byNameAnswer
  // What the filter names in full is found at once, however long the others take.
  const read: Answer<unknown> = byName?.kind === "known" && byName.value.length > 0 ? byName :
    await questions.inTime(book.reading)
  for (const target of book.targets) {
    if (ids.includes(target.id) && !meant.has(target.id)) {
      meant.set(target.id, target)
    }
  }
  const isAnswered = byId === undefined || byId.kind === "known"
  const isCertain = (id: string) => isAnswered && (byIdAnswer !== undefined && toAsk.includes(id) || book.isComplete)
  const targets = withoutRepetitions([...book.targets, ...(byName?.kind === "known" ? byName.value : [])])
  return {
    knowledge: {
      ...nothingKnown(""),
      targets,
      hasAllTargets: book.isComplete,
      meant,
      unknownIds: ids.filter((id) => !meant.has(id) && isCertain(id)),
      statuses,
    },
    gaps: book.failure !== undefined || book.targets.length === 0 ? [{
      answer: book.failure === undefined ? read : { kind: "refused", error: book.failure },
      what: `names of ${PLURAL[kind]}`,
      permission: PERMISSION[kind],
    }] : [],
    notes: book.isComplete && book.targets.length === 0 ? [NONE_THERE[kind]] : [],
  }
}

async function askStatuses(
  questions: FormQuestions, ids: string[], meant: Map<string, NamedTarget>,
): Promise<ProgramStatuses> {
  const byProgram: Array<{ program: NamedTarget, names: string[] }> = []
  for (const id of ids) {
    const program = meant.get(id)
    if (program?.channel === undefined) {
      return { kind: "unknown" }
    }
    const { channel } = program
    const answer = await questions.ask(`statuses of ${channel}`, async () => questions.client.channelStatuses(channel))
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

/** Says what is missing in the form, why, and what helps. */
function gapSentences(gaps: Gap[]): string[] {
  const sentences: string[] = []
  const forbidden = new Map<string, string[]>()
  for (const { answer, what, permission } of gaps) {
    if (answer.kind === "late") {
      sentences.push(`Marketo did not tell the ${what} in time: type them, or open the form again in a minute.`)
    } else if (answer.kind === "refused" && answer.error.code === "603") {
      forbidden.set(permission, (forbidden.get(permission) ?? []).concat(what))
    } else if (answer.kind === "refused") {
      sentences.push(`The ${what} are not shown, since Marketo answered: ` +
        `${answer.error.message.replace(/[.!?]?$/, ".")} Type them instead.`)
    }
  }
  forbidden.forEach((whats, permission) => {
    sentences.push(`The ${whats.join(" and the ")} are not shown, since the API user may not read them (code 603): ` +
      `ask your Marketo administrator to give its role the permission "${permission}", or type them.`)
  })
  return sentences
}
