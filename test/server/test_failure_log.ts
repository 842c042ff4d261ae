import { expect } from "chai"

import { failureForLog, failurePlace } from "../../src/server/failure_log"

describe("What is logged of a failure", () => {
  it("is the error's name, code and place, without its words", () => {
    const error = Object.assign(new TypeError("jo@example.com\n    at score 17"), { code: "E_LEAD" })
    const logged = failurePlace(error)
    expect(logged).to.include({ name: "TypeError", code: "E_LEAD" }).and.to.not.have.property("message")
    expect(logged.at).to.match(/^at .*test_failure_log/)
    expect(JSON.stringify(logged)).to.not.include("jo@example.com").and.not.include("score 17")
  })

  for (const [what, thrown, name] of [
    ["a text", "words", "a thrown string"], ["null", null, "a thrown null"], ["an object", { a: 1 }, "a thrown object"],
  ] as const) {
    it(`names the kind of ${what}`, () => {
      expect(failurePlace(thrown)).to.deep.equal({ name })
    })
  }

  for (const [what, message, logged] of [
    ["addresses", "no lead <jo.doe+x@example.com>, sorry", "no lead <[address]>, sorry"],
    ["queries", "GET https://lk.example.com/1?token=hush&a=b failed", "GET https://lk.example.com/1?[query] failed"],
    ["tokens", "bearer 0a1b2c3d4e5f0a1b2c3d4e5f is spent", "bearer [token] is spent"],
    ["nothing of a plain sentence", "connect ECONNREFUSED 127.0.0.1:443", "connect ECONNREFUSED 127.0.0.1:443"],
  ]) {
    it(`masks ${what}`, () => {
      expect(failureForLog(new Error(message)).message).to.equal(logged)
    })
  }

  it("is short", () => {
    expect(failureForLog(new Error("long ".repeat(1000))).message).to.have.length(200)
  })

  it("copes with an error that is not what it seems", () => {
    const odd = Object.assign(new Error("words"), { stack: 5, name: { toString: () => "Odd" } })
    expect(failureForLog(odd)).to.include({ name: "Odd", message: "words" })
  })
})
