import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"
import { allTokenPages } from "./pages"

/** A program that a lead is in. */
export interface ProgramOfLead {
  id: number
  /** Absent if Marketo does not say. */
  progressionStatus?: string
}

/** The calls that tell what a single lead is a member of. Every method throws as MarketoCaller.send does. */
export class PersonCalls {
  constructor(private readonly caller: MarketoCaller) {}

  /** Returns the ids of the static lists that a lead is on. */
  async lists(leadId: number): Promise<number[]> {
    const found = await allTokenPages<{ listId: number }>(
      this.caller, { operation: OPERATIONS.getListsOfLead, id: String(leadId) })
    return found.map(({ listId }) => Number(listId))
  }

  /** Returns the programs that a lead is in. */
  async programs(leadId: number): Promise<ProgramOfLead[]> {
    return allTokenPages<ProgramOfLead>(this.caller, { operation: OPERATIONS.getProgramsOfLead, id: String(leadId) })
  }
}
