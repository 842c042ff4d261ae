import { expect } from "chai"
import * as fc from "fast-check"
import { MarketoSettingsError } from "../../src/actions/marketo/lib/errors"
import { readFormValues } from "../../src/actions/marketo/lib/form/values"
import { formListText, formText, isGiven, settingText } from "../../src/actions/marketo/lib/settings/param_text"
import { readCredentials, readRunSettings } from "../../src/actions/marketo/lib/settings/run_settings"
import { hasConnectionSettings } from "../../src/actions/marketo/marketo_form"
import * as Hub from "../../src/hub"
import { buildRequest } from "../actions/marketo/support/build_request"
import { errorOf, FAST_CONFIGURATION } from "../actions/marketo/support/connect"

/** Every field of the form that a run reads, with an action for which it does. */
const FIELDS: Array<[string, string]> = [
  ["lookupField", "none"], ["subaction", "none"], ["campaignId", "addCampaign"], ["target", "addCampaign"],
  ["campaignTokens", "addCampaign"], ["listName", "addList"], ["mirrorLimit", "mirrorList"],
  ["programStatus", "addProgram"], ["leadMode", "none"], ["partition", "none"], ["emptyCells", "none"],
  ["invalidValues", "none"], ["longText", "none"], ["dryRun", "none"],
]

const SETTINGS: Array<[string, string]> = [["url", "URL"], ["clientID", "Client ID"], ["clientSecret", "Client Secret"]]

/** A request whose form, or settings, hold what JSON can hold. */
function requestWith(form: { [name: string]: unknown }, params: { [name: string]: unknown } = {}): Hub.ActionRequest {
  return buildRequest({ origin: "123-ABC-456", form: form as Hub.ParamMap, params: params as Hub.ParamMap })
}

function run(form: { [name: string]: unknown }, params: { [name: string]: unknown } = {}) {
  return readRunSettings(requestWith({ lookupField: "email", ...form }, params), FAST_CONFIGURATION)
}

/** What JSON.parse makes of 9007199254740993, and of 9007199254740992. */
const UNSAFE = Number.MAX_SAFE_INTEGER + 1

/** What has no text of its own: objects, lists, numbers that doubles do not tell apart. */
const UNREADABLE = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue(), { minLength: 1 }),
  fc.constantFrom(UNSAFE, -UNSAFE, 1e21, 1.5e-9, 0.1234567890123456, Infinity, NaN))

describe("Values of the form and settings that are no texts", () => {
  const readings: Array<[unknown, string]> = [
    ["  a b ", "a b"], [2001, "2001"], [0, "0"], [-5, "-5"], [2.5, "2.5"], [9007199254740991, "9007199254740991"],
    [true, "true"], [false, "false"], [null, ""], [undefined, ""],
  ]
  for (const [value, text] of readings) {
    it(`${JSON.stringify(value)} is read as ${JSON.stringify(text)}`, () => {
      expect(formText({ field: value }, "field")).to.equal(text)
      expect(formListText({ field: value }, "field")).to.equal(text)
      expect(settingText({ field: value }, "field", "Field")).to.equal(text)
      expect(isGiven({ field: value }, "field")).to.equal(text !== "")
    })
  }

  it("lists are read where several ids are meant, without gaps and lists in them", () => {
    expect(formListText({ ids: ["1, 2", 3, "#SC4A1"] }, "ids")).to.equal("1, 2,3,#SC4A1")
    expect(formListText({ ids: [] }, "ids")).to.equal("")
    for (const ids of [[1, null], [[1]], [{}], [1, UNSAFE]]) {
      expect(errorOf(() => formListText({ ids }, "ids")).validationErrors[0].field).to.equal("ids")
    }
  })

  for (const [field, subaction] of FIELDS) {
    it(`are refused by the name of ${field} when they have no single text`, () => {
      fc.assert(fc.property(UNREADABLE, (value) => {
        // A list of ids has a meaning of its own.
        fc.pre(field !== "campaignId" || !Array.isArray(value))
        const form = { subaction, campaignId: "2001", programStatus: "Registered", [field]: value }
        const error = errorOf(() => run(form.subaction === "none" && field !== "campaignId" ?
          { ...form, campaignId: "" } : form))
        expect(error).to.be.instanceOf(MarketoSettingsError)
        expect(error.message).to.contain(field)
        expect(error.validationErrors.map((problem) => problem.field)).to.deep.equal([field])
        expect(readFormValues(requestWith(form)).problems).to.deep.equal([error.message])
      }))
    })
  }

  for (const subaction of [undefined, "addCampaign", "none"]) {
    it(`never count as no campaign, for the action ${String(subaction)}`, () => {
      const isBlankText = (value: unknown): boolean => typeof value === "string" && /^[\s,]*$/.test(value)
      const isBlank = (value: unknown): boolean => value === null || isBlankText(value) ||
        Array.isArray(value) && value.every(isBlankText)
      fc.assert(fc.property(fc.jsonValue(), (campaignId) => {
        fc.pre(!isBlank(campaignId))
        try {
          expect(run({ subaction, campaignId }).changes).not.to.deep.equal([])
        } catch (failure) {
          expect(failure).to.be.instanceOf(MarketoSettingsError)
          expect((failure as MarketoSettingsError).validationErrors[0].field).to.equal("campaignId")
        }
      }), { numRuns: 500 })
    })
  }

  it("request the campaign that a number or a list of numbers names", () => {
    expect(run({ campaignId: 2001 }).changes.map((change) => change.target.id)).to.deep.equal(["2001"])
    expect(run({ campaignId: [2001, "02001", 2002] }).changes.map((change) => change.target.id))
      .to.deep.equal(["2001", "2002"])
    expect(errorOf(() => run({ subaction: "none", campaignId: 2001 })).message).to.contain("'none' was selected")
  })

  it("of choices never fall back to the usual one", () => {
    for (const dryRun of [true, 1, "true"]) {
      expect(errorOf(() => run({ subaction: "none", dryRun })).validationErrors[0].field).to.equal("dryRun")
    }
  })

  it("do not keep a form from opening", () => {
    fc.assert(fc.property(fc.dictionary(fc.constantFrom(...FIELDS.map(([field]) => field)), fc.jsonValue()), (form) => {
      const values = readFormValues(requestWith(form))
      expect(typeof values.textOf("campaignId")).to.equal("string")
    }))
  })

  for (const [name, label] of SETTINGS) {
    it(`are refused as ${label}, without showing them`, () => {
      fc.assert(fc.property(UNREADABLE, (value) => {
        const request = requestWith({}, { [name]: value })
        expect(hasConnectionSettings(request)).to.equal(true)
        const error = errorOf(() => readCredentials(request, FAST_CONFIGURATION))
        expect(error).to.be.instanceOf(MarketoSettingsError)
        expect(error.message)
          .to.match(new RegExp(`^The setting "${label}" of the Marketo action is an? (list|object|number)`))
      }))
    })
  }

  it("are taken as Client ID and Client Secret when they are numbers", () => {
    const { clientId, clientSecret } = readCredentials(
      requestWith({}, { clientID: 12, clientSecret: 34 }), FAST_CONFIGURATION)
    expect([clientId, clientSecret]).to.deep.equal(["12", "34"])
  })
})
