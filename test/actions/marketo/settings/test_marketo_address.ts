import { expect } from "chai"
import * as fc from "fast-check"
import { addressed } from "../../../../src/actions/marketo/lib/settings/marketo_address"
import { targetIds } from "../../../../src/actions/marketo/lib/settings/target_ids"

const ADDRESSES: [text: string, thing: string, id: string][] = [
  ["ST1001A1", "list", "1001"],
  ["#st1001a1", "list", "1001"],
  ["ST1001", "list", "1001"],
  ["https://app-sj01.marketo.com/#ST1001A1", "list", "1001"],
  ["https://app-sj01.marketo.com/#ST1001A1LA1", "list", "1001"],
  ["app-ab12.marketo.com/#SC2001B2", "campaign", "2001"],
  ["https://app-sj01.marketo.com/leadDatabase/loadLeadDatabase#SC2001B2ZN19", "campaign", "2001"],
  ["https://experience.adobe.com/#/@org/so:123-ABC-456/marketo-engage/classic/ST1001A1", "list", "1001"],
  ["https://experience.adobe.com/#/@org/so:123-ABC-456/marketo-engage/classic/PG3001A1/", "program", "3001"],
  ["https://app-sj01.marketo.com/?munchkinId=123-ABC-456#NP3002A1", "program", "3002"],
  ["<https://app-sj01.marketo.com/#ME3003A1>", "program", "3003"],
  ["EBP3004A1", "program", "3004"],
  ["#SL77A1", "smart list", "77"],
]

describe("addresses of Marketo's user interface", () => {
  for (const [text, thing, id] of ADDRESSES) {
    it(`${text} is a ${thing}`, () => expect(addressed(text)).to.include({ thing, id }))
  }

  it("are nothing else", () => {
    for (const text of ["", "1001", "Newsletter", "XX1001A1", "ST", "STA1", "https://app-sj01.marketo.com/",
      "ST1001A1!x", "https://app-sj01.marketo.com/#ST1001A1 and more", "constructor1A1"]) {
      expect(addressed(text), text).to.equal(undefined)
    }
  })

  it("may stand in lines of their own or with blanks between them, in any mixture", () => {
    const id = fc.integer({ min: 1, max: 99_999 })
    const address = id.chain((digits) => fc.constantFrom(
      `ST${digits}A1`, `https://app-sj01.marketo.com/#ST${digits}B2`).map((text) => ({ text, id: String(digits) })))
    const separators = fc.constantFrom(", ", "\n", " ", ",\n")
    fc.assert(fc.property(fc.array(fc.tuple(address, separators), { minLength: 1 }), (parts) => {
      const campaignId = parts.map(([{ text }, separator]) => text + separator).join("")
      expect(targetIds({ campaignId }, "list")).to.deep.equal([...new Set(parts.map(([each]) => each.id))])
    }))
  })

  it("are told apart from numbers with a blank within, which may mean one or two", () => {
    expect(() => targetIds({ campaignId: "1 001" }, "list")).to.throw("\"1 001\" is not a list ID")
  })

  it("are told as what they are where another kind is due", () => {
    expect(() => targetIds({ campaignId: "SC2001" }, "list")).to.throw("\"SC2001\" is a campaign; you chose a list.")
    expect(() => targetIds({ campaignId: "PG3001A1" }, "campaign")).to.throw("is a program; you chose a campaign.")
    expect(() => targetIds({ campaignId: "#SL1A1" }, "list"))
      .to.throw("is a smart list, which leads cannot be sent to.")
    expect(() => targetIds({ campaignId: "#EM1A1" }, "list")).to.throw("is an email asset")
  })
})
