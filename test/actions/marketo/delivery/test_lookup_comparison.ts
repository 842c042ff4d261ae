import { expect } from "chai"
import {
  comparisonFor, EMAIL_COMPARISON, TEXT_COMPARISON,
} from "../../../../src/actions/marketo/lib/delivery/lookup_comparison"

/** Texts that a database may take for equal, in groups. */
const CONFUSABLE = [
  ["cust-1", "CUST-1", " Cust-1 ", "ｃｕｓｔ－１", "ＣＵＳＴ-１", "cust\u00ad-1", "cust-1\u00a0", "cust-\u200b1"],
  ["strasse", "STRASSE", "straße", "STRAẞE", "ſtrasse"],
  ["istanbul", "ISTANBUL", "İstanbul", "i\u0307stanbul", "ıstanbul"],
  ["fish", "ﬁsh", "FISH"],
  ["cafe", "café", "cafe\u0301", "CAFÉ", "ＣＡＦÉ"],
  ["σίσυφος", "ΣΊΣΥΦΟΣ", "σισυφοσ", "ΣΙΣΥΦΟΣ"],
  ["1st", "1ˢᵗ", "①st"],
  ["ohm Ω", "OHM \u2126", "ohm ω"],
  ["k", "\u212a", "K"],
]

describe("comparison of lookup values", () => {

  for (const [first, ...others] of CONFUSABLE) {
    it(`keeps everything apart in time that may equal "${first}"`, () => {
      for (const other of others) {
        expect(TEXT_COMPARISON.reservation(other), other).to.equal(TEXT_COMPARISON.reservation(first))
      }
    })
  }

  it("keeps apart whatever differs in case, form or width, for every character", () => {
    const reservation = (text: string) => TEXT_COMPARISON.reservation(text)
    for (let code = 0; code <= 0x10ffff; code++) {
      const text = `x${String.fromCodePoint(code)}y`
      const folded = reservation(text)
      const forms = [
        text.toLowerCase(), text.toUpperCase(), text.normalize("NFC"), text.normalize("NFKC"), text.normalize("NFKD"),
        text.normalize("NFKC").toLowerCase(), folded,
      ]
      for (const form of forms) {
        if (form !== text && reservation(form) !== folded) {
          throw new Error(`U+${code.toString(16)}: "${form}" has the key "${reservation(form)}", not "${folded}"`)
        }
      }
    }
  }).timeout(60000)

  it("does not keep apart what has nothing in common", () => {
    const keys = ["cust-1", "cust-2", "cust1", "客户-1", "客户-2", "клиент", "клиенты"]
      .map((value) => TEXT_COMPARISON.reservation(value))
    expect(new Set(keys).size).to.equal(keys.length)
  })

  it("merges e-mail addresses whatever their case, and nothing else", () => {
    expect(EMAIL_COMPARISON.identity(" Ana@Example.com ")).to.equal(EMAIL_COMPARISON.identity("ana@example.com"))
    expect(EMAIL_COMPARISON.identity("ａna@example.com")).to.not.equal(EMAIL_COMPARISON.identity("ana@example.com"))
    expect(TEXT_COMPARISON.identity(" Key ")).to.equal("Key")
    for (const [first, ...others] of CONFUSABLE) {
      for (const other of others.filter((each) => each.trim() !== first)) {
        expect(TEXT_COMPARISON.identity(other)).to.not.equal(TEXT_COMPARISON.identity(first))
      }
    }
  })

  it("is by the lookup field", () => {
    expect(comparisonFor("email")).to.equal(EMAIL_COMPARISON)
    expect(comparisonFor("Email__c")).to.equal(TEXT_COMPARISON)
  })
})
