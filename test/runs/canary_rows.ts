import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"

/** Every lookup value has it, and so have Marketo's words about some. */
export const CANARY = "canary"

/** Rows of a run in which some are skipped for five reasons, once `makeTrouble` has been called. */
export function* mixedPeople(): Iterable<{ email: string | null, firstName: string | null }> {
  for (let row = 1; row <= 4000; row++) {
    const email = row % 10 === 0 ? null : row % 10 === 1 ? `${CANARY}${row} at example` : `${CANARY}${row}@example.com`
    yield { email, firstName: `P${row}` }
  }
}

/** Makes leads that are there twice, and has Marketo refuse some records in words that name a person. */
export function makeTrouble(marketo: MarketoSandbox): void {
  for (let row = 5; row <= 4000; row += 100) {
    marketo.store.addLead({ email: `${CANARY}${row}@example.com` })
    marketo.store.addLead({ email: `${CANARY}${row}@example.com` })
  }
  const match = { operation: "syncLeads" as const }
  marketo.faults.add({
    match, every: 2,
    effect: { kind: "record", positions: [7, 9], code: "1003", message: `Value '${CANARY}' is bad` },
  })
  marketo.faults.add({
    match, every: 3, effect: { kind: "record", positions: [11], code: "1008", message: `No access to ${CANARY}` },
  })
}
