import { LeadSchema, SchemaField } from "../../src/actions/marketo/lib/api/types"
import { MemberFieldChecks } from "../../src/actions/marketo/lib/columns/member_fields"
import { nameKey, SoapNames } from "../../src/actions/marketo/lib/columns/name_suggestions"
import { MEMBER_PREFIX, TAG } from "../../src/actions/marketo/lib/columns/result_fields"
import { SchemaChecks } from "../../src/actions/marketo/lib/columns/schema_checks"
import { LookmlField } from "./lookml_view"

/** The lead fields of an instance, and the older names of some of them. */
export interface InstanceFields {
  schema: LeadSchema
  soapNames: SoapNames
  /** The fields of program members; absent if they could not be read, and are not checked. */
  memberSchema?: LeadSchema
}

/** A tag that cannot work. */
export interface WrongTag {
  field: LookmlField
  /** Goes on from "dimension x ...". */
  message: string
}

/** A field that matches a Marketo field and has no tag for any yet. */
export interface TagSuggestion {
  field: LookmlField
  target: SchemaField
  /** All tags that the field should have, those it has included. */
  tags: string[]
}

/** The tags of LookML fields that cannot work, in the order of the fields. */
export function wrongTags(fields: LookmlField[], { schema, soapNames, memberSchema }: InstanceFields): WrongTag[] {
  const checks = new SchemaChecks(schema, soapNames)
  const memberChecks = memberSchema === undefined ? undefined : new MemberFieldChecks(memberSchema, schema)
  const owners = new Map<string, LookmlField>()
  const wrong: WrongTag[] = []
  for (const field of fields) {
    for (const tag of field.tags) {
      const message = problemOf(tag, checks, memberChecks) ?? doubleOf(field, tag, owners)
      if (message !== undefined) {
        wrong.push({ field, message })
      }
    }
  }
  return wrong
}

/** Tags for fields without one, whose name or label is that of a Marketo field that no other one of the view feeds. */
export function suggestedTags(fields: LookmlField[], instance: InstanceFields): TagSuggestion[] {
  const byName = writableFieldsByName(instance)
  const taken = new Set(fields.flatMap((field) => field.tags.map((tag) => ownerKey(field, tag))))
  const suggestions: TagSuggestion[] = []
  for (const field of fields.filter((each) => !each.tags.some(isMarketoTag))) {
    const target = byName.get(nameKey(field.name)) ?? byName.get(nameKey(field.label ?? ""))
    const tag = target === undefined ? "" : `${TAG}${target.name}`
    if (target !== undefined && !taken.has(ownerKey(field, tag))) {
      taken.add(ownerKey(field, tag))
      suggestions.push({ field, target, tags: [...field.tags, tag] })
    }
  }
  return suggestions
}

/** The fields of an instance that a column can feed, in the order of their names. */
export function writableFields({ schema }: InstanceFields): SchemaField[] {
  const checks = new SchemaChecks(schema)
  return schema.fields.filter((field) => checks.problemOf(field.name) === undefined)
    .sort((one, other) => one.name.localeCompare(other.name, "en"))
}

/** How a LookML file says it. */
export function tagsText(tags: string[]): string {
  return `tags: [${tags.map((tag) => `"${tag.replace(/(["\\])/g, "\\$1")}"`).join(", ")}]`
}

function problemOf(tag: string, checks: SchemaChecks, memberChecks?: MemberFieldChecks): string | undefined {
  if (!isMarketoTag(tag)) {
    return undefined
  }
  if (!tag.startsWith(TAG)) {
    return `has the tag "${tag}", which is passed over: write "${TAG}" in front, in small letters and without blanks.`
  }
  const restName = tag.slice(TAG.length).trim()
  if (restName === "") {
    return `has the tag "${tag}", which names no Marketo field.`
  }
  if (restName.startsWith(MEMBER_PREFIX)) {
    const memberName = restName.slice(MEMBER_PREFIX.length).trim()
    return memberName === "" ? `has the tag "${tag}", which names no field of program members.` :
      memberChecks?.problemOf(memberName)?.()
  }
  const problem = checks.problemOf(restName)
  // A field that cannot be written may still be the one by which leads are found.
  return problem === undefined || problem.kind === "notWritable" && checks.isSearchable(restName) ?
    undefined : problem.describe()
}

function doubleOf(field: LookmlField, tag: string, owners: Map<string, LookmlField>): string | undefined {
  if (!tag.startsWith(TAG)) {
    return undefined
  }
  const key = ownerKey(field, tag)
  const owner = owners.get(key)
  owners.set(key, field)
  if (owner === undefined) {
    return undefined
  }
  return owner === field ? `has the tag "${tag}" twice.` :
    `has the tag "${tag}", as ${owner.kind} ${owner.name} (line ${owner.line}) has: a query with both is refused.`
}

/** Fields of different views need not meet in one query. */
function ownerKey(field: LookmlField, tag: string): string {
  return JSON.stringify([field.view, tag.startsWith(TAG) ? tag.slice(TAG.length).trim() : tag])
}

/** True also for one that is misspelled so that the action would not see it. */
export function isMarketoTag(tag: string): boolean {
  return /^\s*marketo\s*:/i.test(tag)
}

/** REST API names go before display names, and these before SOAP names. */
function writableFieldsByName(instance: InstanceFields): Map<string, SchemaField> {
  const fields = writableFields(instance)
  const byName = new Map<string, SchemaField>()
  const add = (name: string, field: SchemaField) => {
    const key = nameKey(name)
    if (key !== "" && !byName.has(key)) {
      byName.set(key, field)
    }
  }
  fields.forEach((field) => add(field.name, field))
  fields.forEach((field) => add(field.displayName ?? "", field))
  instance.soapNames.forEach((restName, soapName) => {
    const field = fields.find((each) => each.name === restName)
    if (field !== undefined) {
      add(soapName, field)
    }
  })
  return byName
}
