import * as chai from "chai"
import { MarketoSettingsError } from "../../../src/actions/marketo/lib/errors"
import { FieldMapping, ResultFields } from "../../../src/actions/marketo/lib/field_mapping"
import { column, Column } from "./support/build_request"
import { errorOf } from "./support/connect"

const expect = chai.expect

interface Fields {
  dimensions?: Column[] | null
  measures?: Column[] | null
  table_calculations?: Column[] | null
  filters?: Column[]
  parameters?: Column[]
  pivots?: Column[] | null
}

const EMAIL = column("users.email", "email")

function mappingOf(fields: Fields, lookupField = "email"): FieldMapping {
  return FieldMapping.fromFields(fields as unknown as ResultFields, lookupField)
}

function refusalOf(fields: Fields, lookupField = "email"): MarketoSettingsError {
  const error = errorOf(() => mappingOf(fields, lookupField))
  expect(error).to.be.instanceOf(MarketoSettingsError)
  return error
}

describe("mapping of Looker columns to Marketo fields", () => {

  describe("tags", () => {
    it("name the Marketo field behind the colon", () => {
      expect(mappingOf({ dimensions: [EMAIL] }).recordOf({ "users.email": { value: "a@example.com" } }))
        .to.deep.equal({ email: "a@example.com" })
    })

    it("of other kinds are passed over", () => {
      const dimensions = [EMAIL, { name: "users.id", tags: ["user_id", "x_marketo:no", "Marketo:No"] }]
      const row = { "users.email": { value: "a" }, "users.id": { value: 1 } }
      expect(mappingOf({ dimensions }).recordOf(row)).to.deep.equal({ email: "a" })
    })

    it("may be absent or null", () => {
      const dimensions = [EMAIL, { name: "users.random" }, { name: "users.other", tags: null as unknown as string[] }]
      expect(mappingOf({ dimensions }).columns).to.have.length(1)
    })

    it("several of one column feed several Marketo fields", () => {
      const mapping = mappingOf({ dimensions: [column("users.email", "email", "customerId")] })
      expect(mapping.recordOf({ "users.email": { value: "a" } })).to.deep.equal({ email: "a", customerId: "a" })
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
      expect(error.message).to.equal("Marketo Lookup Field for lead not present in query.")
      expect(error.validationErrors[0].field).to.equal("lookupField")
      expect(error.validationErrors[0].message).to.contain("\"marketo:guid\"")
    })

    it("a lookup field that only a filter feeds", () => {
      expect(refusalOf({ dimensions: [column("a", "gender")], filters: [EMAIL] }).message)
        .to.equal("Marketo Lookup Field for lead not present in query.")
    })

    it("a lookup field in another case", () => {
      expect(refusalOf({ dimensions: [column("a", "Email")] }).message)
        .to.equal("Marketo Lookup Field for lead not present in query.")
    })

    it("fields without any column", () => {
      expect(refusalOf({}).message).to.equal("Marketo Lookup Field for lead not present in query.")
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
      expect(mapping.recordOf({ "users.email": { value: "a" } })).to.deep.equal({ email: "a" })
    })

    it("with null clear the field", () => {
      expect(mapping.recordOf({ "users.email": { value: "a" }, "users.gender": { value: null } }))
        .to.deep.equal({ email: "a", gender: null })
    })

    it("keep numbers, zero, booleans and empty texts as they are", () => {
      const row = { "users.email": { value: false }, "users.gender": { value: "" }, "users.no": { value: 0 } }
      expect(mapping.recordOf(row)).to.deep.equal({ email: false, gender: "", leadScore: 0 })
    })

    it("give the raw value, not what is rendered", () => {
      expect(mapping.recordOf({ "users.no": { value: 1234.5, rendered: "$1,234.50", html: "<b>1</b>" } }))
        .to.deep.equal({ leadScore: 1234.5 })
    })

    it("of columns without a tag are not sent", () => {
      expect(mapping.recordOf({ "users.email": { value: "a" }, "users.secret": { value: "s" } }))
        .to.deep.equal({ email: "a" })
    })

    it("with several values of a pivot are refused, even when the fields did not tell of one", () => {
      const row = { "users.email": { value: "a" }, "users.no": { NY: { value: 1 }, CA: { value: 2 } } }
      const error = errorOf(() => mapping.recordOf(row))
      expect(error).to.be.instanceOf(MarketoSettingsError)
      expect(error.message).to.contain("is pivoted")
    })
  })
})
