import { MarketoError } from "./errors"
import { Envelope } from "./marketo_types"

/** Tells where the next page of a result is, and ends a result that goes round in a circle. */
export class PageGuard {
  private readonly seen = new Set<string>()

  constructor(private readonly operation: string) {}

  /** The token of the next page; undefined at the end. Throws MarketoError when a page comes again. */
  next(envelope: Envelope<unknown>): string | undefined {
    const token: unknown = envelope.moreResult === false ? undefined : envelope.nextPageToken
    if (typeof token !== "string" || token === "") {
      return undefined
    }
    if (this.seen.has(token)) {
      throw new MarketoError("unavailable", `Marketo repeats the same page of results (${this.operation}).`)
    }
    this.seen.add(token)
    return token
  }
}
