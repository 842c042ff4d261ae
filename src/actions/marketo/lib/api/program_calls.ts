import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"
import { eachOffsetPage, noneIfNotFound, PAGE_OF_ASSETS } from "./pages"
import { bodyOfRecords } from "./record_body"
import { resultsBySequence } from "./record_results"
import { schemaIn } from "./schema_answer"
import { Channel, LeadRecord, LeadSchema, Program, RecordResult } from "./types"

/** The calls that are about programs. Every method throws as MarketoCaller.send does. */
export class ProgramCalls {
  constructor(private readonly caller: MarketoCaller) {}

  /** Makes up to 300 leads members with a status, or moves them on to it; one result per lead. */
  async setStatus(programId: string, statusName: string, leadIds: number[]): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: OPERATIONS.setProgramStatus,
      id: programId,
      body: JSON.stringify({ statusName, input: leadIds.map((leadId) => ({ leadId })) }),
    })
    return resultsBySequence(envelope, leadIds)
  }

  /** Ends the membership of up to 300 leads; one result per lead. */
  async removeMembers(programId: string, leadIds: number[]): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: OPERATIONS.removeFromProgram,
      id: programId,
      body: JSON.stringify({ input: leadIds.map((leadId) => ({ leadId })) }),
    })
    return resultsBySequence(envelope, leadIds)
  }

  /** Reads the fields of program members; they are the same for all programs of an instance. */
  async describeMembers(): Promise<LeadSchema> {
    const envelope = await this.caller.send<LeadSchema>({ operation: OPERATIONS.describeProgramMembers })
    return schemaIn(envelope, "fields of program members")
  }

  /** Writes fields of up to 300 members, of each those that its values name; one result per member. */
  async writeFields(programId: string, members: { leadId: number, values: LeadRecord }[]): Promise<RecordResult[]> {
    const envelope = await this.caller.send<unknown>({
      operation: OPERATIONS.writeProgramFields,
      id: programId,
      body: bodyOfRecords("{\"input\":[", members.map(({ leadId, values }) => JSON.stringify({ ...values, leadId }))),
    })
    return resultsBySequence(envelope, members.map(({ leadId }) => leadId))
  }

  /** Finds one program; undefined if there is none with that id. */
  async one(id: string): Promise<Program | undefined> {
    return (await this.found(this.caller.send<Program>({ operation: OPERATIONS.getProgram, id })))[0]
  }

  /** Finds those of up to 200 programs that exist. */
  async byId(ids: string[]): Promise<Program[]> {
    const query = { filterType: "id", filterValues: ids.join(","), maxReturn: String(PAGE_OF_ASSETS) }
    return this.found(this.caller.send<Program>({ operation: OPERATIONS.getPrograms, query }))
  }

  /** Finds the programs with a name. */
  async byName(name: string): Promise<Program[]> {
    return this.found(this.caller.send<Program>({ operation: OPERATIONS.findPrograms, query: { name } }))
  }

  /** Calls back with all programs that the API user can see, page by page. */
  async each(onPage: (page: Program[]) => void): Promise<void> {
    await eachOffsetPage<Program>(this.caller, OPERATIONS.getPrograms, {}, onPage)
  }

  /** Reads the names of the statuses that members of a channel's programs can be given. */
  async channelStatuses(channelName: string): Promise<string[]> {
    const query = { name: channelName }
    const envelope = await this.caller.send<Channel>({ operation: OPERATIONS.findChannel, query })
    const [channel] = (envelope.result ?? []) as (Channel | undefined)[]
    // Step 0 is "Not in Program": leaving is another call.
    return channel === undefined ? [] : (channel.progressionStatuses ?? [])
      .filter((status) => status.hidden !== true && status.step !== 0).map((status) => status.name)
  }

  private async found(sending: Promise<{ result?: Program[] }>): Promise<Program[]> {
    return noneIfNotFound(sending.then((envelope) => envelope.result ?? []))
  }
}
