import * as chai from "chai"
import { MarketoSettingsError } from "../../../../src/actions/marketo/lib/errors"
import {
  readCredentials, readRunSettings, RunSettings,
} from "../../../../src/actions/marketo/lib/settings/run_settings"
import { idsIn } from "../../../../src/actions/marketo/lib/settings/target_ids"
import * as Hub from "../../../../src/hub"
import { buildRequest } from "../support/build_request"
import { errorOf, FAST_CONFIGURATION } from "../support/connect"

const expect = chai.expect

const ORIGIN = "https://123-abc-456.mktorest.com"

function settingsFor(form: Hub.ParamMap, params: Hub.ParamMap = {}): RunSettings {
  return readRunSettings(buildRequest({ origin: ORIGIN, form, params }), FAST_CONFIGURATION)
}

function refusalOf(form: Hub.ParamMap, params: Hub.ParamMap = {}): MarketoSettingsError {
  const error = errorOf(() => settingsFor(form, params))
  expect(error).to.be.instanceOf(MarketoSettingsError)
  return error
}

function tokenLines(count: number): string {
  return Array.from({ length: count }, (_unused, index) => `{{my.token${index}}} = ${index}`).join("\n")
}

describe("settings of a Marketo run", () => {

  describe("ids of a form value", () => {
    const cases: ([string | undefined | null, string[]])[] = [
      [undefined, []],
      [null, []],
      ["", []],
      [" ", []],
      [",,", []],
      ["1", ["1"]],
      ["1,2", ["1", "2"]],
      ["1 , 2,,3", ["1", "2", "3"]],
      [" 1, 2 ", ["1", "2"]],
      ["1\n,\t2", ["1", "2"]],
      ["5,5,6,5", ["5", "6"]],
    ]
    for (const [value, ids] of cases) {
      it(`${JSON.stringify(value)} holds ${JSON.stringify(ids)}`, () => {
        expect(idsIn(value)).to.deep.equal(ids)
      })
    }
  })

  describe("additional action", () => {
    it("is a campaign request in schedules from before the choice", () => {
      const { changes } = settingsFor({ lookupField: "email", campaignId: "101" })
      expect(changes.map((change) => [change.kind, change.target.id])).to.deep.equal([["requestCampaign", "101"]])
    })

    it("is nothing in such schedules without an id", () => {
      expect(settingsFor({ lookupField: "email" }).changes).to.deep.equal([])
    })

    it("none changes no membership", () => {
      expect(settingsFor({ lookupField: "email", subaction: "none" }).changes).to.deep.equal([])
    })

    it("none with a blank id is accepted", () => {
      expect(settingsFor({ lookupField: "email", subaction: "none", campaignId: " ," }).changes).to.deep.equal([])
    })

    const kinds: [string, string][] = [
      ["addCampaign", "requestCampaign"], ["addList", "addToList"], ["removeList", "removeFromList"],
    ]
    for (const [subaction, kind] of kinds) {
      it(`${subaction} becomes ${kind} for each id`, () => {
        const { changes } = settingsFor({ lookupField: "email", subaction, campaignId: "1, 2" })
        expect(changes.map((change) => [change.kind, change.target.id])).to.deep.equal([[kind, "1"], [kind, "2"]])
      })
    }
  })

  describe("refusals of the additional action", () => {
    const cases: [Hub.ParamMap, string, string][] = [
      [{ subaction: "none", campaignId: "123" },
        "Additional action of 'none' was selected, but additional action ID was provided. " +
          "Empty the box for IDs, or choose what is to happen with them.", "campaignId"],
      [{ subaction: "addCampaign", campaignId: "" },
        "'Add to campaign' was selected, but additional action ID was not provided. " +
          "Choose by name, or type the ID.", "campaignId"],
      [{ subaction: "addCampaign" },
        "'Add to campaign' was selected, but additional action ID was not provided. " +
          "Choose by name, or type the ID.", "campaignId"],
      [{ subaction: "addList", campaignId: " , " },
        "'Add to list' was selected, but additional action ID was not provided. " +
          "Choose by name, type the ID, or give a list name.", "campaignId"],
      [{ subaction: "removeList" },
        "'Remove from list' was selected, but additional action ID was not provided. " +
          "Choose by name, or type the ID.", "campaignId"],
      [{ subaction: "mirrorList" }, "'Mirror list' was selected, but additional action ID was not provided. " +
        "Choose by name, type the ID, or give a list name.", "campaignId"],
      [{ subaction: "removeProgram" },
        "'Remove from program' was selected, but additional action ID was not provided. " +
        "Choose by name, or type the ID.", "campaignId"],
      [{ subaction: "addCampaign", campaignId: "1", campaignTokens: "my.a = 1\n{{my.b}}=2\n{{my.a}}=3" },
        "The campaign token {{my.a}} is given twice. Keep one of the lines.", "campaignTokens"],
      [{ subaction: "addCampaign", campaignId: "1", campaignTokens: tokenLines(101) },
        "There are 101 campaign tokens, and Marketo takes 100 at most. Remove some of the lines.", "campaignTokens"],
      [{ subaction: "somethingUnexpected" }, "Unrecognized additional action type \"somethingUnexpected\". Choose " +
        "one of the additional actions in the form.", "subaction"],
      [{ subaction: "" },
        "Unrecognized additional action type. Choose one of the additional actions in the form.", "subaction"],
    ]
    for (const [form, text, field] of cases) {
      it(`${JSON.stringify(form)}: ${text}`, () => {
        const error = refusalOf({ lookupField: "email", ...form })
        expect(error.message).to.equal(text)
        expect(error.validationErrors).to.deep.equal([{ field, message: text }])
      })
    }

    it("come before the lookup field's", () => {
      expect(refusalOf({ subaction: "somethingUnexpected" }).message)
        .to.contain("Unrecognized additional action type")
    })

    it("come before the URL's", () => {
      expect(refusalOf({ lookupField: "email", subaction: "x" }, { url: "myurl" }).message)
        .to.contain("Unrecognized additional action type")
    })
  })

  describe("ids", () => {
    it("of smart campaigns may be written as in Marketo's addresses", () => {
      const form = { lookupField: "email", subaction: "addCampaign", campaignId: "#SC2033B2" }
      expect(settingsFor(form).changes[0].target.id)
        .to.equal("2033")
    })

    it("of static lists may be written as in Marketo's addresses", () => {
      expect(settingsFor({ lookupField: "email", subaction: "addList", campaignId: "st1534a1" }).changes[0].target.id)
        .to.equal("1534")
    })

    it("of a campaign are refused where a list is due", () => {
      expect(refusalOf({ lookupField: "email", subaction: "addList", campaignId: "SC2033B2" }).message)
        .to.contain("\"SC2033B2\" is a campaign; you chose a list.")
    })

    it("are used once each, however they are written, typed or chosen", () => {
      const form = { lookupField: "email", campaignId: "2001, SC2001B2,02001, 2002", target: "campaign:2001" }
      expect(settingsFor(form).changes.map((change) => change.target.id)).to.deep.equal(["2001", "2002"])
    })

    it("may be a number, and are refused by the field's name when they are no text", () => {
      const withValue = (campaignId: unknown) => ({ lookupField: "email", campaignId } as Hub.ParamMap)
      expect(settingsFor(withValue(2001)).changes.map((change) => change.target.id)).to.deep.equal(["2001"])
      for (const value of [{}, [[1]], Number.MAX_SAFE_INTEGER + 1]) {
        expect(refusalOf(withValue(value)).validationErrors[0].field).to.equal("campaignId")
      }
    })

    it("lose leading zeros", () => {
      expect(settingsFor({ lookupField: "email", subaction: "addList", campaignId: "0012" }).changes[0].target.id)
        .to.equal("12")
    })

    for (const id of ["abc", "12a", "1.5", "-1", "0", "1 2", "../1", "1234567890123456"]) {
      it(`refuse ${JSON.stringify(id)}, naming it and the form field`, () => {
        const error = refusalOf({ lookupField: "email", subaction: "addCampaign", campaignId: id })
        expect(error.message).to.contain(`"${id}" is not a campaign ID`)
        expect(error.validationErrors[0].field).to.equal("campaignId")
      })
    }
  })

  describe("lookup field", () => {
    for (const lookupField of [undefined, "", "  "]) {
      it(`is missing when it is ${JSON.stringify(lookupField)}`, () => {
        const error = refusalOf({ lookupField, campaignId: "12345" })
        expect(error.message)
          .to.equal("Missing Lookup Field. Choose the field by which leads are found, such as email.")
        expect(error.validationErrors[0].field).to.equal("lookupField")
      })
    }

    it("missing is told before a wrong URL is", () => {
      expect(refusalOf({ campaignId: "12345" }, { url: "myurl" }).message).to.contain("Missing Lookup Field.")
    })

    it("is trimmed", () => {
      expect(settingsFor({ lookupField: " email ", subaction: "none" }).lookupField).to.equal("email")
    })

    it("is refused when leads can only be searched by it", () => {
      const error = refusalOf({ lookupField: "leadPartitionId", subaction: "none" })
      expect(error.message).to.contain("cannot look leads up by the field \"leadPartitionId\"")
      expect(error.validationErrors[0].field).to.equal("lookupField")
    })

    it("other than id creates or updates", () => {
      expect(settingsFor({ lookupField: "email", subaction: "none" }).mode).to.equal("createOrUpdate")
    })

    it("id updates only, since Marketo does not create by id", () => {
      expect(settingsFor({ lookupField: "id", subaction: "none" }).mode).to.equal("updateOnly")
    })
  })

  describe("lead partition", () => {
    for (const [form, mode] of [
      [{ leadMode: "updateOnly" }, "updateOnly"], [{ lookupField: "id" }, "updateOnly"],
    ] as [Hub.ParamMap, string][]) {
      it(`is left out with a note for ${JSON.stringify(form)}, since nobody is created`, () => {
        const settings = settingsFor({ lookupField: "email", subaction: "none", partition: "EMEA", ...form })
        expect(settings).to.include({ mode, partitionName: undefined })
        expect(settings.notes).to.have.length(1)
        expect(settings.notes[0]).to.contain("\"EMEA\" was not used")
      })
    }

    for (const leadMode of ["", "createOrUpdate", "createOnly"]) {
      it(`is used for the mode ${JSON.stringify(leadMode)}`, () => {
        expect(settingsFor({ lookupField: "email", subaction: "none", partition: "EMEA", leadMode }))
          .to.deep.include({ partitionName: "EMEA", notes: [] })
      })
    }
  })

  describe("list name", () => {
    it("with a comma is refused, since Marketo cannot find lists by it", () => {
      for (const subaction of ["addList", "mirrorList"]) {
        const error = refusalOf({ lookupField: "email", subaction, campaignId: "7", listName: "Spain, Portugal" })
        expect(error.message).to.contain("\"Spain, Portugal\" has a comma").and.to.contain("give its ID")
        expect(error.validationErrors[0].field).to.equal("listName")
      }
    })
  })

  describe("credentials", () => {
    it("have the origin of the pasted URL, and no blanks around", () => {
      const request = buildRequest({
        origin: "123-ABC-456", params: { clientID: " id ", clientSecret: " secret\n" },
      })
      expect(readCredentials(request, FAST_CONFIGURATION)).to.deep.equal({
        origin: ORIGIN, clientId: "id", clientSecret: "secret",
      })
    })

    it("are refused without a usable URL", () => {
      const error = refusalOf({ lookupField: "email", subaction: "none" }, { url: undefined })
      expect(error.message).to.contain("is not a web address.")
    })

    it("may point to a host that the configuration allows", () => {
      const request = buildRequest({ origin: "https://proxy.example.com" })
      expect(readCredentials(request, { ...FAST_CONFIGURATION, allowedHosts: ["proxy.example.com"] }).origin)
        .to.equal("https://proxy.example.com")
    })
  })
})
