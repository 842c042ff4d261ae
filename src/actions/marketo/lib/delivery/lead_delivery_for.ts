import { MarketoClient } from "../api/client"
import { syncLeadsBody } from "../api/lead_calls"
import { BlastRadius } from "../blast_radius/blast_radius"
import { BatchSizes, MAX_BODY_BYTES } from "../configuration/limits"
import { MembershipDelivery } from "../membership/membership_delivery"
import { LeadReservations } from "../quota/lead_reservations"
import { longestUpsertMs } from "../quota/retry_policy"
import { RunReport } from "../report/run_report"
import { RunSettings } from "../settings/run_settings"
import { RunControl } from "../stopping/run_control"
import { BatchSending, BatchSendingParts } from "./batch_sending"
import { DeliveryMemory } from "./delivery_memory"
import { BatchLimits, LeadBatcher } from "./lead_batcher"
import { LeadDelivery } from "./lead_delivery"
import { LeadLookup } from "./lead_lookup"
import { LeadSender, LeadSync } from "./lead_sync"
import { comparisonFor } from "./lookup_comparison"
import { SeveralMatches } from "./several_matches"
import { WorkInFlight } from "./work_in_flight"

/** Things that a run delivers with. */
export interface DeliveryOfRun {
  client: MarketoClient
  settings: RunSettings
  run: RunControl
  report: RunReport
  batchSizes: BatchSizes
  /** Calls that may be on the wire at once. */
  concurrentCalls: number
  /** The values of the run's lookup field that are on the way to the instance; the run's own if absent. */
  reservations?: LeadReservations
  /** That of all runs of the process if absent. */
  memory?: DeliveryMemory
  /** Of a dry run that would write fields. */
  blastRadius?: BlastRadius
}

const memoryOfProcess = new DeliveryMemory()

/** A run that writes no leads makes a list when it has found somebody for it, and leaves no empty list behind. */
const MADE_WHEN_NEEDED: BatchSendingParts["memberships"] = { needsPreparation: false, prepare: async () => undefined }

/** Puts the delivery of one run together. One that writes no leads looks them up, and reserves nothing. */
export function leadDeliveryFor(given: DeliveryOfRun): LeadDelivery {
  const { client, settings, run, report, batchSizes, concurrentCalls } = given
  const isOnlyRead = settings.isDryRun || !settings.writesLeads
  const reservations = isOnlyRead || given.reservations === undefined ? new LeadReservations() : given.reservations
  const emptyBody = syncLeadsBody({ ...settings, leads: [] })
  const limits = { leads: batchSizes.sync, bytes: MAX_BODY_BYTES - Buffer.byteLength(emptyBody) }
  const batcher = new LeadBatcher(limits, comparisonFor(settings.lookupField), reservations)
  const sender = isOnlyRead ? new LeadLookup(client, settings, given.blastRadius) : senderFor(client, settings, limits)
  const work = new WorkInFlight(run, report)
  const memberships = new MembershipDelivery(client, settings.changes, run, report, batchSizes, work)
  const sending = new BatchSending({
    run, batcher, sender, memberships: settings.writesLeads ? memberships : MADE_WHEN_NEEDED, reservations,
  })
  return new LeadDelivery({
    run, report, batcher, sending, memberships, work, memory: given.memory ?? memoryOfProcess, concurrentCalls,
    longestUpsertMs: longestUpsertMs(client.pace),
  })
}

function senderFor(client: MarketoClient, settings: RunSettings, limits: BatchLimits): LeadSender {
  const { severalMatches, mode } = settings
  const sync = new LeadSync(client, settings)
  // A run that only creates updates nobody, whatever Marketo says of them.
  return severalMatches === "skip" || mode === "createOnly" ? sync :
    new SeveralMatches(sync, client, { ...settings, severalMatches, limits })
}
