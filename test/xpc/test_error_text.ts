import { expect } from "chai"
import * as fc from "fast-check"

import { errorOrigin, errorText } from "../../src/xpc/error_text"

describe("errorText", () => {

  const unreadable = { get message(): string { throw new Error("no entry") } }
  const circular: Record<string, unknown> = {}
  circular.self = circular

  const table: [string, unknown, string][] = [
    ["a text", "plain", "plain"],
    ["an empty text", "", ""],
    ["an Error", new Error("e"), "e"],
    ["an Error without a message", new Error(""), "Error"],
    ["an Error of a kind without a message", new TypeError(), "TypeError"],
    ["an object with a message", { message: "m", other: 1 }, "m"],
    ["an object with an empty message", { message: "" }, ""],
    ["an object with a message that is no text", { message: 5 }, "{\"message\":5}"],
    ["an object that inherits its message", Object.create({ message: "inherited" }), "[object Object]"],
    ["an object without a message", { a: 1 }, "{\"a\":1}"],
    ["an empty object", {}, "[object Object]"],
    ["an empty array", [], ""],
    ["an array", [1, "two"], "[1,\"two\"]"],
    ["a number", 42, "42"],
    ["a bigint", 42n, "42"],
    ["a boolean", false, "false"],
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["the text {}", "{}", "Unnamed Error"],
    ["an Error that says {}", new Error("{}"), "Unnamed Error"],
    ["an object with a bigint", { a: 1n }, "[Object could not be stringified: Do not know how to serialize a BigInt]"],
    ["an object whose message can't be read", unreadable, "[Object could not be stringified: no entry]"],
    ["an object without a prototype", Object.create(null),
      "[Object could not be stringified: Cannot convert object to primitive value]"],
    ["an object whose JSON is nothing", { toJSON: () => undefined, toString: () => "named" }, "named"],
  ]
  for (const [description, thrown, expected] of table) {
    it(`turns ${description} into ${JSON.stringify(expected)}`, () => {
      expect(errorText(thrown)).to.equal(expected)
    })
  }

  it("says why a circular object has no text", () => {
    expect(errorText(circular)).to.match(/^\[Object could not be stringified: Converting circular structure/)
  })

  it("gives a text for anything", () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (thrown) => {
      expect(errorText(thrown)).to.be.a("string").and.not.equal("{}")
    }))
  })

})

describe("errorOrigin", () => {

  it("names the kind of error and the places, not the message", () => {
    const origin = errorOrigin(new TypeError("jane@example.com\n    is no number"))
    expect(origin).to.match(/^TypeError at .*test_error_text/).and.not.contain("jane")
  })

  it("names the type of what is no Error", () => {
    expect(errorOrigin("jane@example.com")).to.equal("string")
    expect(errorOrigin(undefined)).to.equal("undefined")
  })

})
