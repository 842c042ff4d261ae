import { Faults } from "../faults/faults"
import { Store } from "../instance/store"
import { Ledger, LedgerCall } from "../ledger/ledger"
import { Identity } from "../limits/identity"
import { FaultSwitches } from "./fault_switches"

/** Leads that are shown with their values. */
const SHOWN_LEADS = 50

/** What a person sees of the instance beside the hub's playground: its settings, what changed in it, its faults. */
export class Desk {
  private readonly switches: FaultSwitches

  constructor(
    private readonly store: Store, private readonly ledger: Ledger, faults: Faults, private readonly identity: Identity,
    private readonly url: () => string,
  ) {
    this.switches = new FaultSwitches(faults)
  }

  /** Switches faults. Throws a TypeError for anything that is no map of switches. */
  switch(wanted: unknown) {
    if (typeof wanted !== "object" || wanted === null) {
      throw new TypeError("switches are a JSON object, such as {\"slow\": true}")
    }
    this.switches.set(wanted as Record<string, unknown>)
  }

  /** Returns the desk with the changes by calls after the one with this number. */
  state(after: number) {
    const [{ clientId, clientSecret }] = this.identity.services
    const { calls } = this.ledger
    return {
      action: "marketo",
      settings: { url: this.url(), clientID: clientId, clientSecret },
      switches: this.switches.state(),
      lastCall: calls.length === 0 ? 0 : calls[calls.length - 1].sequence,
      changes: {
        leads: this.leads(after),
        lists: this.members(after, this.ledger.listChanges, this.store.lists),
        programs: this.members(after, this.ledger.programChanges, this.store.programs),
        campaigns: this.campaigns(after),
        calls: byOperation(calls.filter(({ sequence }) => sequence > after)),
      },
    }
  }

  private leads(after: number) {
    const writes = this.ledger.leadWrites().filter(({ call }) => call > after)
    const number = (kind: string) => writes.filter((write) => write.kind === kind).length
    return {
      created: number("created"), updated: number("updated"), deleted: number("deleted"),
      shown: writes.slice(0, SHOWN_LEADS).map(({ leadId, kind }) =>
        ({ id: leadId, kind, values: this.store.leads.get(leadId)?.values ?? {} })),
    }
  }

  /** Adds up the changes by list or program. */
  private members(
    after: number, changes: Ledger["listChanges"],
    targets: Map<number, { id: number, name: string, members: { size: number } }>,
  ) {
    const recent = changes.filter(({ call }) => call > after)
    return [...new Set(recent.map(({ target }) => target))].map((id) => {
      const own = recent.filter(({ target, changed }) => target === id && changed)
      const number = (kind: string) => own.filter((change) => change.kind === kind).length
      const { name = "", members } = targets.get(id) ?? {}
      return {
        id, name, members: members?.size ?? 0, added: number("added"), removed: number("removed"),
        changed: number("status") + number("data"),
      }
    })
  }

  private campaigns(after: number) {
    const requests = this.ledger.campaignRequests().filter(({ call }) => call > after)
    return [...new Set(requests.map(({ campaignId }) => campaignId))].map((id) => ({
      id, name: this.store.campaigns.get(id)?.name ?? "",
      leads: requests.filter(({ campaignId }) => campaignId === id).length,
    }))
  }
}

/** Adds up calls by operation, with those that were refused by code. */
function byOperation(calls: LedgerCall[]): { operation: string, calls: number, refused: Record<string, number> }[] {
  const sums = new Map<string, { calls: number, refused: Record<string, number> }>()
  for (const { operation, errorCode } of calls) {
    const sum = sums.get(operation) ?? { calls: 0, refused: {} }
    sum.calls++
    if (errorCode !== undefined) {
      sum.refused[errorCode] = (sum.refused[errorCode] ?? 0) + 1
    }
    sums.set(operation, sum)
  }
  return [...sums].map(([operation, sum]) => ({ operation, ...sum }))
}
