import { expect } from "chai"
import { AESTransitCrypto } from "../../src/crypto/aes_transit_crypto"
import * as Hub from "../../src/hub"

describe("the hub's namespace", () => {
  it("has every name that existing actions use", () => {
    expect(Object.keys(Hub)).to.include.members([
      "Action", "ActionCrypto", "ActionDownloadSettings", "ActionForm", "ActionFormat", "ActionFormatting",
      "ActionRequest", "ActionResponse", "ActionState", "ActionToken", "ActionType", "ActionVisualizationFormatting",
      "DelegateOAuthAction", "EncryptedPayload", "JsonDetail", "OAuthAction", "OAuthActionV2", "TokenPayload",
      "actions", "addAction", "allActions", "allFields", "errorWith", "findAction", "findExtendedAction",
      "formatToFileExtension", "isDelegateOauthAction", "isOauthAction", "isOauthActionV2", "truncateString",
    ])
  })

  it("calls the transit crypto ActionCrypto", () => {
    expect(Hub.ActionCrypto).to.equal(AESTransitCrypto)
  })

  it("has JsonDetail for types alone", () => {
    const row: Hub.JsonDetail.Row = { "users.id": { value: 1 }, "orders.count": { "2024|FIELD|0": { value: 2 } } }
    expect(row["users.id"].value).to.equal(1)
    expect(Object.keys(Hub.JsonDetail)).to.deep.equal([])
  })
})

describe("allFields", () => {
  const field = (name: string) => ({ name }) as NonNullable<Hub.Fieldset["dimensions"]>[number]

  it("lists dimensions, measures, filters, parameters and table calculations, in this order", () => {
    const fields: Hub.Fieldset = {
      table_calculations: [field("calculation")],
      parameters: [field("parameter")],
      filters: [field("filter")],
      measures: [field("measure")],
      dimensions: [field("first"), field("second")],
    }
    expect(Hub.allFields(fields).map((listed) => listed.name))
      .to.deep.equal(["first", "second", "measure", "filter", "parameter", "calculation"])
  })

  it("passes over kinds that are null or missing, and leaves pivots out", () => {
    const fields = { dimensions: null, measures: [field("measure")], pivots: [field("pivot")] }
    expect(Hub.allFields(fields as unknown as Hub.Fieldset)).to.deep.equal([{ name: "measure" }])
  })
})
