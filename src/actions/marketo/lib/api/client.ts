import { Pace } from "../configuration/limits"
import { MarketoError } from "../errors"
import { RunControl } from "../stopping/run_control"
import { CallWatcher, MarketoCaller } from "./caller"
import { CampaignCalls } from "./campaign_calls"
import { MarketoTime } from "./clock"
import { ImportCalls } from "./import_calls"
import { LeadCalls } from "./lead_calls"
import { ListCalls } from "./list_calls"
import { OPERATIONS } from "./operations"
import { PersonCalls } from "./person_calls"
import { ProgramCalls } from "./program_calls"
import { DailyUsage } from "./types"

/**
 * Marketo's REST API as one run, or one form, uses it. Each family of calls knows its bodies and the shapes of its
 * answers; `operations.ts` knows the paths; waiting, retrying and the quota are the caller's.
 */
export class MarketoClient {
  readonly leads: LeadCalls
  readonly lists: ListCalls
  readonly campaigns: CampaignCalls
  readonly programs: ProgramCalls
  readonly people: PersonCalls
  readonly imports: ImportCalls

  constructor(private readonly caller: MarketoCaller) {
    this.leads = new LeadCalls(caller)
    this.lists = new ListCalls(caller)
    this.campaigns = new CampaignCalls(caller)
    this.programs = new ProgramCalls(caller)
    this.people = new PersonCalls(caller)
    this.imports = new ImportCalls(caller)
  }

  /** The spans of time that calls observe. */
  get pace(): Pace {
    return this.caller.connection.pace
  }

  /** Returns the API-only user that the token speaks for. Throws as AccessToken.current does. */
  async user(): Promise<string> {
    return (await this.caller.signIn()).scope
  }

  /** Reads the calls used today by all integrations of the instance. Throws as MarketoCaller.send does. */
  async usageToday(): Promise<DailyUsage | undefined> {
    return ((await this.caller.send<DailyUsage>({ operation: OPERATIONS.getUsage })).result ?? [])[0]
  }

  /** Returns Marketo's own time at a moment of `performance.now()`, as far as answers have shown it. */
  marketoTime(moment: number): MarketoTime | undefined {
    return this.caller.clock.at(moment)
  }

  /** Returns the calls of imports for what is still asked once the run has stopped; the control ends them. */
  importsEndedBy(run: RunControl): ImportCalls {
    return new ImportCalls(this.caller.endedBy(run))
  }

  /** Waits for a time (ms) because of a failure. Throws RunStoppedError. */
  async waitAfter(failure: MarketoError, milliseconds: number): Promise<void> {
    await this.caller.waitAfter(failure, milliseconds)
  }

  /** Returns the remembered answer to a question about the instance, or that of `ask`. Throws RunStoppedError. */
  async recall<T>(name: string, ask: () => Promise<T>): Promise<T> {
    return this.caller.recall(name, ask)
  }

  /** Returns a client whose calls this watcher learns of, besides the run's own. */
  watchedBy(watcher: Partial<CallWatcher>): MarketoClient {
    return new MarketoClient(this.caller.watchedBy(watcher))
  }
}
