import { LeadIdSet } from "../membership/lead_id_set"
import { Lead } from "../report/lead"
import { MembershipChange } from "../settings/membership_change"

/** Takes leads as they are read, and brings them to Marketo by whatever way. */
export interface Delivery {
  /** Takes one lead. The promise, which never rejects, resolves when there is room for more. */
  add(lead: Lead): Promise<void> | undefined
  /** Returns Marketo's ids of the leads that were handed to a membership change. */
  leadIdsFor(change: MembershipChange): LeadIdSet
  /** Sends what is left; resolves when every lead has its outcome, or when the run's grace after a stop is over. */
  finish(stopGraceMs: number): Promise<void>
}
