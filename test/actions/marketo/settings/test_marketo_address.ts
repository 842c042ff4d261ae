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
  ["https://engage-ab.marketo.com/?munchkinId=123-ABC-456#/classic/ST1234A1", "list", "1234"],
  ["https://login.marketo.com/?returnUrl=https://app-sj01.marketo.com/#ST1001A1", "list", "1001"],
  ["#/classic/SC2001C3ZN19", "campaign", "2001"],
  ["#SL77A1", "smart list", "77"],
  ["#ET77B2ZN12", "email template", "77"],
  ["#LT77B2ZN12", "landing page template", "77"],
  ["#SN77B2ZN395", "snippet", "77"],
  ["https://experience.adobe.com/#/@org/so:123-ABC-456/marketo-engage/classic/MF4394A1", "folder", "4394"],
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

  it("are none if there are several in one text, since all but one would be lost", () => {
    for (const text of ["#ST1001A1#ST1002A1", "ST1001A1/ST1002A1", "SC2001B2#ST1001A1",
      "https://app-sj01.marketo.com/#ST1001A1https://app-sj01.marketo.com/#ST1002A1",
      "1001https://app-sj01.marketo.com/#ST1002A1"]) {
      expect(addressed(text), text).to.equal(undefined)
    }
    expect(() => targetIds({ campaignId: "#ST1001A1#ST1002A1" }, "list")).to.throw("is not a list ID")
    expect(() => targetIds({ campaignId: "1001https://app-sj01.marketo.com/#ST1002A1" }, "list"))
      .to.throw("is not a list ID")
  })

  it("are told apart with nothing between them, in any number and of either interface", () => {
    const hosts = fc.constantFrom("https://app-sj01.marketo.com/#", "HTTPS://app-ab12.marketo.com/#",
      "https://engage-ab.marketo.com/?munchkinId=123-ABC-456#/classic/",
      "https://experience.adobe.com/#/@org/so:123-ABC-456/marketo-engage/classic/")
    const address = fc.tuple(hosts, fc.integer({ min: 1, max: 99_999 }), fc.constantFrom("A1", "A1LA1", "B2ZN19", ""))
    fc.assert(fc.property(fc.array(address, { minLength: 1 }), (addresses) => {
      const campaignId = addresses.map(([host, id, view]) => `${host}ST${id}${view}`).join("")
      expect(targetIds({ campaignId }, "list")).to.deep.equal([...new Set(addresses.map(([, id]) => String(id)))])
    }))
  })

  it("read any text as one thing or nothing, and never throw", () => {
    const pieces = fc.constantFrom("ST1001A1", "SC2", "#", "/", "https://", "app.marketo.com", "?a=", " ", ",", "1")
    fc.assert(fc.property(fc.array(pieces).map((all) => all.join("")), (text) => {
      const read = addressed(text)
      expect(read === undefined || text.includes({ list: "ST", campaign: "SC" }[read.thing] + read.id)).to.equal(true)
    }))
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
