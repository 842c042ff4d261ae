import * as chai from "chai"
import { LeadSchema, SchemaField } from "../../../../src/actions/marketo/lib/api/types"
import { companyNote, SchemaChecks } from "../../../../src/actions/marketo/lib/columns/schema_checks"

const expect = chai.expect

function field(name: string, displayName: string, more: Partial<SchemaField> = {}): SchemaField {
  return { name, displayName, dataType: "string", updateable: true, crmManaged: false, ...more }
}

const SCHEMA: LeadSchema = {
  searchableFields: [["email"], ["id"], ["cookies"], ["one", "two"]],
  fields: [
    field("id", "Id"), field("email", "Email Address"), field("firstName", "First Name"),
    field("cookies", "Cookies"), field("createdAt", "Created At"), field("mktoName", "Full Name"),
    field("leadPartitionId", "Lead Partition Id"), field("isLead", "Is Lead"),
    field("inferredCity", "Inferred City", { updateable: false }),
    field("fullAddress", "Full Address", { dataType: "formula" }),
    field("company", "Company Name"), field("industry", "Industry", { crmManaged: true }),
    field("sicCode", "SIC Code", { updateable: false }),
    field("sfdcLeadId", "SFDC Lead Id", { crmManaged: true }),
    field("tier", "Tier", { crmManaged: true }),
  ],
}

const checks = new SchemaChecks(SCHEMA, new Map([["FirstName", "firstName"]]))

function messageFor(name: string): string | undefined {
  const problem = checks.problemOf(name)
  return problem === undefined ? undefined : problem.describe()
}

describe("checks of names against the instance's fields", () => {
  it("let fields pass that can be written", () => {
    for (const name of ["email", "firstName", "company"]) {
      expect(messageFor(name), name).to.equal(undefined)
    }
  })

  it("let fields pass that the CRM and Marketo keep in step", () => {
    expect(messageFor("tier")).to.equal(undefined)
  })

  it("refuse fields that are read-only, by both names", () => {
    expect(messageFor("inferredCity"))
      .to.equal("feeds the Marketo field \"inferredCity\" (Inferred City), which cannot be written.")
  })

  it("refuse formulas and fields that Marketo fills itself, whatever describe says of them", () => {
    for (const name of ["fullAddress", "createdAt", "isLead"]) {
      expect(messageFor(name), name).to.match(/which cannot be written\.$/)
    }
    expect(messageFor("mktoName")).to.match(/Marketo makes it of the first and the last name\.$/)
    expect(messageFor("leadPartitionId")).to.match(/the form's option for it\.$/)
    expect(messageFor("id")).to.match(/It can only be the lookup field\.$/)
    expect(messageFor("cookies")).to.match(/It can only be the lookup field\.$/)
  })

  it("refuse company fields that are read-only or the CRM's, and the CRM's own ids", () => {
    expect(messageFor("sicCode")).to.match(/which cannot be written\.$/)
    for (const name of ["industry", "sfdcLeadId"]) {
      expect(messageFor(name), name).to.match(/which only the CRM that Marketo is connected with may change\.$/)
    }
  })

  it("tell what an unknown name was meant to be", () => {
    expect(messageFor("First Name")).to.equal("has the tag \"marketo:First Name\", but that is the field's display " +
      "name. Its REST API name is \"firstName\".")
    expect(messageFor("FirstName")).to.equal("has the tag \"marketo:FirstName\", but that is the field's SOAP name. " +
      "Its REST API name is \"firstName\".")
    expect(messageFor("first_name")).to.equal("has the tag \"marketo:first_name\", but the field's REST API name " +
      "is spelled \"firstName\".")
    expect(messageFor("fristName")).to.equal("has the tag \"marketo:fristName\", but Marketo has no lead field with " +
      "that REST API name. Closest: \"firstName\".")
    expect(messageFor("zzz")).to.equal("has the tag \"marketo:zzz\", but Marketo has no lead field with that REST " +
      "API name. Marketo lists the names under Admin > Field Management > Export Field Names.")
  })

  it("note columns that feed fields of the company, all at once", () => {
    const columns = [
      { label: "\"Company\" (users.company)", restNames: ["title", "company"] },
      { label: "users.name", restNames: ["firstName"] }, { label: "users.city", restNames: ["billingCity"] },
    ]
    expect(companyNote(columns)).to.contain("\"Company\" (users.company), users.city.")
    expect(companyNote(columns.slice(1, 2))).to.equal(undefined)
  })

  it("know by which single fields leads are found", () => {
    expect(["email", "firstName", "one"].map((name) => checks.isSearchable(name))).to.deep.equal([true, false, false])
  })
})
