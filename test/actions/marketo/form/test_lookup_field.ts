import { expect } from "chai"
import { LeadSchema } from "../../../../src/actions/marketo/lib/api/types"
import { lookupFieldChoice } from "../../../../src/actions/marketo/lib/form/lookup_field"
import { staticFormFields } from "../../../../src/actions/marketo/marketo_form"

const SCHEMA: LeadSchema = {
  searchableFields: [["sfdcLeadId"], ["id"], ["email"], ["customerNumber"], ["one", "two"]],
  fields: [
    { name: "email", displayName: "Email Address", dataType: "email" },
    { name: "id", displayName: "Id", dataType: "integer" },
    { name: "customerNumber", displayName: "Customer Number", dataType: "string" },
    { name: "title", displayName: "Job Title", dataType: "string" },
  ],
}

function options(current: string, schema: LeadSchema = SCHEMA) {
  const field = lookupFieldChoice(staticFormFields()[0], current, schema)
  return field.type === "select" ? field.options : []
}

describe("The lookup field of the form", () => {
  it("is a choice of the searchable fields, e-mail and id first", () => {
    expect(options("")).to.deep.equal([
      { name: "email", label: "Email Address (email)" }, { name: "id", label: "Id (id)" },
      { name: "customerNumber", label: "Customer Number (customerNumber)" },
      { name: "sfdcLeadId", label: "sfdcLeadId" },
    ])
  })

  it("is none of the fields that leads can be searched by, but not when they are written", () => {
    const schema: LeadSchema = {
      searchableFields: [["leadPartitionId"], ["cookies"], ["score"], ["isVip"], ["birthday"], ["ref"], ["facebookId"]],
      fields: [
        { name: "leadPartitionId", displayName: "Lead Partition Id", dataType: "integer" },
        { name: "cookies", displayName: "Cookies", dataType: "string" },
        { name: "score", displayName: "Score", dataType: "score" },
        { name: "isVip", displayName: "VIP", dataType: "boolean" },
        { name: "birthday", displayName: "Birthday", dataType: "date" },
        { name: "ref", displayName: "Reference", dataType: "reference" },
      ],
    }
    expect(options("", schema).map((option) => option.name))
      .to.deep.equal(["email", "id", "cookies", "facebookId", "score"])
    expect(options("leadPartitionId", schema)[5].label).to.match(/ - not a field that Marketo can look leads up by$/)
  })

  it("keeps name, label, description and default", () => {
    expect(lookupFieldChoice(staticFormFields()[0], "", SCHEMA)).to.include({
      name: "lookupField", label: "Lead Lookup Field", required: true, default: "email",
      description: "Marketo field to use when looking up leads to update",
    })
  })

  it("offers e-mail and id even when the instance does not name them", () => {
    expect(options("", { fields: [], searchableFields: [] }).map((option) => option.name))
      .to.deep.equal(["email", "id"])
  })

  it("always has the current value, and says when Marketo cannot search by it", () => {
    expect(options("customerNumber")).to.have.length(4)
    expect(options("title")[4].label).to.equal("Job Title (title) - not a field that Marketo can look leads up by")
    expect(options("gone")[4]).to.include({ name: "gone" })
    expect(lookupFieldChoice(staticFormFields()[0], "gone", SCHEMA)).to.include({ default: "gone" })
  })

  it("is a text field while the fields are not known", () => {
    expect(lookupFieldChoice(staticFormFields()[0], "", undefined)).to.deep.equal(staticFormFields()[0])
    expect(lookupFieldChoice(staticFormFields()[0], "mine", undefined)).to.include({ type: "string", default: "mine" })
  })
})
