import { MarketoError } from "../errors"
import { Envelope } from "./types"

/** Finds where the next page of a result is, and ends a result that goes round in a circle. */
export class PageGuard {
  private readonly seen = new Set<string>()

  constructor(private readonly operation: string) {}

  /**
   * Returns the token of the next page; undefined at the end. Throws MarketoError if a page comes again, or if there is
   * more and Marketo does not say where: a part must not pass for the whole.
   */
  next(envelope: Envelope<unknown>): string | undefined {
    const token: unknown = envelope.moreResult === false ? undefined : envelope.nextPageToken
    if (typeof token !== "string" || token === "") {
      if (envelope.moreResult === true) {
        throw new MarketoError("unavailable", `Marketo did not give the rest of its results (${this.operation}).`, {
          origin: "marketo",
        })
      }
      return undefined
    }
    if (this.seen.has(token)) {
      throw new MarketoError("unavailable", `Marketo repeats the same page of results (${this.operation}).`, {
        origin: "marketo",
      })
    }
    this.seen.add(token)
    return token
  }
}
