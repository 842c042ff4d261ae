import { FILES_AT_ONCE } from "../configuration/limits"
import { LeadReservations } from "../quota/lead_reservations"
import { RunControl } from "../stopping/run_control"

/**
 * The files that this hub, and hubs that agree with it, have in Marketo at once; and the lists that they add to, each
 * of which takes one file at a time. Where nobody can be asked, each process has slots of its own.
 */
export class FileSlots {
  constructor(private readonly held: LeadReservations, private readonly atOnce = FILES_AT_ONCE) {}

  /** Waits until a file may be handed over. Returns how to make room for the next. Throws RunStoppedError. */
  async take(run: RunControl, listId: string | undefined): Promise<() => void> {
    // The list first: whoever waits for it must not keep a slot from others.
    const list = listId === undefined ? undefined : await this.takeOneOf([`list ${listId}`], run)
    try {
      const slots = Array.from({ length: this.atOnce }, (_each, index) => `file ${index + 1}`)
      const slot = await this.takeOneOf(slots, run)
      return () => this.held.release(list === undefined ? [slot] : [list, slot])
    } catch (failure) {
      this.held.release(list === undefined ? [] : [list])
      throw failure
    }
  }

  private async takeOneOf(keys: string[], run: RunControl): Promise<string> {
    for (;;) {
      run.check()
      const free = keys.filter((key) => !this.held.isHeld(key))
      for (const key of free) {
        if (!this.held.isHeld(key)) {
          this.held.hold(key)
          if (await this.isOurs(key, run)) {
            return key
          }
        }
      }
      await run.orStop(new Promise<void>((resolve) => {
        if (keys.some((key) => !this.held.isHeld(key))) {
          resolve()
        }
        keys.forEach((key) => this.held.whenFree(key, resolve))
      }))
    }
  }
  private async isOurs(key: string, run: RunControl): Promise<boolean> {
    try {
      if ((await this.held.claim([key], run)).size === 0) {
        return true
      }
    } catch (failure) {
      this.held.release([key])
      throw failure
    }
    void this.held.freeElsewhere(key, run)
    return false
  }
}
