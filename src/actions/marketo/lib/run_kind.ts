import * as Hub from "../../../hub"
import { LeadReader, LeadReaderParts } from "./delivery/lead_reader"
import { outcomeSentence } from "./report/failure_sentences"
import { reportMessage } from "./report/report_message"
import { RunReport } from "./report/run_report"

/** What differs between the runs of several actions: where their rows come from, and the words of their answers. */
export interface RunKind {
  /** Somebody waits for the answer, and should not for as long as a run may otherwise take. */
  isWaitedFor: boolean
  /** Said of a run that ended before its first row; a sentence. */
  nothingDone: string
  /** Hands each row on as a lead, as LeadReader.read does. */
  read(request: Hub.ActionRequest, parts: LeadReaderParts): Promise<void>
  /** The whole answer; `withJson`: with the account in the last line of a failure. */
  message(report: RunReport, withJson: boolean): string
  /** What came of it, in one sentence. */
  inShort(report: RunReport): string
}

/** The rows of a query result. */
export const QUERY_RUN: RunKind = {
  read: async (request, parts) => new LeadReader(parts).read(request),
  message: reportMessage,
  isWaitedFor: false,
  nothingDone: "No row was sent.",
  inShort: outcomeSentence,
}
