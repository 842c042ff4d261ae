import { performance } from "perf_hooks"
import { MarketoClient } from "../api/client"
import { ImportCalls, ImportOptions, ImportState } from "../api/import_calls"
import { Pace } from "../configuration/limits"
import { MINUTE_MS } from "../configuration/time_units"
import { LookupComparison } from "../delivery/lookup_comparison"
import { MarketoError, RunStoppedError } from "../errors"
import { RunReport } from "../report/run_report"
import { RunControl } from "../stopping/run_control"
import { runIsOver } from "../stopping/stop_reasons"
import { amount, figure } from "../words/amounts"
import { sentence } from "../words/sentence"
import { accountOf, allFailed, ImportAccount } from "./import_account"
import { ImportPolls } from "./import_polls"
import { LeadFile } from "./lead_file"
import { readReasons, ReasonRow } from "./reason_file"

/** Things that imports work with. */
export interface FileImportParts {
  client: MarketoClient
  run: RunControl
  report: Pick<RunReport, "files">
  comparison: LookupComparison
  polls: ImportPolls
}

/**
 * What came of a file:
 * - `refused`: Marketo surely did not take it, and its leads may go another way. `isLasting` if no other file will be
 *   taken, either;
 * - `ended`: its account is known, or all that can be;
 * - `lost`: Marketo may be at work on it, and its leads must not be sent until `runningUntil` (ms of
 *   `performance.now()`). `error` is what kept its end from being known, without a word about its leads.
 */
export type FileResult =
  { kind: "refused", error: MarketoError | RunStoppedError, isLasting: boolean } |
  { kind: "ended", account: ImportAccount, hasFailed: boolean } |
  { kind: "lost", account: ImportAccount, error: MarketoError, runningUntil: number }

const RESULT_KEPT = "Marketo keeps what became of it for seven days."

/** Takes one file to Marketo, waits until it has been imported, and reads what became of its leads. */
export class FileImport {
  private id: string | undefined
  private begun = false

  constructor(
    private readonly leadFile: LeadFile, private readonly options: Omit<ImportOptions, "listId">,
    private readonly parts: FileImportParts,
  ) {}

  /** Marketo's number of the import; undefined until it has taken the file. */
  get number(): string | undefined {
    return this.id
  }

  /** True if Marketo may have the file. */
  get hasBegun(): boolean {
    return this.begun
  }

  /** Resolves with what came of the file, whose leads join a list. Never rejects for what Marketo says. */
  async send(listId: string | undefined): Promise<FileResult> {
    const { client, report } = this.parts
    try {
      const upload = await this.leadFile.asForm()
      this.begun = true
      this.id = await client.imports.create(upload, { ...this.options, listId })
    } catch (failure) {
      if (failure instanceof MarketoError && failure.maybeExecuted) {
        return this.lost(new MarketoError(failure.kind, `${sentence(failure.reason)} It is not known whether Marketo ` +
          "took the file that these rows were in, and it was not sent again.", {
          ...failure, sendAgain: undefined, advice: undefined, maybeExecuted: true, whenSafe: waitFor(client.pace),
        }), failure)
      }
      if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
        return { kind: "refused", error: failure, isLasting: failure instanceof MarketoError && isLasting(failure) }
      }
      throw failure
    }
    this.leadFile.forgetCells()
    report.files.underWay++
    try {
      return await this.follow(this.id)
    } finally {
      report.files.underWay--
    }
  }

  /** What is known of the file if the run does not wait for it any longer. */
  cutOff(): FileResult & { kind: "lost" } {
    const { pace } = this.parts.client
    const said = this.id === undefined ? "The run was ended while the file with these rows was being handed over." :
      `The run was ended while Marketo was importing the file with these rows (import ${this.id}). ${RESULT_KEPT}`
    return this.lost(new MarketoError("unavailable", said, { maybeExecuted: true, whenSafe: waitFor(pace, this.id) }))
  }

  private async follow(id: string): Promise<FileResult> {
    const { client: { pace }, polls } = this.parts
    const { leads } = this.leadFile
    const begunAt = performance.now()
    let failingSince: number | undefined
    for (;;) {
      try {
        await this.parts.run.wait(polls.nextWaitMs(leads.length, performance.now() - begunAt))
        const state = await this.parts.client.imports.state(id)
        failingSince = undefined
        if (state.status === "Complete") {
          polls.done(leads.length, performance.now() - begunAt)
        }
        const result = await this.resultOf(id, state, this.parts.client.imports)
        if (result !== undefined) {
          return result
        }
      } catch (failure) {
        if (failure instanceof RunStoppedError) {
          return this.lastLook(id)
        }
        if (!(failure instanceof MarketoError)) {
          throw failure
        }
        failingSince = failingSince ?? performance.now()
        if (!mayPass(failure) || performance.now() - failingSince >= pace.patienceMs) {
          return this.lost(new MarketoError(failure.kind, `${sentence(failure.reason)} Marketo took the file with ` +
            `these rows, and what became of it could not be read (import ${id}). ${RESULT_KEPT}`, {
            ...failure, sendAgain: undefined, maybeExecuted: true, whenSafe: waitFor(pace, id),
          }), failure)
        }
      }
    }
  }

  /** The run has stopped: Marketo is asked once more, since the file may be done since it was asked for last. */
  private async lastLook(id: string): Promise<FileResult> {
    const { client } = this.parts
    const look = new RunControl({ isBackground: true })
    const limit = setTimeout(() => look.stop(runIsOver()), client.pace.stopGraceMs)
    try {
      const imports = client.importsEndedBy(look)
      return await this.resultOf(id, await imports.state(id), imports) ?? this.cutOff()
    } catch (failure) {
      if (failure instanceof MarketoError || failure instanceof RunStoppedError) {
        return this.cutOff()
      }
      throw failure
    } finally {
      clearTimeout(limit)
    }
  }

  /** Returns what came of a file that Marketo is through with; undefined if it is at work. */
  private async resultOf(id: string, state: ImportState, imports: ImportCalls): Promise<FileResult | undefined> {
    if (state.status !== "Complete" && state.status !== "Failed") {
      return undefined
    }
    const hasFailed = state.status === "Failed"
    const gaveUp = hasFailed ? this.gaveUp(id, state) : undefined
    return { kind: "ended", account: await this.account(id, state, imports, gaveUp), hasFailed }
  }

  private async account(
    id: string, state: ImportState, imports: ImportCalls, gaveUp?: MarketoError,
  ): Promise<ImportAccount> {
    const { comparison } = this.parts
    const { lookupField } = this.options
    return accountOf({
      id, leads: this.leadFile.leads, state, isUpdate: lookupField === "id", gaveUp,
      failures: state.failed === 0 ? [] : await this.reasons(async () => imports.failures(id)),
      warnings: (state.withWarning ?? 0) === 0 ? [] : await this.reasons(async () => imports.warnings(id)),
    }, comparison)
  }

  /** Undefined if Marketo does not give the file, or not in its form. Throws RunStoppedError. */
  private async reasons(read: () => Promise<string>): Promise<ReasonRow[] | undefined> {
    let text: string
    try {
      text = await read()
    } catch (failure) {
      if (failure instanceof MarketoError) {
        return undefined
      }
      throw failure
    }
    // What cannot be read as CSV is none of Marketo's files.
    return readReasons(text, this.options.lookupField).catch(() => undefined)
  }

  /** Returns what is known of the rows of a file that Marketo gave up, where its own files do not name them. */
  private gaveUp(id: string, { message, processed }: ImportState): MarketoError {
    const { leads } = this.leadFile
    const isUntouched = processed === 0
    const said = message === "" ? "" : ` It says: ${sentence(message)}`
    const done = isUntouched ? " None of its rows was imported." : processed === undefined ? "" :
      processed >= leads.length ? " By then, it says, all of its rows had been imported." :
        ` By then ${figure(processed)} of its ${amount(leads.length, "row")} had been imported, and which ones is ` +
          "not known."
    return new MarketoError("rejected", "Marketo gave up the import of the file with these rows (import " +
      `${id}).${said}${done}`, { origin: "marketo", maybeExecuted: !isUntouched })
  }

  private lost(said: MarketoError, error = said): FileResult & { kind: "lost" } {
    const runningUntil = performance.now() + this.parts.client.pace.importLingerMs
    return {
      kind: "lost", error, runningUntil, account: accountOfLoss(allFailed(this.leadFile.leads, said, runningUntil)),
    }
  }
}

function accountOfLoss(outcomes: ImportAccount["outcomes"]): ImportAccount {
  return { outcomes, warnings: [], contradictions: [] }
}

/** Two imports of one new lead at once may create it twice. Source: "Leads", on duplicates; bulk is not documented. */
function waitFor({ importLingerMs }: Pace, id?: string): string {
  const when = id === undefined ? "Look at these people in Marketo in about " +
    `${Math.ceil(importLingerMs / MINUTE_MS)} minutes, and send those who are missing again then` :
    "Send these rows again when that import has ended"
  return `${when}, not before: two imports of one new person at once can create that person twice.`
}

/** Returns true if the next file would be refused, too. */
function isLasting(error: MarketoError): boolean {
  return error.kind === "auth" || error.kind === "rejected" || error.kind === "tooLarge"
}

/** Returns true if the same question may be answered in a while. */
function mayPass(error: MarketoError): boolean {
  return error.kind === "unavailable" || error.kind === "throttled"
}
