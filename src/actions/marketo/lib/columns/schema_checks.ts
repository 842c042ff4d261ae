import { LeadSchema, SchemaField } from "../api/types"
import { meaningOfName, SoapNames } from "./name_suggestions"

/** An objection to writing a field, or to its name. */
export interface FieldProblem {
  kind: "unknown" | "notWritable"
  /** Says it, in words that go on from "The column ... ". The guess at what a name means takes its time. */
  describe(): string
}

/**
 * Fields that Marketo fills itself, although describe calls some of them updateable, and what to do instead.
 * Source: Marketo developer guide, "Leads" and "Field Types".
 */
const SYSTEM_FIELDS = new Map<string, string>([
  ["id", "It can only be the lookup field."],
  ["cookies", "It can only be the lookup field."],
  ["createdAt", ""],
  ["updatedAt", ""],
  ["isAnonymous", ""],
  ["isLead", ""],
  ["leadPartitionId", "New leads get their partition from the form's option for it."],
  ["mktoName", "Marketo makes it of the first and the last name."],
])

/** Fields of the lead's company. Source: Marketo developer guide, "Companies". */
const COMPANY_FIELDS = new Set([
  "company", "site", "website", "mainPhone", "industry", "annualRevenue", "numberOfEmployees", "sicCode",
  "billingStreet", "billingCity", "billingState", "billingCountry", "billingPostalCode", "mktoCompanyNotes",
])

/** Returns a note on columns that feed fields of the lead's company; undefined if none does. */
export function companyNote(columns: { label: string, restNames: string[] }[]): string | undefined {
  const labels = columns.filter(({ restNames }) => restNames.some((name) => COMPANY_FIELDS.has(name)))
    .map(({ label }) => label)
  return labels.length === 0 ? undefined : "By Marketo's documents, sending leads does not update fields of their " +
    `company. Columns with such fields: ${labels.join(", ")}. Look in Marketo whether existing leads got the values.`
}

/** The CRM's own ids. Other fields that it manages are Marketo's to change as well, and are synced back. */
const CRM_KEY = /^sfdc[A-Z]/

/** Where a person finds the right names. */
const WHERE_NAMES_ARE = "Marketo lists the names under Admin > Field Management > Export Field Names"

/** Checks REST API names against the lead fields of an instance. */
export class SchemaChecks {
  private readonly byName = new Map<string, SchemaField>()

  constructor(private readonly schema: LeadSchema, private readonly soapNames: SoapNames = new Map()) {
    for (const field of schema.fields) {
      this.byName.set(field.name, field)
    }
  }

  field(restName: string): SchemaField | undefined {
    return this.byName.get(restName)
  }

  /** Returns an objection to sending values for a field, or undefined. */
  problemOf(restName: string): FieldProblem | undefined {
    const field = this.byName.get(restName)
    if (field === undefined) {
      return { kind: "unknown", describe: () => this.unknownName(restName) }
    }
    const remedy = SYSTEM_FIELDS.get(restName)
    if (field.crmManaged === true && (COMPANY_FIELDS.has(restName) || CRM_KEY.test(restName))) {
      return notWritable(field, "which only the CRM that Marketo is connected with may change")
    }
    if (remedy !== undefined || field.updateable === false || field.dataType === "formula") {
      return notWritable(field, "which cannot be written", remedy)
    }
    return undefined
  }

  /** Returns true if leads can be found by a field. */
  isSearchable(restName: string): boolean {
    return this.schema.searchableFields.some((names) => names.length === 1 && names[0] === restName)
  }

  private unknownName(name: string): string {
    const start = `has the tag "marketo:${name}", but`
    const meaning = meaningOfName(name, this.schema.fields, this.soapNames)
    switch (meaning.kind) {
      case "displayName":
        return `${start} that is the field's display name. Its REST API name is "${meaning.restName}".`
      case "soapName":
        return `${start} that is the field's SOAP name. Its REST API name is "${meaning.restName}".`
      case "spelling":
        return `${start} the field's REST API name is spelled "${meaning.restName}".`
      case "unknown": {
        const names = meaning.closest.map((each) => `"${each}"`).join(", ")
        return `${start} Marketo has no lead field with that REST API name. ` +
          (names === "" ? `${WHERE_NAMES_ARE}.` : `Closest: ${names}.`)
      }
    }
  }
}

function notWritable({ name, displayName }: SchemaField, reason: string, remedy = ""): FieldProblem {
  const sentence = `feeds the Marketo field "${name}" (${displayName}), ${reason}.`
  return { kind: "notWritable", describe: () => remedy === "" ? sentence : `${sentence} ${remedy}` }
}
