import { MarketoClient } from "../api/client"
import { LookupComparison } from "../delivery/lookup_comparison"
import { preparedOrStopped } from "../delivery/prepared_or_stopped"
import { stopMessageOf } from "../delivery/upsert_judgement"
import { WorkInFlight } from "../delivery/work_in_flight"
import { MarketoError, RunStoppedError, saysOf } from "../errors"
import { ListTarget } from "../membership/list_target"
import { LeadReservations } from "../quota/lead_reservations"
import { Lead } from "../report/lead"
import { isApplied, LeadOutcome, NO_LEAD_ID } from "../report/outcomes"
import { RunReport } from "../report/run_report"
import { MembershipChange } from "../settings/membership_change"
import { RunSettings } from "../settings/run_settings"
import { RunControl } from "../stopping/run_control"
import { marketoUnavailable, quotaSpent } from "../stopping/stop_reasons"
import { FileImport, FileResult } from "./file_import"
import { FileSlots } from "./file_slots"
import { sentLead } from "./import_account"
import { ImportNotes } from "./import_notes"
import { ImportPolls } from "./import_polls"
import { LeadFile } from "./lead_file"
import { leadOf } from "./open_leads"

/** Lookup values that are claimed at once, so that nobody else's turn is held up. */
const CLAIMED_AT_ONCE = 300

/** Files in a row that got lost on their way, after which Marketo counts as out of reach. */
const MOST_LOST = 3

/** Files in a row that Marketo gave up, after which the rest goes by calls. */
const MOST_FAILED = 2

/** Parts that files pass on their way. */
export interface FilesUnderWayParts {
  client: MarketoClient
  settings: RunSettings
  run: RunControl
  report: RunReport
  reservations: LeadReservations
  comparison: LookupComparison
  slots: FileSlots
}

/**
 * The files of one run that are on their way, or at work in Marketo. Their lookup values are held until their end is
 * known, so that no lead is in two files, or in a file and a call, at once: Marketo could create it twice.
 */
export class FilesUnderWay {
  readonly notes = new ImportNotes()
  /** True if no other file of the run will be taken. */
  areOff = false
  /** Fillings of a file that go by calls before the next file is tried. */
  skipped = 0
  private readonly work: WorkInFlight
  private readonly polls: ImportPolls
  private refusals = 0
  private lost = 0
  private failed = 0

  /** `giveBack` takes leads whose file Marketo did not take. `onChange` is called when a file has come to its end. */
  constructor(
    private readonly parts: FilesUnderWayParts, private readonly giveBack: (leads: Lead[]) => void,
    onChange: () => void,
  ) {
    this.work = new WorkInFlight(parts.run, parts.report)
    this.work.onChange(onChange)
    this.polls = new ImportPolls(parts.client.pace)
  }

  /** Files that have not come to their end. */
  get count(): number {
    return this.work.active
  }

  /** Sends a file whose leads nobody in this process is sending. Leads that others are sending are given back. */
  async start(leadFile: LeadFile): Promise<void> {
    const { reservations, comparison } = this.parts
    leadFile.leads.forEach(({ lookupValue }) => reservations.hold(comparison.reservation(lookupValue)))
    let free: LeadFile
    try {
      free = await this.claimed(leadFile)
    } catch (failure) {
      this.release(leadFile)
      if (!(failure instanceof RunStoppedError)) {
        throw failure
      }
      this.enter(notSent(leadFile))
      return
    }
    if (free.leads.length > 0) {
      const { lookupField } = this.parts.settings
      const options = { lookupField, partitionName: this.partitionName }
      const fileImport = new FileImport(free, options, { ...this.parts, polls: this.polls })
      this.work.start(this.send(free, fileImport), () => this.cutOff(free, fileImport))
    }
  }

  /** Reports what is known of files whose end nobody waits for. */
  close(): void {
    this.work.close()
  }

  /** The list that leads are added to; undefined for none. */
  get listChange(): MembershipChange & { kind: "addToList" } | undefined {
    return this.parts.settings.changes.find((change) => change.kind === "addToList")
  }

  private get partitionName(): string | undefined {
    const { mode, partitionName } = this.parts.settings
    return mode === "updateOnly" ? undefined : partitionName
  }

  private async claimed(leadFile: LeadFile): Promise<LeadFile> {
    const { reservations, comparison, run } = this.parts
    const keys = leadFile.leads.map(({ lookupValue }) => comparison.reservation(lookupValue))
    const busy = new Set<string>()
    for (let from = 0; from < keys.length; from += CLAIMED_AT_ONCE) {
      (await reservations.claim(keys.slice(from, from + CLAIMED_AT_ONCE), run)).forEach((key) => busy.add(key))
    }
    if (busy.size === 0) {
      return leadFile
    }
    const isBusy = (index: number) => busy.has(keys[index])
    this.giveBack(leadFile.leads.filter((_lead, index) => isBusy(index)).map((lead) => leadOf(lead, leadFile.columns)))
    busy.forEach((key) => void reservations.freeElsewhere(key, run))
    return new LeadFile(leadFile.columns, leadFile.leads.filter((_lead, index) => !isBusy(index)))
  }

  private async send(leadFile: LeadFile, fileImport: FileImport): Promise<void> {
    const { slots, run, reservations, client } = this.parts
    let result: FileResult
    try {
      const listId = await this.listId()
      const leaveSlot = await slots.take(run, listId)
      try {
        // Marketo goes on with a file when this process dies.
        result = await reservations.outlasting(this.keysOf(leadFile), client.pace.importLingerMs,
          async () => fileImport.send(listId))
      } finally {
        leaveSlot()
      }
    } catch (failure) {
      if (!(failure instanceof RunStoppedError)) {
        throw failure
      }
      result = { kind: "refused", error: failure, isLasting: true }
    }
    if (!this.work.isOver) {
      if (fileImport.number !== undefined) {
        this.notes.taken(fileImport.number)
      }
      this.settle(leadFile, result)
    }
  }

  private cutOff(leadFile: LeadFile, fileImport: FileImport): void {
    this.settle(leadFile, fileImport.hasBegun ? fileImport.cutOff() :
      { kind: "refused", error: new RunStoppedError(stopMessageOf(this.parts.run)), isLasting: true })
  }

  private settle(leadFile: LeadFile, result: FileResult): void {
    if (result.kind === "refused") {
      this.release(leadFile)
      this.refused(leadFile, result.error, result.isLasting)
      return
    }
    const { run, report, reservations } = this.parts
    this.refusals = 0
    this.enter(result.account.outcomes)
    result.account.warnings.forEach(({ lead, reason }) => report.leadWarned(sentLead(lead), reason))
    result.account.contradictions.forEach((contradiction) => report.runFailed(contradiction, "marketo"))
    if (result.kind === "ended") {
      this.release(leadFile)
      this.lost = 0
      this.failed = result.hasFailed ? this.failed + 1 : 0
      if (this.failed >= MOST_FAILED && !this.areOff) {
        this.areOff = true
        report.notes.push("Marketo gave up several files in a row, so the leads after them went by calls.")
      }
      return
    }
    reservations.releaseAt(this.keysOf(leadFile), result.runningUntil)
    this.lost++
    if (result.error.kind === "quota") {
      run.stop(quotaSpent(result.error))
    } else if (this.lost >= MOST_LOST) {
      run.stop(marketoUnavailable(result.error))
    }
  }

  /** Marketo surely did not take the file: its leads go by calls, unless the run is over. */
  private refused(leadFile: LeadFile, error: MarketoError | RunStoppedError, isLasting: boolean): void {
    const { run } = this.parts
    if (error instanceof MarketoError && error.kind === "quota") {
      run.stop(quotaSpent(error))
    }
    if (run.stopReason !== undefined || error instanceof RunStoppedError) {
      this.enter(notSent(leadFile))
      return
    }
    this.refusals++
    this.areOff = this.areOff || isLasting
    // Its own leads, then as many others as there were vain tries.
    this.skipped = 1 + this.refusals
    const reason = error.code !== undefined ? saysOf(error.code) :
      error.kind === "tooLarge" ? "it was too large" : "it could not be handed over"
    const said = error.code === undefined ? reason : `${reason}, code ${error.code}`
    this.notes.refused(said)
    this.giveBack(leadFile.leads.map((lead) => leadOf(lead, leadFile.columns)))
  }

  private enter(outcomes: LeadOutcome[]): void {
    const { run, report } = this.parts
    const change = this.listChange
    const stopMessage = stopMessageOf(run)
    for (const outcome of outcomes) {
      report.leadOutcome(outcome, stopMessage)
      report.files.rows += outcome.kind === "notSent" ? 0 : outcome.lead.rows.length
      if (isApplied(outcome)) {
        report.files.leads++
        const { lookupValue, rows } = outcome.lead
        if (change !== undefined) {
          report.membershipOutcome(change, { kind: "changed", lead: { leadId: NO_LEAD_ID, lookupValue, rows } })
        }
      }
    }
  }

  /** Finds or makes the list. If it cannot be had, the run ends before a lead is sent. */
  private async listId(): Promise<string | undefined> {
    const { client, run } = this.parts
    const change = this.listChange
    if (change === undefined) {
      return undefined
    }
    const id = await preparedOrStopped(run, async () => new ListTarget(client, change.target).id())
    // From here on the list is known by its id alone, to calls as well.
    change.target = { id, name: change.target.name }
    return id
  }

  private keysOf(leadFile: LeadFile): string[] {
    return leadFile.leads.map(({ lookupValue }) => this.parts.comparison.reservation(lookupValue))
  }

  private release(leadFile: LeadFile): void {
    this.parts.reservations.release(this.keysOf(leadFile))
  }
}

function notSent({ leads }: LeadFile): LeadOutcome[] {
  return leads.map((lead): LeadOutcome => ({ kind: "notSent", lead: sentLead(lead) }))
}
