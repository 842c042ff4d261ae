import { expect } from "chai"
import { SchemaField } from "../../../../src/actions/marketo/lib/api/types"
import { MemberFieldChecks } from "../../../../src/actions/marketo/lib/columns/member_fields"

describe("MemberFieldChecks", () => {
  const field = (name: string, updateable: boolean): SchemaField =>
    ({ name, displayName: name, dataType: "string", updateable })
  const checks = new MemberFieldChecks({
    searchableFields: [],
    fields: [
      field("createdAt", false), field("updatedAt", false), field("acquiredBy", false), field("nurtureCadence", false),
      field("statusReason", true),
    ],
  })

  it("say of every field that cannot be written what to do about it", () => {
    for (const name of ["createdAt", "updatedAt", "acquiredBy", "nurtureCadence"]) {
      expect(checks.problemOf(name)?.(), name)
        .to.match(/^feeds the field "\w+" of program members, which cannot be written\. (Marketo sets|Remove) .*\.$/)
    }
  })

  it("have nothing against one that can", () => {
    expect(checks.problemOf("statusReason")).to.equal(undefined)
  })
})
