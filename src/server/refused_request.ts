/** The statuses that answer a refused request: the request's own fault, or 503 for a hub that has no room for it. */
export type RefusalStatus = 400 | 408 | 413 | 415 | 503

/** A request that the hub does not accept. The message is a sentence for the sender, and names the part at fault. */
export class RefusedRequest extends Error {
  constructor(readonly status: RefusalStatus, message: string) {
    super(message)
    this.name = "RefusedRequest"
  }
}

/**
 * A request that was understood, except for one of its parts. If its action exists, an execution or a form answers it
 * in its own shape, so that the person in Looker can read it.
 */
export class RefusedPart extends RefusedRequest {}
