import type { RunAccount, RunConclusion, RunProgress } from "../../hub/run_account"
import type { ReportOrder } from "../reports/report_writer"

/** What an execute process needs to keep the account of a run. */
export interface AccountOrder {
  id: string
  /** For the log: Looker's ids. */
  plan?: string
  instance?: string
  /** For the log, and only if an administrator wants it. */
  sender?: string
  /** Absent if the hub keeps no reports. */
  report?: ReportOrder
}

/** A part of the account of a run, on its way from an execute process. */
export type AccountEntry =
  | { kind: "progress", progress: RunProgress }
  | { kind: "conclusion", conclusion: RunConclusion }
  /** A block of the report of rows, sealed. */
  | { kind: "block", block: Uint8Array }

/** The account of a run that another process keeps. */
export interface TransferableAccount extends RunAccount {
  /** How far the run was when that was last told. */
  readonly latestProgress: RunProgress | undefined
  /** The link of the report of rows, if any of it is stored. */
  readonly reportLink: string | undefined
  order(): AccountOrder
  receive(entry: AccountEntry): void
  /** To be called when the process has ended, or been given up, before the run could report. */
  noteLost(): void
}

/** Returns the account if another process can keep it. */
export function transferable(account: RunAccount | undefined): TransferableAccount | undefined {
  return account !== undefined && "order" in account ? account as TransferableAccount : undefined
}
