import { figure } from "../words/amounts"
import { readLimit } from "./query_details"

/** Warnings of Looker's that are passed on, and the longest text of one, in characters. */
const MOST_WARNINGS = 5
const LONGEST_WARNING = 300

/** Advice on how to get all rows. */
const ALL_ROWS = "To send all rows, choose \"All Results\" when sending, or raise the query's row limit."

/**
 * The facts that a result gives about itself, besides its time zone, and what follows from them. Every member is
 * optional, and most are null: Looker writes what applies, before or after the rows.
 */
export class ResultDetails {
  private appliedLimit: number | undefined
  private isTruncated = false
  private areColumnsTruncated = false
  private readonly warnings: string[] = []

  /** `planLimit` is the row limit of the plan's query. */
  constructor(private readonly planLimit: number | undefined) {}

  /** To be called with each member of the result. */
  add(name: string, value: unknown): void {
    switch (name) {
      case "applied_limit":
        this.appliedLimit = readLimit(value)
        break
      case "truncated":
        this.isTruncated = isYes(value)
        break
      case "column_truncated":
        this.areColumnsTruncated = isYes(value)
        break
      case "warnings":
        this.warnings.push(...textsOf(value))
    }
  }

  /**
   * Returns why a result of so many rows may not be the whole one, in words that go on from "since"; undefined if there
   * is no sign of it. As many rows as a limit allows are a sign: whether there would have been more, nobody knows.
   */
  cutOff(rows: number): string | undefined {
    if (this.isTruncated) {
      return "Looker says that it cut off the query result"
    }
    const limit = [this.appliedLimit, this.planLimit].find((each) => each !== undefined && rows >= each)
    return limit === undefined ? undefined :
      `the query result has as many rows as the query's row limit allows (${figure(limit)}), so it ` +
        "may be cut off"
  }

  /** Returns what a person should know of a result of so many rows, in sentences. */
  notes(rows: number): string[] {
    const reason = this.cutOff(rows)
    const notes = reason === undefined ? [] : [`${reason[0].toUpperCase()}${reason.slice(1)}. ${ALL_ROWS}`]
    if (this.areColumnsTruncated) {
      notes.push("Looker left out columns of the query result, which has more than the query's column limit allows; " +
        "nothing was sent for those.")
    }
    for (const warning of this.warnings.slice(0, MOST_WARNINGS)) {
      notes.push(`Looker warns: ${warning}`)
    }
    if (this.warnings.length > MOST_WARNINGS) {
      notes.push(`Looker has ${this.warnings.length - MOST_WARNINGS} more warnings.`)
    }
    return notes
  }
}

function isYes(value: unknown): boolean {
  return value === true || value === "true"
}

/** Looker's warnings as texts: from a text, a list of texts, or objects with a message. */
function textsOf(value: unknown): string[] {
  const entries: unknown[] = Array.isArray(value) ? value : [value]
  return entries.map((entry) => {
    const text = typeof entry === "object" && entry !== null ? (entry as { message?: unknown }).message : entry
    return typeof text === "string" ? text.trim() : ""
  }).filter((text) => text !== "").map((text) =>
    text.length > LONGEST_WARNING ? `${text.slice(0, LONGEST_WARNING)}…` : text)
}
