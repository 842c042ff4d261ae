import { Delivery } from "./delivery"
import { Scenario } from "./scenario"

/** The part of the message's errors that is quoted. They may be long, and the whole message is printed anyway. */
const MOST_CHARACTERS_QUOTED = 300

/** The rows that the message lists as skipped: reason to lookup values. */
export type SkippedByReason = Record<string, string[]>

/**
 * Returns the account in the last line of the message, a JSON document whenever something went wrong; otherwise
 * undefined.
 */
export function parsedMessage(message: string | undefined): Record<string, unknown> | undefined {
  const line = (message ?? "").slice((message ?? "").lastIndexOf("\n") + 1)
  return line.startsWith("{") ? JSON.parse(line) as Record<string, unknown> : undefined
}

export function skippedInMessage(message: string | undefined): SkippedByReason {
  return (parsedMessage(message)?.skipped ?? {}) as SkippedByReason
}

/**
 * Compares the hub's answer with the sandbox's ledger and with the scenario's expected outcome.
 * Returns one sentence for each disagreement, and none if all is well.
 */
export function disagreements(
  rowCount: number, scenario: Scenario, { rowsRead, marketo, answer }: Delivery,
): string[] {
  const found: string[] = []
  const compare = (what: string, actual: number, expected: number): void => {
    if (actual !== expected) {
      found.push(`${what}: ${actual}, but it should be ${expected}.`)
    }
  }
  const { looker } = answer
  const ambiguous = scenario.ambiguousEmails.length
  const skipped = sum(Object.values(marketo.skippedByCode))
  const written = marketo.leadsCreated + marketo.leadsUpdated
  const named = Object.values(skippedInMessage(looker.message)).flat()

  compare("Rows read by the hub", rowsRead, rowCount)
  compare("Rows that Marketo created, updated or skipped", written + skipped, rowCount)
  compare("Leads updated", marketo.leadsUpdated, scenario.knownRows)
  compare("Leads created", marketo.leadsCreated, rowCount - scenario.knownRows - ambiguous)
  compare("Leads skipped because two have the same e-mail", marketo.skippedByCode["1007"] ?? 0, ambiguous)
  compare("Members of the list afterwards", marketo.membersAfter,
    marketo.membersBefore + written - scenario.memberRows)
  compare("Leads that the message names as skipped", named.length, skipped)
  found.push(...countsInMessage(looker.message, [
    ["received", rowsRead],
    ["created", marketo.leadsCreated],
    ["updated", marketo.leadsUpdated],
    ["merged", 0],
    ["skipped", skipped],
    ["failed", 0],
    ["notSent", 0],
  ]))
  for (const email of scenario.ambiguousEmails.filter((candidate) => !named.includes(candidate))) {
    found.push(`The message does not name ${email}, which Marketo skipped.`)
  }
  if (looker.success) {
    found.push("The hub reported success although leads were skipped.")
  }
  for (const [field, problem] of Object.entries(looker.validation_errors)) {
    found.push(`The hub refused the form's field ${field}: ${problem}`)
  }
  for (const member of ["leadErrors", "membershipErrors", "requestErrors"]) {
    const errors = parsedMessage(looker.message)?.[member]
    if (errors !== undefined) {
      found.push(`The message holds ${member}: ${JSON.stringify(errors).slice(0, MOST_CHARACTERS_QUOTED)}`)
    }
  }
  return found
}

/** Compares the counts of rows in the message with the true ones. */
function countsInMessage(message: string | undefined, expected: Array<[name: string, rows: number]>): string[] {
  const rows = parsedMessage(message)?.rows as Record<string, number> | undefined
  if (rows === undefined) {
    return ["The message does not count the rows."]
  }
  return expected.filter(([name, truth]) => rows[name] !== truth)
    .map(([name, truth]) => `Rows ${name}, as the message says: ${rows[name]}, but it should be ${truth}.`)
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, next) => total + next, 0)
}
