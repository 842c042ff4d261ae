import { MarketoError, MarketoProblem } from "../errors"
import { MemberValues, QueuedLead } from "./lead"

/** In place of an id that is not known; Marketo's ids begin at 1. */
export const NO_LEAD_ID = 0

/** Facts about a lead whatever became of it. */
interface Upserted {
  lead: QueuedLead
  /**
   * Until when an upsert of the lead whose answer was lost may be running in Marketo, in ms of `performance.now()`.
   * Until then no other upsert of its lookup value may begin: it could create a second lead, or be overtaken.
   */
  runningUntil?: number
  /** Marketo's ids of further leads that are as they were sent, where several leads have the lookup value. */
  furtherLeadIds?: number[]
  /** Number of leads that have the lookup value, if they are several and a choice among them was made. */
  matches?: number
  /** Old and new values, in words for the report of rows; of some leads of a dry run. */
  sample?: string
}

/**
 * The outcome of one lead; `leadId` is Marketo's, or NO_LEAD_ID. Of a lead that is `createdOrUpdated` it is certain
 * that it is as wanted, and not known which of the two came to pass, since an answer was lost.
 */
export type LeadOutcome = Upserted & (
  { kind: "created", leadId: number } |
  { kind: "updated", leadId: number } |
  { kind: "createdOrUpdated", leadId: number } |
  /** In a run that writes no leads. */
  { kind: "found", leadId: number } |
  /** `candidates`: Marketo's ids of the leads that have the lookup value, where none was chosen among several. */
  { kind: "skipped", reasons: MarketoProblem[], candidates?: number[] } |
  { kind: "failed", error: MarketoError } |
  { kind: "notSent" }
)

/** An outcome of a lead that is in Marketo as it was sent, or was found there where no more was wanted. */
export type Applied = Extract<LeadOutcome, { leadId: number }>

/** Returns true if the lead is in Marketo as wanted. */
export function isApplied(outcome: LeadOutcome): outcome is Applied {
  return "leadId" in outcome
}

/** A lead whose membership is to change. */
export interface MembershipLead {
  leadId: number
  lookupValue: string
  /** The rows that the lead was made of; absent for one that is no row of the result. */
  rows?: number[]
  /** Values for the fields of its membership of a program; absent for none. */
  member?: MemberValues
}

/** The outcome of one lead's membership. `already` means that it was as wanted before. */
export type MembershipOutcome =
  { kind: "changed", lead: MembershipLead } |
  { kind: "already", lead: MembershipLead } |
  { kind: "skipped", lead: MembershipLead, reasons: MarketoProblem[] } |
  { kind: "failed", lead: MembershipLead, error: Error }
