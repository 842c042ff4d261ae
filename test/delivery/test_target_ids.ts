import { expect } from "chai"
import * as fc from "fast-check"
import { readFormValues } from "../../src/actions/marketo/lib/form/values"
import { TargetKind } from "../../src/actions/marketo/lib/api/types"
import { readRunSettings } from "../../src/actions/marketo/lib/settings/run_settings"
import { targetIds } from "../../src/actions/marketo/lib/settings/target_ids"
import { buildRequest } from "../actions/marketo/support/build_request"
import { errorOf, FAST_CONFIGURATION } from "../actions/marketo/support/connect"
import * as Hub from "../../src/hub"

const PREFIXES: { [kind in TargetKind]: string[] } = {
  campaign: ["SC"], list: ["ST"], program: ["PG", "NP", "ME", "EBP"],
}

/** The additional actions of a kind, with what else they want. */
const ACTIONS: Array<[TargetKind, Hub.ParamMap]> = [
  ["campaign", {}],
  ["campaign", { subaction: "addCampaign" }],
  ["list", { subaction: "addList" }],
  ["list", { subaction: "removeList" }],
  ["list", { subaction: "mirrorList" }],
  ["program", { subaction: "addProgram", programStatus: "Registered" }],
  ["program", { subaction: "removeProgram" }],
]

/** An id, and one of the ways in which it may be written. */
function written(id: number, kind: TargetKind): fc.Arbitrary<string> {
  const zeros = fc.nat(3).map((count) => "0".repeat(count) + String(id))
  const address = fc.tuple(fc.constantFrom(...PREFIXES[kind]), zeros, fc.constantFrom("A1", "B2", "Z99"))
    .map((parts) => parts.join(""))
  const inCase = address.chain((text) => fc.constantFrom(text, text.toLowerCase(), `#${text}`))
  return fc.tuple(fc.oneof(zeros, inCase), fc.constantFrom("", " ", "\t", "\n ")).map(([text, blank]) => blank + text)
}

/** Ids, each of them written any number of times, in any order. */
function typed(kind: TargetKind): fc.Arbitrary<Array<{ id: string, text: string }>> {
  const id = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 999999999999 }))
  return fc.array(id.chain((one) => written(one, kind).map((text) => ({ id: String(one), text }))),
    { minLength: 1, maxLength: 8 })
}

describe("Ids of targets", () => {
  for (const [kind, form] of ACTIONS) {
    it(`of a ${kind} are used once each, however they are written (${JSON.stringify(form)})`, () => {
      fc.assert(fc.property(typed(kind), fc.option(fc.integer({ min: 1, max: 9 })), (ids, chosen) => {
        const formParams: Hub.ParamMap = {
          lookupField: "email", ...form, campaignId: ids.map(({ text }) => text).join(","),
          ...(chosen === null ? {} : { target: `${kind}:${chosen}` }),
        }
        const expected = [...new Set([...ids.map(({ id }) => id), ...(chosen === null ? [] : [String(chosen)])])]
        const request = buildRequest({ origin: "123-ABC-456", form: formParams })
        const { changes } = readRunSettings(request, FAST_CONFIGURATION)
        expect(changes.map((change) => change.target.id)).to.deep.equal(expected)
        const values = readFormValues(request)
        if (values.kind === kind) {
          expect([...new Set([...values.typedIds, values.chosenId])].filter((id) => id !== ""))
            .to.deep.equal(expected)
        }
      }))
    })
  }

  it("are those that were typed in three ways and chosen in a fourth", () => {
    expect(targetIds({ campaignId: "2001, SC2001B2,02001,#sc02001a1", target: "campaign:2001" }, "campaign"))
      .to.deep.equal(["2001"])
  })

  for (const address of ["ST0A1", "ST12", "ST1234567890123456A1", "xST12A1", "ST12A1 ", "SL12A1"]) {
    it(`are not in ${JSON.stringify(`${address}!`)}`, () => {
      expect(errorOf(() => targetIds({ campaignId: `${address}!` }, "list")).message).to.contain("is not a list ID")
    })
  }

  it("of a choice that the form does not offer are refused by the field's name", () => {
    for (const target of ["7", "lists:7", "list", "Newsletter", "listing:7"]) {
      const error = errorOf(() => targetIds({ target }, "list"))
      expect(error.validationErrors[0].field).to.equal("target")
      expect(error.message).to.contain(`"${target}" is not a choice`)
    }
    for (const target of ["list:", "list:x", "list:0", "list:1,2"]) {
      expect(errorOf(() => targetIds({ target }, "list")).validationErrors[0].field).to.equal("target")
    }
  })

  it("of a choice for another additional action, and the entry for more, are none", () => {
    for (const target of ["campaign:7", "program:7", "more", "", " "]) {
      expect(targetIds({ target }, "list"), target).to.deep.equal([])
    }
  })
})
