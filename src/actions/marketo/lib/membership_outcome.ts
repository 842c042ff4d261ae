import { MarketoError, RunStoppedError } from "./errors"
import { MarketoProblem } from "./marketo_types"

/** A lead whose membership is to change. */
export interface MembershipLead {
  leadId: number
  lookupValue: string
}

/** What became of one lead's membership. `already` means that it was as wanted before. */
export type MembershipOutcome =
  { kind: "changed", lead: MembershipLead } |
  { kind: "already", lead: MembershipLead } |
  { kind: "skipped", lead: MembershipLead, reasons: MarketoProblem[] } |
  { kind: "failed", lead: MembershipLead, error: Error }

/** One way of changing memberships. `apply` never rejects for what Marketo says. */
export interface MembershipStrategy {
  readonly batchSize: number
  /** Finds or makes what leads are to be added to; absent when it is there. Throws as MarketoCaller.send does. */
  prepare?(): Promise<void>
  apply(leads: MembershipLead[]): Promise<MembershipOutcome[]>
}

/** The outcomes of a call that failed as a whole. Throws what is no failure of Marketo's. */
export function failedAll(leads: MembershipLead[], failure: unknown): MembershipOutcome[] {
  if (!(failure instanceof MarketoError || failure instanceof RunStoppedError)) {
    throw failure
  }
  return leads.map((lead): MembershipOutcome => ({ kind: "failed", lead, error: failure }))
}
