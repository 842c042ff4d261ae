import { Ledger } from "./ledger"

/**
 * The lookup values that are being upserted right now. A client that follows Marketo's advice never has one value in
 * two calls at once. Every time it does, the ledger gets an entry, even if no duplicate results.
 */
export class UpsertsInProcess {
  private static readonly byLedger = new WeakMap<Ledger, UpsertsInProcess>()

  static of(ledger: Ledger): UpsertsInProcess {
    let found = UpsertsInProcess.byLedger.get(ledger)
    if (!found) {
      found = new UpsertsInProcess(ledger)
      UpsertsInProcess.byLedger.set(ledger, found)
    }
    return found
  }

  /** Lookup field to key to number of calls in process. */
  private readonly inProcess = new Map<string, Map<string, number>>()

  private constructor(private readonly ledger: Ledger) {}

  enter(lookupField: string, keys: string[], entered: { action: string, call: number, at: number },
    isKnown: (key: string) => boolean) {
    const held = this.heldFor(lookupField)
    const distinct = new Set(keys)
    for (const lookupValue of distinct) {
      const calls = held.get(lookupValue) ?? 0
      held.set(lookupValue, calls + 1)
      if (calls > 0) {
        this.ledger.overlappingUpserts.push({ lookupField, lookupValue, isKnown: isKnown(lookupValue), ...entered })
      }
    }
  }

  leave(lookupField: string, keys: string[]) {
    const held = this.heldFor(lookupField)
    for (const key of new Set(keys)) {
      const calls = held.get(key) ?? 0
      if (calls > 1) {
        held.set(key, calls - 1)
      } else {
        held.delete(key)
      }
    }
  }

  private heldFor(lookupField: string): Map<string, number> {
    let held = this.inProcess.get(lookupField)
    if (!held) {
      held = new Map<string, number>()
      this.inProcess.set(lookupField, held)
    }
    return held
  }
}
