import * as chai from "chai"
import { LeadRecord, LeadSchema, SchemaField } from "../../../../src/actions/marketo/lib/api/types"
import { CellProblem, FieldMapping, MappingOptions } from "../../../../src/actions/marketo/lib/columns/field_mapping"
import { ResultFields } from "../../../../src/actions/marketo/lib/columns/result_fields"
import { MarketoSettingsError } from "../../../../src/actions/marketo/lib/errors"
import { UnknownFieldsError } from "../../../../src/actions/marketo/lib/errors/unknown_fields_error"
import { column, Column } from "../support/build_request"
import { errorOf } from "../support/connect"

const expect = chai.expect

function schemaField(name: string, displayName: string, dataType: string, updateable = true): SchemaField {
  return { name, displayName, dataType, updateable, crmManaged: false }
}

const SCHEMA: LeadSchema = {
  searchableFields: [["id"], ["email"]],
  fields: [
    schemaField("id", "Id", "integer"), schemaField("email", "Email Address", "email"),
    schemaField("title", "Job Title", "string"), schemaField("leadScore", "Lead Score", "integer"),
    schemaField("createdAt", "Created At", "datetime", false), schemaField("lastOrderAt", "Last Order At", "datetime"),
  ],
}

interface Fields {
  dimensions?: Column[] | null
  measures?: Column[] | null
  table_calculations?: Column[] | null
  filters?: Column[]
  parameters?: Column[]
  pivots?: Column[] | null
}

const EMAIL = column("users.email", "email")

function mappingOf(fields: Fields, lookupField = "email", more: Partial<MappingOptions> = {}): FieldMapping {
  const options: MappingOptions = { lookupField, emptyCells: "clear", longText: "report", ...more }
  return FieldMapping.fromFields(fields as unknown as ResultFields, options)
}

/** The lead of a row without problems. */
function recordOf(mapping: FieldMapping, row: object): LeadRecord {
  const { record, problems } = outcomeOf(mapping, row)
  expect(problems).to.deep.equal([])
  return record
}

function outcomeOf(mapping: FieldMapping, row: object): { record: LeadRecord, problems: CellProblem[] } {
  const problems: CellProblem[] = []
  const record = mapping.recordOf(row as { [name: string]: { value: unknown } }, problems)
  return { record, problems }
}

function refusalOf(fields: Fields, lookupField = "email"): MarketoSettingsError {
  const error = errorOf(() => mappingOf(fields, lookupField))
  expect(error).to.be.instanceOf(MarketoSettingsError)
  return error
}

describe("mapping of Looker columns to Marketo fields", () => {

  describe("tags", () => {
    it("is empty of a column that is named like a member of every object, and has no cell", () => {
      for (const name of ["constructor", "toString", "__proto__"]) {
        const mapping = mappingOf({ dimensions: [EMAIL, column(name, "title")] })
        expect(recordOf(mapping, { "users.email": { value: "a" } }), name).to.deep.equal({ email: "a" })
      }
    })

    it("name the Marketo field behind the colon", () => {
      expect(recordOf(mappingOf({ dimensions: [EMAIL] }), { "users.email": { value: "a@example.com" } }))
        .to.deep.equal({ email: "a@example.com" })
    })

    it("of other kinds are passed over", () => {
      const dimensions = [EMAIL, { name: "users.id", tags: ["user_id", "x_marketo:no", "Marketo:No"] }]
      const row = { "users.email": { value: "a" }, "users.id": { value: 1 } }
      expect(recordOf(mappingOf({ dimensions }), row)).to.deep.equal({ email: "a" })
    })

    it("may be absent or null", () => {
      const dimensions = [EMAIL, { name: "users.random" }, { name: "users.other", tags: null as unknown as string[] }]
      expect(mappingOf({ dimensions }).columns).to.have.length(1)
    })

    it("several of one column feed several Marketo fields", () => {
      const mapping = mappingOf({ dimensions: [column("users.email", "email", "customerId")] })
      expect(recordOf(mapping, { "users.email": { value: "a" } })).to.deep.equal({ email: "a", customerId: "a" })
    })

    it("that are repeated on one column count once", () => {
      expect(mappingOf({ dimensions: [column("users.email", "email", "email")] }).columns[0].restNames)
        .to.deep.equal(["email"])
    })

    it("lose blanks around the name", () => {
      const dimensions = [{ name: "users.email", tags: ["marketo: email "] }]
      expect(mappingOf({ dimensions }).columns[0].restNames).to.deep.equal(["email"])
    })

    it("without a name are refused, naming the column", () => {
      const dimensions = [EMAIL, { name: "users.id", label: "User ID", tags: ["marketo:"] }]
      expect(refusalOf({ dimensions }).message).to.contain("\"User ID\" (users.id)")
    })

    it("keep the case of the name", () => {
      expect(mappingOf({ dimensions: [EMAIL, column("a.b", "Account__c")] }).columns[1].restNames)
        .to.deep.equal(["Account__c"])
    })
  })

  describe("kinds of columns", () => {
    it("takes dimensions, measures and table calculations, in this order", () => {
      const mapping = mappingOf({
        dimensions: [EMAIL], measures: [column("users.count", "leadScore")],
        table_calculations: [column("calc", "title")],
      })
      expect(mapping.columns.map((each) => each.name)).to.deep.equal(["users.email", "users.count", "calc"])
    })

    it("passes over filters and parameters, which have no cells", () => {
      const mapping = mappingOf({
        dimensions: [EMAIL], filters: [column("users.f", "title")], parameters: [column("users.p", "gender")],
      })
      expect(mapping.columns.map((each) => each.name)).to.deep.equal(["users.email"])
    })

    it("takes a list that is null or absent for empty", () => {
      expect(mappingOf({ dimensions: [EMAIL], measures: null, table_calculations: null }).columns).to.have.length(1)
    })

    it("finds the lookup field on a table calculation", () => {
      expect(mappingOf({ dimensions: [], table_calculations: [column("calc", "email")] }).columns).to.have.length(1)
    })
  })

  describe("refusals", () => {
    it("a lookup field that no column feeds, in the words users know", () => {
      const error = refusalOf({ dimensions: [EMAIL] }, "guid")
      expect(error.message).to.equal("Marketo Lookup Field for lead not present in query. Add a column with the tag " +
        "\"marketo:guid\" to the query, or choose another lookup field; the query has the tag marketo:email.")
      expect(error.validationErrors[0].field).to.equal("lookupField")
      expect(error.validationErrors[0].message).to.contain("\"marketo:guid\"")
    })

    it("a lookup field that only a filter feeds", () => {
      expect(refusalOf({ dimensions: [column("a", "gender")], filters: [EMAIL] }).message)
        .to.match(/^Marketo Lookup Field for lead not present in query\. .*has the tag marketo:gender\./)
    })

    it("a lookup field in another case", () => {
      expect(refusalOf({ dimensions: [column("a", "Email"), column("b", "title")] }).message)
        .to.match(/^Marketo Lookup Field for lead not present in query\. .*the tags marketo:Email, marketo:title\./)
    })

    it("fields without any column", () => {
      expect(refusalOf({}).message).to.match(/^Marketo Lookup Field for lead not present in query\. .*; no column has/)
    })

    it("two columns that feed one field, naming both and the tag", () => {
      const dimensions = [EMAIL, column("a.one", "title"), column("a.two", "title")]
      expect(refusalOf({ dimensions }).message).to.contain("a.one").and.contain("a.two").and.contain("marketo:title")
    })

    it("a tagged measure under a pivot", () => {
      const error = refusalOf({
        dimensions: [EMAIL], measures: [column("users.count", "leadScore")], pivots: [{ name: "users.state" }],
      })
      expect(error.message).to.contain("users.count").and.contain("is pivoted")
    })
  })

  it("takes an untagged measure under a pivot", () => {
    const mapping = mappingOf({
      dimensions: [EMAIL], measures: [{ name: "users.count" }], pivots: [{ name: "users.state" }],
    })
    expect(mapping.columns).to.have.length(1)
  })

  describe("cells", () => {
    const mapping = mappingOf({
      dimensions: [EMAIL, column("users.gender", "gender"), column("users.no", "leadScore")],
    })

    it("that are missing leave the field out", () => {
      expect(recordOf(mapping, { "users.email": { value: "a" } })).to.deep.equal({ email: "a" })
    })

    it("with null clear the field", () => {
      expect(recordOf(mapping, { "users.email": { value: "a" }, "users.gender": { value: null } }))
        .to.deep.equal({ email: "a", gender: null })
    })

    it("keep numbers, zero, booleans and empty texts as they are", () => {
      const row = { "users.email": { value: false }, "users.gender": { value: "" }, "users.no": { value: 0 } }
      expect(recordOf(mapping, row)).to.deep.equal({ email: false, gender: "", leadScore: 0 })
    })

    it("give the raw value, not what is rendered", () => {
      expect(recordOf(mapping, { "users.no": { value: 1234.5, rendered: "$1,234.50", html: "<b>1</b>" } }))
        .to.deep.equal({ leadScore: 1234.5 })
    })

    it("of columns without a tag are not sent", () => {
      expect(recordOf(mapping, { "users.email": { value: "a" }, "users.secret": { value: "s" } }))
        .to.deep.equal({ email: "a" })
    })

    it("with several values of a pivot are refused, even when the fields did not tell of one", () => {
      const row = { "users.email": { value: "a" }, "users.no": { NY: { value: 1 }, CA: { value: 2 } } }
      const error = errorOf(() => outcomeOf(mapping, row))
      expect(error).to.be.instanceOf(MarketoSettingsError)
      expect(error.message).to.contain("is pivoted")
    })
  })

  describe("hidden columns", () => {
    const title = column("users.title", "title")
    const row = { "users.email": { value: "a" }, "users.title": { value: "b" } }

    it("of the model are not sent, and told apart", () => {
      const mapping = mappingOf({ dimensions: [EMAIL, { ...title, hidden: true }] })
      expect(recordOf(mapping, row)).to.deep.equal({ email: "a" })
      expect(mapping.hidden.map((each) => each.name)).to.deep.equal(["users.title"])
    })

    it("of the visualization are not sent", () => {
      const mapping = mappingOf({ dimensions: [EMAIL, title] }, "email", { hiddenFields: ["users.title", "users.age"] })
      expect(recordOf(mapping, row)).to.deep.equal({ email: "a" })
    })

    it("do not count as a second column for one field", () => {
      const mapping = mappingOf({ dimensions: [EMAIL, title, { ...column("a.b", "title"), hidden: true }] })
      expect(recordOf(mapping, { ...row, "a.b": { value: "c" } })).to.deep.equal({ email: "a", title: "b" })
    })

    it("feed the lookup field when no other column does, and nothing else", () => {
      const mapping = mappingOf({ dimensions: [{ ...column("a.b", "email", "customerId"), hidden: true }, title] })
      expect(recordOf(mapping, { "a.b": { value: "a" }, "users.title": { value: "b" } }))
        .to.deep.equal({ email: "a", title: "b" })
      expect(mapping.hidden).to.deep.equal([])
    })

    it("do not feed the lookup field when a visible column does", () => {
      const mapping = mappingOf({ dimensions: [{ ...column("a.b", "email"), hidden: true }, EMAIL] })
      expect(mapping.columns.map((each) => each.name)).to.deep.equal(["users.email"])
    })
  })

  describe("empty cells", () => {
    const fields = { dimensions: [EMAIL, column("users.title", "title"), column("users.score", "leadScore")] }
    const row = { "users.email": { value: "a" }, "users.title": { value: "" }, "users.score": { value: null } }

    it("clear their fields", () => {
      expect(recordOf(mappingOf(fields, "email", { schema: SCHEMA }), row))
        .to.deep.equal({ email: "a", title: null, leadScore: null })
    })

    it("leave their fields as they are when that was chosen, with and without a schema", () => {
      for (const schema of [SCHEMA, undefined]) {
        expect(recordOf(mappingOf(fields, "email", { schema, emptyCells: "leave" }), row)).to.deep.equal({ email: "a" })
      }
    })

    it("are also blanks in a column for a number", () => {
      const blank = { "users.email": { value: "a" }, "users.score": { value: "  " } }
      expect(recordOf(mappingOf(fields, "email", { schema: SCHEMA }), blank))
        .to.deep.equal({ email: "a", leadScore: null })
      expect(recordOf(mappingOf(fields, "email", { schema: SCHEMA, emptyCells: "leave" }), blank))
        .to.deep.equal({ email: "a" })
    })
  })

  describe("with the instance's schema", () => {
    function schemaRefusal(dimensions: Column[], more: Partial<MappingOptions> = {}): string {
      const error = errorOf(() => mappingOf({ dimensions }, "email", { schema: SCHEMA, ...more }))
      expect(error).to.be.instanceOf(MarketoSettingsError)
      return error.message
    }

    it("refuses a field that does not exist, naming column, tag and the closest field", () => {
      expect(schemaRefusal([EMAIL, { ...column("a.b", "tilte"), label: "Position" }])).to.equal(
        "The column \"Position\" (a.b) has the tag \"marketo:tilte\", but Marketo has no lead field with that REST " +
        "API name. Closest: \"title\".")
    })

    it("tells such refusals from others, since SOAP names are worth a look then", () => {
      const options = { schema: SCHEMA }
      expect(errorOf(() => mappingOf({ dimensions: [EMAIL, column("a.b", "Gone")] }, "email", options)))
        .to.be.instanceOf(UnknownFieldsError)
      expect(errorOf(() => mappingOf({ dimensions: [EMAIL, column("a.b", "createdAt")] }, "email", options)))
        .not.to.be.instanceOf(UnknownFieldsError)
    })

    it("names the REST API name behind a SOAP name", () => {
      expect(schemaRefusal([EMAIL, column("a.b", "Score")], { soapNames: new Map([["Score", "leadScore"]]) }))
        .to.contain("that is the field's SOAP name. Its REST API name is \"leadScore\"")
    })

    it("tells all problems in one message", () => {
      const message = schemaRefusal([
        column("a.a", "Email Address"), column("a.b", "createdAt"), column("a.c", "title"), column("a.d", "title"),
      ])
      expect(message).to.match(/^Marketo Lookup Field for lead not present in query\. Add a column .*; the query has /)
      expect(message).to.contain("The column a.a has the tag")
      expect(message).to.contain("The column a.b feeds the Marketo field \"createdAt\"").and.contain("a.c and a.d both")
    })

    it("counts what has no room in the message", () => {
      const many = Array.from({ length: 14 }, (_none, index) => column(`a.c${index}`, `zzzzzzz${index}`))
      expect(schemaRefusal([EMAIL, ...many])).to.match(/There are 4 more problems of this kind\.$/)
    })

    it("guesses what a name means for those that it tells alone, however wide the result", () => {
      let looks = 0
      const field = { name: "title", dataType: "string", get displayName() {
        looks++
        return "Job Title"
      } }
      const many = Array.from({ length: 100000 }, (_none, index) => column(`a.c${index}`, `zzzzzzz${index}`))
      expect(schemaRefusal([EMAIL, ...many], { schema: { fields: [field], searchableFields: [] } }))
        .to.match(/There are 99990 more problems of this kind\.$/)
      expect(looks).to.be.at.most(10 * 5)
    })

    it("takes a field that cannot be written as lookup field", () => {
      const mapping = mappingOf({ dimensions: [column("a.b", "id")] }, "id", { schema: SCHEMA })
      expect(recordOf(mapping, { "a.b": { value: "17" } })).to.deep.equal({ id: 17 })
    })

    it("converts each value for its field's type", () => {
      const dimensions = [EMAIL, column("a.b", "leadScore", "title")]
      const mapping = mappingOf({ dimensions }, "email", { schema: SCHEMA })
      expect(recordOf(mapping, { "users.email": { value: " a@b.c " }, "a.b": { value: 14.0 } }))
        .to.deep.equal({ email: "a@b.c", leadScore: 14, title: "14" })
    })

    it("leaves out what cannot be converted, and tells column, type of value and field, not the value", () => {
      const score = { ...column("users.score", "leadScore"), label: "Score" }
      const mapping = mappingOf({ dimensions: [EMAIL, score] }, "email", { schema: SCHEMA })
      const { record, problems } = outcomeOf(mapping, {
        "users.email": { value: "a@b.c" }, "users.score": { value: "secret" },
      })
      expect(record).to.deep.equal({ email: "a@b.c" })
      expect(problems).to.deep.equal([{
        reason: "Column \"Score\" (users.score): text is not a whole number for leadScore", isLookupValue: false,
        kind: "not_a_number",
      }])
    })

    it("marks the problem of the lookup value", () => {
      const mapping = mappingOf({ dimensions: [EMAIL] }, "email", { schema: SCHEMA })
      expect(outcomeOf(mapping, { "users.email": { value: "zoë@b.c" } }).problems[0].isLookupValue).to.equal(true)
    })
  })

  it("without a schema leaves values as they are, except the id as lookup value", () => {
    const mapping = mappingOf({ dimensions: [column("a.b", "id"), column("a.c", "isVip")] }, "id")
    expect(recordOf(mapping, { "a.b": { value: " 17 " }, "a.c": { value: "Yes" } }))
      .to.deep.equal({ id: 17, isVip: "Yes" })
    expect(outcomeOf(mapping, { "a.b": { value: "x17" } }).problems[0].reason)
      .to.equal("Column a.b: text is not a whole number for id")
  })
})
