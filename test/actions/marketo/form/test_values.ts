import { expect } from "chai"
import { readFormValues } from "../../../../src/actions/marketo/lib/form/values"
import * as Hub from "../../../../src/hub"
import { buildRequest } from "../support/build_request"

function read(form: Hub.ParamMap, origin = "http://127.0.0.1:1") {
  return readFormValues(buildRequest({ origin, form }))
}

describe("Values of a form that is opened", () => {
  const kinds: [string, string | undefined][] = [
    ["addCampaign", "campaign"], ["addList", "list"], ["removeList", "list"], ["mirrorList", "list"],
    ["addProgram", "program"], ["removeProgram", "program"], ["none", undefined],
  ]
  for (const [subaction, kind] of kinds) {
    it(`are about ${kind === undefined ? "no target" : `a ${kind}`} for ${subaction}`, () => {
      expect(read({ subaction })).to.include({ additionalAction: subaction, kind })
    })
  }

  it("of a new schedule preselect the campaign", () => {
    expect(read({})).to.include({ additionalAction: "addCampaign", kind: "campaign", lookupField: "" })
  })

  it("of a schedule from before there was a choice keep its meaning", () => {
    expect(read({ lookupField: "email", campaignId: "5" }).additionalAction).to.equal("addCampaign")
    expect(read({ lookupField: "email" }).additionalAction).to.equal("none")
  })

  it("hold ids as a run reads them, and what a run says to others", () => {
    const values = read({ subaction: "addList", campaignId: " 7 ,,007, #ST12A1, #SC9B2, x" })
    expect(values.typedIds).to.deep.equal(["7", "12"])
    expect(values.idProblems).to.have.length(2)
    expect(values.idProblems[1]).to.match(/^"x" is not a list ID/)
  })

  it("are read even when the connection's settings cannot work", () => {
    const values = read({ subaction: "addList", campaignId: "7" }, "not an address")
    expect(values).to.deep.include({ typedIds: ["7"], idProblems: [] })
  })

  it("hold a choice by name only when it is of the action's kind", () => {
    expect(read({ subaction: "addList", target: "list:7" }).chosenId).to.equal("7")
    for (const target of ["campaign:7", "more", "list:", "list:x", "", "7"]) {
      expect(read({ subaction: "addList", target }).chosenId, target).to.equal("")
    }
    expect(read({ subaction: "none", target: "list:7" }).chosenId).to.equal("")
  })
})
