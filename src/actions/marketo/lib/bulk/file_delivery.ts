import * as winston from "winston"
import { EmptyCell, emptyCellOf } from "../blast_radius/empty_cell"
import { FILES_AT_ONCE, FileSizes } from "../configuration/limits"
import { AwaitedMoment } from "../delivery/awaited_moment"
import { Delivery } from "../delivery/delivery"
import { stopMessageOf } from "../delivery/upsert_judgement"
import { MarketoError, placeOf, RunStoppedError } from "../errors"
import { LeadIdSet } from "../membership/lead_id_set"
import { Lead } from "../report/lead"
import { unexpectedFailure } from "../stopping/stop_reasons"
import { amount } from "../words/amounts"
import { FilesUnderWay, FilesUnderWayParts } from "./files_under_way"
import { sentLead } from "./import_account"
import { OpenLeads } from "./open_leads"
import { callsInPlaceOfFiles, Decision, WayChoice } from "./way_choice"

/** Parts that a delivery by files is put together from. */
export interface FileDeliveryParts extends FilesUnderWayParts {
  sizes: FileSizes
  /** Makes a delivery by calls. */
  byCalls: () => Delivery
  /** Decides between files and calls; absent if files were chosen. */
  choice?: WayChoice
  stopGraceMs: number
}

/**
 * Takes leads as they are read and sends them as files. What files cannot say goes by calls: leads with empty cells,
 * and kinds of rows that are too few for a file; and so does everything if Marketo takes no files. Calls and files take
 * turns: Marketo takes nobody into a list that a file is adding to, and a row must not overtake an earlier one with its
 * lookup value whose file comes back.
 */
export class FileDelivery implements Delivery {
  private readonly open: OpenLeads
  private readonly files: FilesUnderWay
  private readonly room = new AwaitedMoment()
  private readonly changed = new AwaitedMoment()
  private decision: Decision | undefined
  /** What takes all further leads, since they go by calls. */
  private calls: Delivery | undefined
  /** What took leads before the run turned to files, and has to end first. */
  private callsBefore: Delivery | undefined
  private isEnded = false
  private pumping: Promise<void> | undefined
  /** Leads that went by calls since no file can carry them, or none is worth it. */
  private besideFiles = 0
  /** The first empty cell that was read before the way was settled; it speaks against files. */
  private emptyCell: EmptyCell | undefined

  constructor(private readonly parts: FileDeliveryParts) {
    this.open = new OpenLeads(parts.sizes, parts.comparison)
    this.files = new FilesUnderWay(parts, (leads) => this.open.putBack(leads), () => this.changed.hasCome())
    if (parts.choice === undefined) {
      this.decision = { way: "files" }
    }
  }

  add(lead: Lead): Promise<void> | undefined {
    if (this.decision === undefined || this.decision.filesFrom !== undefined) {
      this.emptyCell ??= emptyCellOf(lead)
    }
    const calls = this.callsForNext()
    if (calls !== undefined) {
      return calls.add(lead)
    }
    this.open.add(lead)
    this.pump()
    return this.isFull ? this.room.wait() : undefined
  }

  leadIdsFor(): LeadIdSet {
    return new LeadIdSet()
  }

  async finish(stopGraceMs: number): Promise<void> {
    const { run, report } = this.parts
    this.isEnded = true
    let graceEnd: NodeJS.Timeout | undefined
    let isOutOfGrace = false
    const unsubscribe = run.onStop(() => {
      graceEnd = setTimeout(() => {
        isOutOfGrace = true
        this.changed.hasCome()
      }, stopGraceMs)
    })
    await this.untilPumped()
    while (this.files.count > 0 && !isOutOfGrace) {
      await this.changed.wait()
      // A file that was not taken has given its leads back.
      await this.untilPumped()
    }
    await this.calls?.finish(stopGraceMs)
    await this.callsBefore?.finish(stopGraceMs)
    unsubscribe()
    clearTimeout(graceEnd)
    this.files.close()
    for (const lead of this.open.takeAll()) {
      report.leadOutcome({ kind: "notSent", lead: { ...sentLead({ ...lead, cells: "" }) } }, stopMessageOf(run))
    }
    report.notes.push(...this.notes())
  }

  /** Returns what takes a lead that goes by calls, and turns to files once calls have become too many. */
  private callsForNext(): Delivery | undefined {
    const { calls, decision, emptyCell } = this
    if (calls !== undefined && decision?.filesFrom !== undefined &&
      this.parts.report.rows.received >= decision.filesFrom) {
      if (emptyCell !== undefined) {
        this.decision = callsInPlaceOfFiles(emptyCell)
        this.parts.report.files.areOff = true
        return calls
      }
      this.calls = undefined
      this.callsBefore = calls
      this.decision = { way: "files", because: decision.becauseThen }
    }
    return this.calls
  }

  private get isFull(): boolean {
    return this.parts.run.stopReason === undefined && (this.open.isFull || this.isDecisionDue)
  }

  private get isDecisionDue(): boolean {
    return this.decision === undefined && (this.isEnded || this.open.count >= this.parts.sizes.undecidedLeads)
  }

  private get hasWork(): boolean {
    return this.parts.run.stopReason === undefined && this.calls === undefined &&
      (this.isFull || this.isEnded && this.open.count > 0)
  }

  /** Begins to send what waits, unless that is going on. */
  private pump(): void {
    if (this.pumping === undefined && this.hasWork) {
      this.pumping = this.work().catch((failure: unknown) => {
        if (!(failure instanceof RunStoppedError)) {
          // Its message may hold lead data, and its place does not.
          winston.error("Marketo: an unexpected error ended the run", { reason: "hub", at: placeOf(failure) })
          this.parts.report.runFailed("An unexpected error occurred in the Marketo action.", "hub")
          this.parts.run.stop(unexpectedFailure())
        }
      }).then(() => {
        this.pumping = undefined
        this.room.hasCome()
      })
    }
  }

  private async untilPumped(): Promise<void> {
    this.pump()
    while (this.pumping !== undefined) {
      await this.pumping
      this.pump()
    }
  }

  private async work(): Promise<void> {
    while (this.hasWork) {
      await this.step()
      if (!this.isFull) {
        this.room.hasCome()
      }
    }
  }

  private async step(): Promise<void> {
    const { choice, sizes, report, stopGraceMs } = this.parts
    if (this.decision === undefined && choice !== undefined) {
      this.decision = await this.decided(choice)
    }
    if (this.decision?.way === "calls" || this.files.areOff) {
      await this.turnToCalls()
      return
    }
    if (this.callsBefore !== undefined) {
      await this.callsBefore.finish(stopGraceMs)
      this.callsBefore = undefined
    }
    const { largest } = this.open
    if (largest === undefined) {
      return
    }
    const isWorthAFile = largest.leads >= Math.min(sizes.fewestLeads, sizes.leads) ||
      choice === undefined && report.files.leads === 0 && !this.files.notes.hasTaken && this.files.count === 0
    const isUnfit = largest.isForCalls || !isWorthAFile
    if (isUnfit || this.files.skipped > 0) {
      this.files.skipped = Math.max(0, this.files.skipped - 1)
      await this.untilFilesEnded()
      const leads = this.open.takeLargest()
      this.besideFiles += isUnfit ? leads.length : 0
      await this.sendByCalls(leads)
      return
    }
    if (this.files.count >= FILES_AT_ONCE) {
      await this.untilChanged()
    } else {
      await this.startFile()
    }
  }

  private async decided(choice: WayChoice): Promise<Decision> {
    try {
      const { emptyCell, isEnded: hasReadAll } = this
      return await choice.decide({ rowsRead: this.parts.report.rows.received, hasReadAll, emptyCell })
    } catch (failure) {
      if (failure instanceof MarketoError) {
        // Nothing is left of the day: the calls say so, lead by lead.
        return { way: "calls" }
      }
      throw failure
    }
  }

  private async startFile(): Promise<void> {
    const { reservations } = this.parts
    const leadFile = this.open.takeFile((key) => reservations.isHeld(key))
    if (leadFile.leads.length > 0) {
      await this.files.start(leadFile)
    } else if (this.files.count > 0) {
      await this.untilChanged()
    } else {
      // Others are sending all of these: a delivery by calls waits for each of them.
      await this.sendByCalls(this.open.takeLargest())
    }
  }

  private async sendByCalls(leads: Lead[]): Promise<void> {
    const { byCalls, stopGraceMs } = this.parts
    const calls = byCalls()
    for (const lead of leads) {
      await calls.add(lead)
    }
    await calls.finish(stopGraceMs)
  }

  /** Lets all leads that wait, and all that come, go by calls. */
  private async turnToCalls(): Promise<void> {
    await this.untilFilesEnded()
    this.parts.report.files.areOff = this.decision?.filesFrom === undefined
    const calls = this.parts.byCalls()
    while (this.open.count > 0) {
      for (const lead of this.open.takeAll()) {
        await calls.add(lead)
      }
    }
    this.calls = calls
  }

  private async untilFilesEnded(): Promise<void> {
    while (this.files.count > 0) {
      await this.untilChanged()
    }
  }

  private async untilChanged(): Promise<void> {
    await this.parts.run.orStop(this.changed.wait())
  }

  private notes(): string[] {
    const { because } = this.decision ?? {}
    const notes: string[] = [...because === undefined ? [] : [because], ...this.files.notes.sentences()]
    if (this.besideFiles > 0) {
      notes.push(`${amount(this.besideFiles, "lead")} went by calls. Files carry no empty cells, since Marketo does ` +
        "not say what these do there, no leads of which too few have the same columns filled in, and no word null.")
    }
    return notes
  }
}
