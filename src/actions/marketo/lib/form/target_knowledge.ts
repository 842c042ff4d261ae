import { OPERATIONS } from "../api/operations"
import { TargetKind } from "../api/types"
import { Permission } from "../errors"
import { Restrictions } from "../settings/restrictions"
import { NamedTarget, targetsById, targetsByName } from "./named_targets"
import { Answer, FormQuestions } from "./questions"
import { PLURAL } from "./target_names"
import { TargetPages } from "./target_pages"
import { FormValues } from "./values"

/** The statuses that can be given to members of all the programs chosen. */
export type ProgramStatuses =
  { kind: "known", names: string[] } |
  /** The programs' channels have none in common. */
  { kind: "different", byProgram: { program: NamedTarget, names: string[] }[] } |
  { kind: "unknown" }

/** Facts about the targets of one kind. */
export interface TargetKnowledge {
  /** The targets to choose from, in no order. */
  targets: NamedTarget[]
  /** True if `targets` are all that the API user can see. */
  hasAllTargets: boolean
  /** The typed and chosen targets that exist, by id. */
  meant: Map<string, NamedTarget>
  /** Typed or chosen ids that the instance does not know. */
  unknownIds: string[]
  statuses: ProgramStatuses
}

/** Something that the form would show if it were known. */
export interface Gap {
  answer: Answer<unknown>
  what: string
  /** The thing to type by hand in its place. */
  instead: string
  /** The permission that lets the API user read it. */
  permission: Permission
}

/** The answer to all questions about targets, and what is missing in it. */
export interface TargetAnswer {
  knowledge: TargetKnowledge
  gaps: Gap[]
  /** Sentences about what is not there. */
  notes: string[]
}

/** Ids in one call; a form with more of them names the first. */
const MOST_IDS_NAMED = 100

/** The permission that lets an API user read the names of a kind; for lists, that which runs need as well. */
const PERMISSION: { [kind in TargetKind]: Permission } = {
  list: OPERATIONS.getLists.permission,
  campaign: OPERATIONS.getCampaigns.permission,
  program: OPERATIONS.getPrograms.permission,
}

/** Sentences for kinds of which there is nothing to choose. */
const NONE_THERE: { [kind in TargetKind]: string } = {
  list: "There are no static lists that the API user can see.",
  campaign: "There are no campaigns to choose: none that the API user can see is active and has the trigger " +
    "\"Campaign is Requested\".",
  program: "There are no programs that the API user can see.",
}

/** Returns what is known if nothing was asked. */
export function noTargets(): TargetKnowledge {
  return { targets: [], hasAllTargets: false, meant: new Map(), unknownIds: [], statuses: { kind: "unknown" } }
}

/** Asks for the names to choose from, for those of the ids in the form, and for the statuses of chosen programs. */
export async function askTargets(
  questions: FormQuestions, values: FormValues, kind: TargetKind, restrictions: Restrictions,
): Promise<TargetAnswer> {
  const allowed = restrictions.targets === undefined ? undefined : [...restrictions.targets.get(kind) ?? []]
  const pages = await questions.targets(kind, allowed)
  const named = askName(questions, kind, values.textOf("targetFilter"), pages)
  const { ids, meant, unknownIds } = await askIds(questions, values, kind, pages)
  const statuses = values.additionalAction === "addProgram" ?
    await askStatuses(questions, ids, meant) : { kind: "unknown" as const }
  const byName = await named
  // What the filter names in full is found at once, however long the others take.
  const read: Answer<unknown> = byName.length > 0 ? { kind: "known", value: byName } :
    await questions.inTime(pages.reading)
  return {
    knowledge: {
      targets: withoutRepetitions([...pages.targets, ...byName]), hasAllTargets: pages.isComplete, meant, unknownIds,
      statuses,
    },
    gaps: pages.failure !== undefined || pages.targets.length === 0 ? [{
      answer: pages.failure === undefined ? read : { kind: "refused", error: pages.failure },
      what: `names of ${PLURAL[kind]}`,
      instead: "IDs",
      permission: PERMISSION[kind],
    }] : [],
    notes: !pages.isComplete || pages.targets.length > 0 ? [] : [allowed === undefined ? NONE_THERE[kind] :
      `None of the ${PLURAL[kind]} that may be used from this Looker is one that the API user can see and use.`],
  }
}

/** Returns the targets that have exactly the filter as their name; none if all have been read anyway. */
async function askName(
  questions: FormQuestions, kind: TargetKind, filter: string, pages: TargetPages,
): Promise<NamedTarget[]> {
  // Marketo takes a comma for the end of a name.
  if (filter === "" || filter.includes(",") || pages.isComplete) {
    return []
  }
  const answer = await questions.ask(`each ${kind} named ${filter}`,
    async () => targetsByName(questions.client, kind, filter))
  return answer.kind === "known" ? answer.value : []
}

/** Returns what the typed and chosen ids stand for, as far as that is known. */
async function askIds(
  questions: FormQuestions, values: FormValues, kind: TargetKind, pages: TargetPages,
): Promise<{ ids: string[], meant: Map<string, NamedTarget>, unknownIds: string[] }> {
  const ids = [...new Set([...values.typedIds, values.chosenId])].filter((id) => id !== "").slice(0, MOST_IDS_NAMED)
  const listed = pages.targets.filter((target) => ids.includes(target.id))
  const others = ids.filter((id) => !listed.some((target) => target.id === id))
  // A campaign that was not read may be there all the same, unfit to be requested.
  const isAsked = others.length > 0 && (kind === "campaign" || !pages.isComplete)
  const answer: Answer<NamedTarget[]> = isAsked ? await questions.ask(`each ${kind} of ${others.join(",")}`,
    async () => targetsById(questions.client, kind, others)) : { kind: "known", value: [] }
  if (answer.kind !== "known") {
    await questions.inTime(pages.reading)
  }
  const found = answer.kind === "known" ? answer.value : pages.targets.filter((target) => others.includes(target.id))
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
