import { expect } from "chai"
import * as fc from "fast-check"
import { outcomeOf } from "../../src/actions/marketo/lib/api/call_outcome"
import { ERROR_CODES, problemsOf } from "../../src/actions/marketo/lib/errors"
import { MarketoReply } from "../../src/actions/marketo/lib/api/http"

describe("Whatever comes back of a call", () => {
  /** Codes as they come and as they do not, and texts and numbers of all kinds. */
  const code = fc.oneof(
    fc.constantFrom(...Object.keys(ERROR_CODES)), fc.constantFrom(...Object.keys(ERROR_CODES)).map(Number),
    fc.integer({ min: -1, max: 9999 }), fc.integer({ min: -1, max: 99999 }).map(String),
    fc.string(), fc.constantFrom("503", "31337", "", null, undefined, true), fc.double())
  const problem = fc.oneof({ weight: 5, arbitrary: fc.record({ code, message: fc.anything() }, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.anything() })
  const body = fc.record({
    success: fc.oneof(fc.constantFrom(true, false, "true", "false", null, 0, 1), fc.anything()),
    requestId: fc.oneof(fc.constant("a1#18f"), fc.anything()),
    errors: fc.oneof({ weight: 4, arbitrary: fc.array(problem, { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.anything() }),
    result: fc.anything(),
  }, { requiredKeys: [] }) as fc.Arbitrary<{ [member: string]: unknown }>
  const status = fc.oneof(fc.constant(200), fc.integer({ min: 0, max: 599 }))
  const reply: fc.Arbitrary<MarketoReply> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("answer" as const), status, body }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("unreadable" as const), status }) },
    { weight: 1, arbitrary: fc.record({
      kind: fc.constant("lost" as const), explanation: fc.string(), cause: fc.anything(),
    }) })

  /** What turns a call away before Marketo, as RFC 9110 and RFC 6585 have it. */
  const turnsAway = (each: number) => each >= 300 && each < 400 ||
    [400, 401, 403, 404, 405, 407, 410, 411, 413, 414, 415, 421, 426, 429, 431, 451].includes(each)

  it("is never a call that was surely not executed, unless its status or all of its codes say so", () => {
    fc.assert(fc.property(reply, (given) => {
      const outcome = outcomeOf(given)
      if (outcome.kind === "success" || outcome.error.maybeExecuted) {
        return
      }
      const { error } = outcome
      if (error.origin === "between") {
        expect("status" in given && turnsAway(given.status)).to.equal(true)
        return
      }
      const { errors, success } = bodyOf(given)
      const codes = problemsOf(errors).map((each) => each.code)
      expect([error.origin, success === true, codes.length > 0]).to.deep.equal(["marketo", false, true])
      for (const each of codes) {
        const known = Object.keys(ERROR_CODES).includes(each) ? ERROR_CODES[each] : undefined
        const isSaidByTable = known === undefined ? /^([67]\d\d|1\d{3})$/.test(each) : known.maybeExecuted !== true
        expect(isSaidByTable, each).to.equal(true)
      }
    }), { numRuns: 3000 })
  })

  it("is a success only if Marketo says so and complains of nothing", () => {
    fc.assert(fc.property(reply, (given) => {
      if (outcomeOf(given).kind === "success") {
        expect(given).to.include({ kind: "answer", status: 200 })
        const { success, errors } = bodyOf(given)
        expect([success, problemsOf(errors)]).to.deep.equal([true, []])
      }
    }), { numRuns: 2000 })
  })
})

function bodyOf(reply: MarketoReply): { [member: string]: unknown } {
  return reply.kind === "answer" ? reply.body : {}
}
