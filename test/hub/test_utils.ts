import { expect } from "chai"
import * as fc from "fast-check"
import { formatToFileExtension, truncateString } from "../../src/hub/utils"

describe("truncateString", () => {
  const cases: [string, string, number, string | undefined, string][] = [
    ["keeps whole lines of what fits", "one\ntwo\nthree\n", 10, undefined, "one\ntwo\n"],
    ["keeps a line that ends right at the limit", "one\ntwo\nthree\n", 8, undefined, "one\ntwo\n"],
    ["keeps all of a text that fits and ends in a line break", "one\ntwo\n", 100, undefined, "one\ntwo\n"],
    ["leaves out an unfinished last line", "one\ntwo", 100, undefined, "one\n"],
    ["cuts within a line when the first one is too long", "a very long line\nand more\n", 6, undefined, "a very"],
    ["does not count a line break at the very start", "\nlong line", 5, undefined, "\nlong"],
    ["splits at another character", "a, b, c, d", 7, ",", "a, b,"],
    ["gives nothing of a text when there is no room", "one\n", 0, undefined, ""],
    ["gives nothing of nothing", "", 10, undefined, ""],
  ]
  for (const [fact, text, limit, split, expected] of cases) {
    it(fact, () => {
      expect(truncateString(text, limit, split)).to.equal(expected)
    })
  }

  it("gives a beginning of the text, no longer than the limit, that ends where the contract says", () => {
    const lines = fc.array(fc.string({ maxLength: 8 }), { maxLength: 8 }).map((parts) => parts.join("\n"))
    fc.assert(fc.property(lines, fc.nat({ max: 80 }), (text, limit) => {
      const truncated = truncateString(text, limit)
      expect(text.startsWith(truncated)).to.equal(true)
      expect(truncated.length).to.be.at.most(limit)
      const endsAtLine = truncated.endsWith("\n")
      const hasNoInnerBreak = truncated.lastIndexOf("\n") <= 0
      expect(endsAtLine || hasNoInnerBreak).to.equal(true)
      expect(text.substring(truncated.length, limit).includes("\n")).to.equal(false)
    }))
  })
})

describe("formatToFileExtension", () => {
  const extensions: [string, string][] = [
    ["txt", "txt"],
    ["csv", "csv"],
    ["xlsx", "xlsx"],
    ["html", "html"],
    ["json", "json"],
    ["inline_json", "json"],
    ["json_label", "json"],
    ["json_detail", "json"],
    ["json_detail_lite_stream", "json"],
    ["wysiwyg_pdf", "pdf"],
    ["assembled_pdf", "pdf"],
    ["wysiwyg_png", "png"],
    ["csv_zip", "zip"],
    ["a_format_of_the_future", "a_format_of_the_future"],
    ["constructor", "constructor"],
    ["__proto__", "__proto__"],
  ]
  for (const [format, extension] of extensions) {
    it(`gives .${extension} for ${format}`, () => {
      expect(formatToFileExtension(format)).to.equal(extension)
    })
  }
})
