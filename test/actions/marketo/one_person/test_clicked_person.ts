import { expect } from "chai"
import { readClickedPerson, shown } from "../../../../src/actions/marketo/lib/one_person/clicked_person"
import { asMembershipRun } from "../../../../src/actions/marketo/lib/one_person/person_run"
import { MarketoPersonAction } from "../../../../src/actions/marketo/marketo_person"
import * as Hub from "../../../../src/hub"

function clicked(value: unknown, formParams: Hub.ParamMap = {}): Hub.ActionRequest {
  const request = new Hub.ActionRequest()
  request.type = Hub.ActionType.Cell
  request.params = { value: value as string }
  request.formParams = formParams
  return request
}

function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (failure) {
    return (failure as Error).message
  }
  throw new Error("Nothing was refused")
}

describe("a clicked person", () => {
  it("is found by e-mail unless the form says otherwise", () => {
    expect(readClickedPerson(clicked(" a@example.com ")))
      .to.deep.equal({ lookupField: "email", value: "a@example.com" })
    expect(readClickedPerson(clicked("C-1", { lookupField: "customerNumber" })))
      .to.deep.equal({ lookupField: "customerNumber", value: "C-1" })
    expect(readClickedPerson(clicked(50001, { lookupField: "id" })))
      .to.deep.equal({ lookupField: "id", value: "50001" })
  })

  it("is not guessed from a number, which may be a key of any kind", () => {
    expect(refusalOf(() => readClickedPerson(clicked(50001)))).to.contain("may be a Marketo id or another key")
  })

  it("is nobody without a single value", () => {
    for (const value of [undefined, null, "", "  ", [], ["a"], {}, "a,b"]) {
      expect(refusalOf(() => readClickedPerson(clicked(value))), JSON.stringify(value)).to.match(/^The cell (is|has) /)
    }
  })

  it("is shown with the beginning of a long value", () => {
    expect(shown("short")).to.equal("short")
    expect(shown("x".repeat(1000))).to.have.length(101)
  })

  it("is sent by a run that writes no lead, whatever else the form has", () => {
    const form = { subaction: "addList", campaignId: "7", leadMode: "createOnly", dryRun: "yes" }
    const request = clicked("a@example.com", form)
    const asked = asMembershipRun(request)
    expect(asked.formParams).to.include({
      subaction: "addList", campaignId: "7", leadMode: "membershipOnly", lookupField: "email",
    }).and.not.have.property("dryRun")
    expect(asked.params).to.equal(request.params)
    expect(request.formParams.leadMode).to.equal("createOnly")
  })
})

describe("MarketoPersonAction", () => {
  it("is offered on cells of e-mail addresses and lookup fields alone", () => {
    const { supportedActionTypes, requiredFields, usesStreaming } = new MarketoPersonAction()
    expect(supportedActionTypes).to.deep.equal(["cell"])
    expect(requiredFields[0].any_tag).to.include.members(["email", "marketo:email", "marketo:id"])
    expect(usesStreaming).to.equal(false)
  })
})
