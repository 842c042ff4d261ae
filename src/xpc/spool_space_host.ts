import type { SpoolSpace } from "../hub/stream/spool_space"
import type { SpoolSpaceChange } from "./process_messages"

/** What one execute process has of the space for spools. When the process is gone, the system has its files back. */
export class SpoolSpaceHost {
  private readonly requests = new Set<() => void>()
  private held = 0

  /** `grant` tells the process that it has one more unit. */
  constructor(private readonly space: SpoolSpace, private readonly grant: () => void) {}

  receive(change: SpoolSpaceChange): void {
    if (change === "take") {
      this.take()
    } else if (this.held > 0) {
      this.held--
      this.space.giveBack()
    }
  }

  /** Gives everything back. */
  close(): void {
    this.requests.forEach((withdraw) => withdraw())
    this.requests.clear()
    for (; this.held > 0; this.held--) {
      this.space.giveBack()
    }
  }

  private take(): void {
    let isTaken = false
    let withdraw = (): void => undefined
    // It is called back at once if there is space.
    const request = () => withdraw()
    withdraw = this.space.take(() => {
      isTaken = true
      this.held++
      this.requests.delete(request)
      this.grant()
    })
    if (!isTaken) {
      this.requests.add(request)
    }
  }
}
