import { RunStoppedError } from "../errors"
import { MembershipDelivery } from "../membership/membership_delivery"
import { LeadReservations } from "../quota/lead_reservations"
import { LeadOutcome } from "../report/outcomes"
import { RunControl } from "../stopping/run_control"
import { LeadBatch, LeadBatcher } from "./lead_batcher"
import { LeadSender } from "./lead_sync"
import { preparedOrStopped } from "./prepared_or_stopped"

/** Parts of the delivery that a batch passes on its way out. */
export interface BatchSendingParts {
  run: RunControl
  batcher: LeadBatcher
  sender: LeadSender
  memberships: Pick<MembershipDelivery, "needsPreparation" | "prepare">
  reservations: LeadReservations
}

/**
 * Takes one batch to Marketo, step by step: what the leads are to be added to is found or made, their lookup values are
 * claimed among all processes and hubs, and those that nobody else is sending are upserted. The others wait in the
 * batcher.
 */
export class BatchSending {
  constructor(private readonly parts: BatchSendingParts) {}

  /** Returns the outcome of each lead that is left in the batch. Never rejects for what Marketo says. */
  async send(batch: LeadBatch, onParked: (isParked: boolean) => void): Promise<LeadOutcome[]> {
    try {
      await this.prepare()
      await this.claim(batch)
    } catch (failure) {
      if (failure instanceof RunStoppedError) {
        return batch.leads.map((lead): LeadOutcome => ({ kind: "notSent", lead }))
      }
      throw failure
    }
    if (batch.leads.length === 0) {
      return []
    }
    batch.isOnTheWire = true
    return this.parts.sender.send(batch.leads, onParked)
  }

  /** If what the leads are to be added to cannot be had, the run ends before a lead is sent. */
  private async prepare(): Promise<void> {
    const { run, memberships } = this.parts
    if (memberships.needsPreparation) {
      await preparedOrStopped(run, async () => memberships.prepare())
    }
  }

  private async claim(batch: LeadBatch): Promise<void> {
    const { run, batcher, reservations } = this.parts
    const values = batch.leads.map((lead) => lead.reservation)
    const busy = await reservations.claim(values, run)
    if (busy.size > 0) {
      batcher.setAside(batch, busy)
      busy.forEach((value) => void reservations.freeElsewhere(value, run))
    }
  }
}
