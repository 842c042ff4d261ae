import { LeadSchema, SchemaField } from "../api/types"
import { ColumnProblem } from "./mapping_problems"
import { meaningOfName } from "./name_suggestions"
import { MappedColumn, MEMBER_PREFIX, readFields, ResultFields, TAG, TaggedColumns } from "./result_fields"

/**
 * What becomes of columns that feed fields of program members: they are written, after a check against their schema if
 * that could be read; or left out, in a run that adds nobody to a program.
 */
export type MemberFields = { kind: "written", schema?: LeadSchema } | { kind: "leftOut" }

/**
 * Fields that Marketo fills itself, whatever the description says, and what to do instead.
 * Source: Marketo developer guide, "Program Members".
 */
const FIXED_FIELDS = new Map<string, string>([
  ["statusName", "Choose the status in the form, under Program Status."],
  ["reachedSuccess", "Marketo sets it when a member reaches a status that counts as success: choose that in the form."],
  ["leadId", "Marketo's ID of the lead is found by the lookup field."],
  ["programId", "Choose the program in the form."],
  ["membershipDate", "Marketo sets it when a lead becomes a member."],
  ["createdAt", "Marketo sets it when a lead becomes a member."],
  ["updatedAt", "Marketo sets it with every change of the membership."],
  ["id", "Marketo gives it itself."],
])

/** What to do instead of writing fields that only some instances let anyone write. */
const REMEDIES = new Map<string, string>([
  ["acquiredBy", "Marketo sets it for the program by which the lead was won."],
])

/** Where a person finds the right names. */
const WHERE_NAMES_ARE = "Marketo lists them under Admin > Field Management, as fields of the type Program Member"

/** Checks REST API names against the fields of program members of an instance. */
export class MemberFieldChecks {
  private readonly byName = new Map<string, SchemaField>()

  /** `leadSchema` shows which names are those of lead fields. */
  constructor(private readonly schema: LeadSchema, private readonly leadSchema?: LeadSchema) {
    for (const field of schema.fields) {
      this.byName.set(field.name, field)
    }
  }

  field(restName: string): SchemaField | undefined {
    return this.byName.get(restName)
  }

  /** Returns an objection to writing a field, in words that go on from "The column ... "; undefined for none. */
  problemOf(restName: string): (() => string) | undefined {
    const field = this.byName.get(restName)
    if (field === undefined) {
      return () => this.unknownName(restName)
    }
    const fixed = FIXED_FIELDS.get(restName)
    if (fixed === undefined && field.updateable !== false && field.dataType !== "formula") {
      return undefined
    }
    const remedy = fixed ?? REMEDIES.get(restName) ?? "Remove its tag, or ask your Marketo administrator."
    return () => `feeds the field "${restName}" of program members, which cannot be written. ${remedy}`
  }

  /** Names that cannot be written are no help. */
  private unknownName(name: string): string {
    const start = `has the tag "${TAG}${MEMBER_PREFIX}${name}", but`
    const writable = this.schema.fields.filter((field) => this.problemOf(field.name) === undefined)
    const meaning = meaningOfName(name, writable)
    switch (meaning.kind) {
      case "displayName":
      case "soapName":
        return `${start} that is the field's display name. Its REST API name is "${meaning.restName}".`
      case "spelling":
        return `${start} the field's REST API name is spelled "${meaning.restName}".`
      case "unknown":
        return `${start} Marketo's program members have no field with that REST API name. ` +
          this.hint(name, meaning.closest)
    }
  }

  private hint(name: string, closest: string[]): string {
    if (this.leadSchema?.fields.some((field) => field.name === name) === true) {
      return `The lead has one: its tag is "${TAG}${name}".`
    }
    return closest.length === 0 ? `${WHERE_NAMES_ARE}.` : `Closest: ${closest.map((each) => `"${each}"`).join(", ")}.`
  }
}

/** Returns true if a column of a result feeds a field of program members. Throws as readFields does. */
export function feedsMemberFields(fields: ResultFields): boolean {
  const { withCells, pivots, elsewhere } = readFields(fields)
  return withCells.concat(pivots, elsewhere.map(({ column }) => column))
    .some(({ memberNames }) => memberNames.length > 0)
}

/** Returns what is wrong with the fields of program members that columns feed. */
export function memberProblems(columns: MappedColumn[], checks: MemberFieldChecks): ColumnProblem[] {
  const problems: ColumnProblem[] = []
  for (const column of columns) {
    for (const name of column.memberNames) {
      const describe = checks.problemOf(name)
      if (describe !== undefined) {
        problems.push(() => `The column ${column.label} ${describe()}`)
      }
    }
  }
  return problems
}

/** Returns the tagged columns without the fields of program members that they feed. */
export function withoutMemberFields(tagged: TaggedColumns): TaggedColumns {
  const ofLeads = (columns: MappedColumn[]) => columns.filter(({ restNames }) => restNames.length > 0)
    .map((column) => ({ ...column, memberNames: [] }))
  return {
    ...tagged, withCells: ofLeads(tagged.withCells), pivots: ofLeads(tagged.pivots),
    elsewhere: tagged.elsewhere.filter(({ column }) => column.restNames.length > 0)
      .map(({ column, list }) => ({ column: { ...column, memberNames: [] }, list })),
  }
}
