import { MarketoClient } from "../api/client"
import { MarketoConnection } from "../api/connection"
import { BlastRadius } from "../blast_radius/blast_radius"
import { BatchSizes, LARGEST_FILES } from "../configuration/limits"
import { Delivery } from "../delivery/delivery"
import { leadDeliveryFor } from "../delivery/lead_delivery_for"
import { comparisonFor } from "../delivery/lookup_comparison"
import { RunReport } from "../report/run_report"
import { RunSettings } from "../settings/run_settings"
import { obstacleToFiles } from "../settings/way_of_sending"
import { RunControl } from "../stopping/run_control"
import { FileDelivery } from "./file_delivery"
import { FileSlots } from "./file_slots"
import { AutomaticChoice, WayChoice } from "./way_choice"

/** Things that a run delivers with. */
export interface DeliveryOfRun {
  client: MarketoClient
  connection: MarketoConnection
  settings: RunSettings
  run: RunControl
  report: RunReport
  batchSizes: BatchSizes
  /** How long a run may take, in ms of Marketo's time. */
  runLimitMs: number
  /** The most rows that the query gives; undefined if Looker does not say. */
  rowLimit?: number
  /** Learns what would become of values; only in a dry run. */
  blastRadius?: BlastRadius
  /** Reads how many calls are left of the day. Throws as MarketoCaller.send does. */
  callsLeft(): Promise<number>
}

/** Name of the reservations of places for files; no field of a lead has a blank. */
const FILE_PLACES = "files of bulk imports"

/** Returns what takes the leads of a run to Marketo: calls, files, or whichever suits. A dry run writes no file. */
export function deliveryFor(given: DeliveryOfRun): Delivery {
  const { client, connection, settings, run, report, batchSizes, blastRadius } = given
  const reservations = connection.reservations(settings.lookupField)
  const byCalls = () => leadDeliveryFor({
    client, settings, run, report, batchSizes, concurrentCalls: connection.quota.concurrentCalls, reservations,
    blastRadius,
  })
  const { sendBy = "calls" } = settings
  if (sendBy === "calls" || settings.isDryRun) {
    return byCalls()
  }
  const obstacle = obstacleToFiles(settings)
  if (sendBy === "automatic" && obstacle !== undefined) {
    // Files know neither the ids that a mirror compares, nor values of program members.
    report.notes.push(`Sent by calls, since ${obstacle}.`)
    return byCalls()
  }
  const choice = sendBy === "files" ? undefined : choiceFor(given)
  return new FileDelivery({
    client, settings, run, report, reservations, comparison: comparisonFor(settings.lookupField), byCalls, choice,
    slots: new FileSlots(connection.reservations(FILE_PLACES)), sizes: batchSizes.file ?? LARGEST_FILES,
    stopGraceMs: connection.pace.stopGraceMs,
  })
}

/** Returns what decides for a run between files and calls, if the form leaves that open. */
export function choiceFor(
  given: Pick<DeliveryOfRun, "settings" | "connection" | "batchSizes" | "rowLimit" | "runLimitMs" | "callsLeft">,
): WayChoice {
  const { settings, connection, batchSizes, rowLimit, runLimitMs, callsLeft } = given
  return new AutomaticChoice({
    hasList: settings.changes.length > 0, fewestLeads: (batchSizes.file ?? LARGEST_FILES).fewestLeads, rowLimit,
    share: connection.quota, runLimitMs, callsLeft,
  })
}
