import { expect } from "chai"
import * as fc from "fast-check"
import { plainText } from "../../../../src/actions/marketo/lib/words/plain_text"

describe("plainText", () => {
  it("leaves names of all languages as they are", () => {
    for (const name of ["Zoë O'Brien-Łuk", "می‌خواهم", "山田 太郎", "👩‍💻", "R&D \"North\""]) {
      expect(plainText(name)).to.equal(name)
    }
  })

  it("takes markup, line breaks and turns of the direction of writing out", () => {
    expect(plainText("<b>a</b>\r\nb\u202ec")).to.equal("‹b›a‹/b› b c")
  })

  it("cuts between characters", () => {
    expect(plainText("𝒜".repeat(5), 3)).to.equal("𝒜𝒜𝒜…")
    expect(plainText("𝒜𝒜𝒜", 3)).to.equal("𝒜𝒜𝒜")
  })

  it("gives one short line without markup whatever it gets", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const line = plainText(text, 50)
      expect(line).not.to.match(/[<>\p{Cc}\p{Cs}\u2028\u2029]/u)
      expect([...line].length).to.be.at.most(51)
    }))
  })
})
