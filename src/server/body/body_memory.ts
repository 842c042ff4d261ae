import { RefusedRequest } from "../refused_request"

/** The size up to which a body is always accepted, so that large ones do not keep ordinary requests out. */
const ORDINARY_BYTES = 1024 * 1024

/** The bytes of all request bodies that are in the hub, each from its arrival to the end of its response. */
export class BodyMemory {
  private heldBytes = 0

  constructor(private readonly limitBytes: number) {}

  /** Returns the share of one request. It has to be given back with `end`. */
  share(): BodyShare {
    let ownBytes = 0
    return {
      add: (bytes) => {
        ownBytes += bytes
        this.heldBytes += bytes
        if (ownBytes > ORDINARY_BYTES && this.heldBytes > this.limitBytes) {
          throw new RefusedRequest(503, "The hub has no memory for a request of this size at the moment, since other " +
            "large ones are being handled (ACTION_HUB_BODIES_LIMIT_MB). Nothing was sent. Send again in some minutes.")
        }
      },
      end: () => {
        this.heldBytes -= ownBytes
        ownBytes = 0
      },
    }
  }
}

/** The bytes of one body, once decompressed. */
export interface BodyShare {
  /** Counts further bytes. Throws a RefusedRequest (503) if there is no room for them. */
  add(bytes: number): void
  end(): void
}
