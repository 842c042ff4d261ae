import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"
import { allTokenPages } from "./pages"

/** A lead as a person would name it. Whatever Marketo does not have is empty. */
export interface Person {
  id: number
  name: string
  email: string
}

/** A program that a lead is in. */
export interface ProgramOfLead {
  id: number
  /** Absent if Marketo does not say. */
  progressionStatus?: string
}

/** Leads that are read of one lookup value, at most. */
const MOST_READ = "300"

/** The calls that tell who a single lead is. Every method throws as MarketoCaller.send does. */
export class PersonCalls {
  constructor(private readonly caller: MarketoCaller) {}

  /** Finds the leads whose field has this value, which must be without a comma: up to 300 of them. */
  async find(field: string, value: string): Promise<Person[]> {
    const envelope = await this.caller.send<{ [name: string]: unknown }>({
      operation: OPERATIONS.readLeads,
      form: { filterType: field, filterValues: value, fields: "id,firstName,lastName,email", batchSize: MOST_READ },
    })
    return (envelope.result ?? []).map((lead) => ({
      id: Number(lead.id),
      name: [lead.firstName, lead.lastName].map(textOf).filter((part) => part !== "").join(" "),
      email: textOf(lead.email),
    }))
  }

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

function textOf(value: unknown): string {
  return typeof value === "string" ? value.trim() : ""
}
