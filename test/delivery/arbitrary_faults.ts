import * as fc from "fast-check"
import { FaultEffect, FaultRule } from "../../sandbox/marketo/faults/faults"

export const SYNC = "syncLeads"
const CAMPAIGN = "requestCampaign"
const MEMBERSHIP = [CAMPAIGN, "addToList", "removeFromList", "setProgramStatus", "deleteProgramMembers"]
export const ALL = [SYNC, ...MEMBERSHIP]

/** Refusals in Marketo's envelope. */
const responseError: fc.Arbitrary<FaultEffect> = fc.record({
  kind: fc.constant("error" as const),
  code: fc.constantFrom<string | number>("606", "608", "611", "614", "615", "713", "604", "601", "602", "603", "1003",
    "610", "500", "502", 502, "503", "699", "799", "1099", "31337", ""),
})

/** What proxies, firewalls and portals answer before a call reaches Marketo. */
const turnedAway: fc.Arbitrary<FaultEffect> = fc.record({
  kind: fc.constant("http" as const),
  status: fc.constantFrom(302, 307, 400, 401, 403, 404, 407, 429, 451),
})

/** What leaves open whether the call was executed. */
const ambiguous: fc.Arbitrary<FaultEffect> = fc.constantFrom<FaultEffect>(
  { kind: "reset", when: "before" },
  { kind: "reset", when: "after" },
  { kind: "truncate" },
  { kind: "malformed" },
  { kind: "emptyBody" },
  { kind: "http", status: 502 },
  { kind: "http", status: 503, executes: true },
  { kind: "http", status: 200, executes: true },
  { kind: "http", status: 200, body: "{\"message\":\"blocked\"}", contentType: "application/json", executes: true },
  { kind: "error", code: "502", executes: true },
  { kind: "error", code: 500, executes: true },
  { kind: "error", code: "31337", executes: true },
  { kind: "error", code: "", executes: true },
  { kind: "error", code: "", errors: [{ code: "1003", message: "x" }, { code: 604, message: "y" }], executes: true },
  { kind: "envelope", set: { success: "true" } },
  { kind: "envelope", remove: ["success"] },
  { kind: "error", code: "604", executes: true },
  { kind: "error", code: "611", executes: true },
  { kind: "resultLength", difference: -1 },
)

const harmless: fc.Arbitrary<FaultEffect> = fc.oneof(
  fc.record({ kind: fc.constant("delay" as const), ms: fc.integer({ min: 1, max: 25 }) }),
  fc.constant<FaultEffect>({ kind: "expireToken" }),
  fc.constant<FaultEffect>({ kind: "slowDrip", bytes: 64, everyMs: 1 }),
)

/** Any fault in some of the calls of one kind. */
export const fault: fc.Arbitrary<FaultRule> = fc.record({
  match: fc.record({ operation: fc.constantFrom<string | string[]>(SYNC, MEMBERSHIP, ALL) }),
  nth: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
  effect: fc.oneof(responseError, turnedAway, ambiguous, harmless),
})
