import * as chai from "chai"
import { SchemaField } from "../../../../src/actions/marketo/lib/api/types"
import { editDistance, meaningOfName, nameKey } from "../../../../src/actions/marketo/lib/columns/name_suggestions"

const expect = chai.expect

const FIELDS: SchemaField[] = [
  ["email", "Email Address"], ["firstName", "First Name"], ["lastName", "Last Name"], ["leadScore", "Lead Score"],
  ["Account__c", "Account"], ["mobilePhone", "Mobile Phone Number"], ["phone", "Phone Number"],
].map(([name, displayName]) => ({ name, displayName, dataType: "string" }))

const SOAP_NAMES = new Map([["FirstName", "firstName"], ["MobilePhone", "mobilePhone"]])

describe("names that are no REST API names", () => {
  it("are display names, in any case", () => {
    expect(meaningOfName("First Name", FIELDS)).to.deep.equal({ kind: "displayName", restName: "firstName" })
    expect(meaningOfName("email address", FIELDS)).to.deep.equal({ kind: "displayName", restName: "email" })
  })

  it("are SOAP names", () => {
    expect(meaningOfName("FirstName", FIELDS, SOAP_NAMES)).to.deep.equal({ kind: "soapName", restName: "firstName" })
  })

  it("are REST API names in another spelling", () => {
    for (const name of ["FirstName", "FIRSTNAME", "first_name", "first-name", " firstName"]) {
      expect(meaningOfName(name, FIELDS), name).to.deep.equal({ kind: "spelling", restName: "firstName" })
    }
    expect(meaningOfName("account_c", FIELDS)).to.deep.equal({ kind: "spelling", restName: "Account__c" })
    expect(meaningOfName("emailaddress", FIELDS)).to.deep.equal({ kind: "spelling", restName: "email" })
  })

  it("are close to some, the closest first", () => {
    expect(meaningOfName("fristName", FIELDS)).to.deep.equal({ kind: "unknown", closest: ["firstName", "lastName"] })
    expect(meaningOfName("leadScor", FIELDS)).to.deep.equal({ kind: "unknown", closest: ["leadScore"] })
  })

  it("are close to those that begin like them", () => {
    expect(meaningOfName("mobile", FIELDS)).to.deep.equal({ kind: "unknown", closest: ["mobilePhone"] })
    expect(meaningOfName("leadScore2026Total", FIELDS)).to.deep.equal({ kind: "unknown", closest: ["leadScore"] })
  })

  it("are close to none", () => {
    expect(meaningOfName("zzz", FIELDS)).to.deep.equal({ kind: "unknown", closest: [] })
    expect(meaningOfName("", FIELDS)).to.deep.equal({ kind: "unknown", closest: [] })
  })

  it("are compared with fields that have no display name", () => {
    const fields = [{ name: "plain", dataType: "string" } as SchemaField]
    expect(meaningOfName("plian", fields)).to.deep.equal({ kind: "unknown", closest: ["plain"] })
  })
})

describe("distance of two names", () => {
  it("counts what is inserted, removed, replaced and swapped", () => {
    expect(editDistance("name", "name")).to.equal(0)
    expect(editDistance("", "name")).to.equal(4)
    expect(editDistance("name", "")).to.equal(4)
    expect(editDistance("nme", "name")).to.equal(1)
    expect(editDistance("naame", "name")).to.equal(1)
    expect(editDistance("nane", "name")).to.equal(1)
    expect(editDistance("nmae", "name")).to.equal(1)
    expect(editDistance("kitten", "sitting")).to.equal(3)
  })
})

it("names without what people write differently keep letters of all languages and digits", () => {
  expect(nameKey("Straße Nr_2 (alt)")).to.equal("straßenr2alt")
})
