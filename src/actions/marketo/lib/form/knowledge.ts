import { OPERATIONS } from "../api/operations"
import { LeadSchema } from "../api/types"
import { isAccessDenied } from "../errors"
import { Restrictions } from "../settings/restrictions"
import { sentence } from "../words/sentence"
import { ConnectionProof, proveConnection } from "./connection_proof"
import { FormQuestions } from "./questions"
import { askTargets, Gap, noTargets, TargetKnowledge } from "./target_knowledge"
import { FormValues } from "./values"

/** Facts about the instance for one form. Whatever is absent is not known, and the form does without. */
export interface FormKnowledge extends TargetKnowledge {
  isConnected: boolean
  /** Sentences about the connection, for the form. */
  message: string
  schema?: LeadSchema
  partitions?: string[]
}

/** Returns what is known of an instance that cannot be asked. */
export function nothingKnown(message: string): FormKnowledge {
  return { isConnected: false, message, ...noTargets() }
}

/**
 * Asks the instance for what the form needs with these values, in as few calls as will do, and takes what has come
 * when the form's time is over.
 */
export async function askInstance(
  questions: FormQuestions, values: FormValues, restrictions: Restrictions,
): Promise<FormKnowledge> {
  const proof: ConnectionProof = await proveConnection(questions)
  if (proof.kind === "failed") {
    return nothingKnown(proof.message)
  }
  const schemaAnswer = questions.ask("schema", async () => questions.client.leads.describe())
  const wantsPartitions = values.textOf("moreOptions") === "yes" || values.textOf("partition") !== ""
  const partitionsAnswer = wantsPartitions ?
    questions.ask("partitions", async () => questions.client.leads.partitions()) : undefined
  const targets = values.kind === undefined ? undefined :
    await askTargets(questions, values, values.kind, restrictions)
  const schema = await schemaAnswer
  const partitions = await partitionsAnswer
  const gaps: Gap[] = [{
    answer: schema, what: "fields to look leads up by", instead: "the field's REST API name",
    permission: OPERATIONS.describeLeads.permission,
  }, ...targets?.gaps ?? []]
  return {
    ...(targets?.knowledge ?? noTargets()),
    isConnected: true,
    message: [proof.message, ...gapSentences(gaps), ...targets?.notes ?? []].join(" "),
    schema: schema.kind === "known" ? schema.value : undefined,
    partitions: partitions?.kind === "known" ? partitions.value.map(({ name }) => name) : undefined,
  }
}

/** Explains what is missing in the form, why, and what helps. */
function gapSentences(gaps: Gap[]): string[] {
  const sentences: string[] = []
  const forbidden = new Map<string, Gap[]>()
  for (const gap of gaps) {
    const { answer, what, instead, permission } = gap
    if (answer.kind === "late") {
      sentences.push(`Marketo did not return the ${what} in time: type ${instead}, or open the form again in a minute.`)
    } else if (answer.kind === "refused" && isAccessDenied(answer.error)) {
      forbidden.set(permission, (forbidden.get(permission) ?? []).concat(gap))
    } else if (answer.kind === "refused") {
      const { error } = answer
      sentences.push(`The ${what} are not shown, since Marketo answered: ${sentence(error.reason)} ` +
        `Type ${instead} instead.`)
    }
  }
  forbidden.forEach((group, permission) => {
    sentences.push(`The ${group.map(({ what }) => what).join(" and the ")} are not shown, since the API user may not ` +
      `read them (code 603): ask your Marketo administrator to give its role the permission "${permission}", or type ` +
      `${group.map(({ instead }) => instead).join(" and ")}.`)
  })
  return sentences
}
