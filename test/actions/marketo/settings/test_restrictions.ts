import { expect } from "chai"
import { MarketoSettingsError } from "../../../../src/actions/marketo/lib/errors"
import { MembershipChange } from "../../../../src/actions/marketo/lib/settings/membership_change"
import {
  checkChanges, checkOptions, mayUse, readRestrictions, UNRESTRICTED,
} from "../../../../src/actions/marketo/lib/settings/restrictions"
import { readRunSettings } from "../../../../src/actions/marketo/lib/settings/run_settings"
import * as Hub from "../../../../src/hub"
import { buildRequest } from "../support/build_request"
import { errorOf, FAST_CONFIGURATION } from "../support/connect"

const MIRROR: MembershipChange = { kind: "mirrorList", target: { id: "1001" }, mostRemovedPercent: 50 }
const ADD: MembershipChange = { kind: "addToList", target: { id: "1001" } }
const NEW_LIST: MembershipChange = { kind: "addToList", target: { name: "New" } }
const CAMPAIGN: MembershipChange = { kind: "requestCampaign", target: { id: "1001" } }

describe("restrictions of an administrator", () => {
  it("are none if the settings are blank, or unknown to the Looker", () => {
    for (const params of [{}, { allowedTargets: " ", notAllowed: "" }, { allowedTargets: null, notAllowed: null }]) {
      expect(readRestrictions(params)).to.deep.equal({ ...UNRESTRICTED, targets: undefined })
    }
  })

  it("allow the targets whose addresses are given, of their kinds only", () => {
    const restrictions = readRestrictions({
      allowedTargets: "https://app-sj01.marketo.com/#ST1001A1, sc02001b2\n#PG3001A1",
    })
    const allowed = [["list", "1001"], ["campaign", "2001"], ["program", "3001"]] as const
    allowed.forEach(([kind, id]) => expect(mayUse(restrictions, kind, id), kind).to.equal(true))
    expect(mayUse(restrictions, "campaign", "1001")).to.equal(false)
    expect(mayUse(restrictions, "list", undefined)).to.equal(false)
    expect(() => checkChanges(restrictions, [ADD], true)).not.to.throw()
    expect(() => checkChanges(restrictions, [CAMPAIGN], false)).to.throw("The campaign 1001 may not be sent to")
  })

  it("wait for the id of a list that is given by name, and allow none that would have to be made", () => {
    const restrictions = readRestrictions({ allowedTargets: "ST1001A1" })
    expect(() => checkChanges(restrictions, [NEW_LIST], false)).not.to.throw()
    expect(() => checkChanges(restrictions, [NEW_LIST], true)).to.throw("The list \"New\" may not be sent to")
  })

  it("forbid what is named, in any case and order", () => {
    expect(readRestrictions({ notAllowed: "Mirror, create" }))
      .to.include({ mayCreate: false, mayRemove: true, mayMirror: false })
    const noRemoval = readRestrictions({ notAllowed: "remove" })
    expect(noRemoval).to.include({ mayCreate: true, mayRemove: false, mayMirror: false })
    expect(() => checkChanges(noRemoval, [MIRROR], false)).to.throw("may not be mirrored")
    expect(() => checkChanges(noRemoval, [ADD], false)).not.to.throw()
  })

  it("let nobody be created if that is forbidden, old schedules included", () => {
    const noCreation = readRestrictions({ notAllowed: "create" })
    for (const mode of ["createOrUpdate", "createOnly"] as const) {
      expect(() => checkOptions(noCreation, { mode })).to.throw(MarketoSettingsError)
    }
    expect(() => checkOptions(noCreation, { mode: "updateOnly" })).not.to.throw()
    const request = (form: Hub.ParamMap) =>
      buildRequest({ origin: "123-ABC-456", params: { notAllowed: "create" }, form: { subaction: "none", ...form } })
    const failure = errorOf(() => readRunSettings(request({ lookupField: "email" }), FAST_CONFIGURATION))
    expect(failure.validationErrors[0].field).to.equal("leadMode")
    expect(() => readRunSettings(request({ lookupField: "id" }), FAST_CONFIGURATION)).not.to.throw()
  })

  it("never count as none if they cannot be read", () => {
    for (const params of [{ notAllowed: "deletes" }, { allowedTargets: "Newsletter" }, { allowedTargets: "1001" },
      { allowedTargets: "#SL1001A1" }, { notAllowed: { create: true } }]) {
      expect(() => readRestrictions(params), JSON.stringify(params)).to.throw(MarketoSettingsError)
    }
  })
})
