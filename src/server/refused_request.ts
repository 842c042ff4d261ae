/** What a refused request is answered with; the statuses that a request can bring upon itself. */
export type RefusalStatus = 400 | 408 | 413 | 415

/** A request that the hub does not take. The message is a sentence for the sender, and names the part at fault. */
export class RefusedRequest extends Error {
  constructor(readonly status: RefusalStatus, message: string) {
    super(message)
    this.name = "RefusedRequest"
  }
}

/**
 * A request that could be understood, but for one of its parts. An execution or a form of an action that exists answers
 * it in its own shape, for the person in Looker to read.
 */
export class RefusedPart extends RefusedRequest {}
