import { BlastRadius } from "../blast_radius/blast_radius"
import { FirstPeople } from "../blast_radius/first_people"
import { Lead } from "../report/lead"
import { RunSettings } from "../settings/run_settings"
import { comparisonFor } from "./lookup_comparison"
import { LeadTaker, SeatBelt, SeatBeltParts } from "./seat_belt"

/** Parts of the run that decide on its seat belt. */
export interface SeatBeltOfRun extends Pick<SeatBeltParts, "client" | "run" | "report"> {
  settings: RunSettings
  /** Of a dry run that would write fields. */
  blastRadius?: BlastRadius
}

/**
 * Returns the most percent of a field's values that the first rows of a run may clear; undefined if there is no limit,
 * or if the run cannot clear anything.
 */
export function clearingLimitOf(
  settings: Pick<RunSettings, "mostClearedPercent" | "writesLeads" | "emptyCells" | "mode">,
): number | undefined {
  const { mostClearedPercent, writesLeads, emptyCells, mode } = settings
  return writesLeads && emptyCells === "clear" && mode !== "createOnly" ? mostClearedPercent : undefined
}

/** Returns what is to take the leads of a run in the place of its delivery. */
export function withSeatBelt(delivery: LeadTaker, given: SeatBeltOfRun): LeadTaker {
  const { client, run, report, settings, blastRadius } = given
  const mostClearedPercent = clearingLimitOf(settings)
  if (mostClearedPercent === undefined) {
    return delivery
  }
  return settings.isDryRun ? rehearsed(delivery, settings.lookupField, blastRadius?.firstPeople) :
    new SeatBelt(delivery, { client, run, report, settings: { ...settings, mostClearedPercent } })
}

/** A dry run holds nothing back, since it looks everybody up: it only remembers who the first people are. */
function rehearsed(delivery: LeadTaker, lookupField: string, people?: FirstPeople): LeadTaker {
  const comparison = comparisonFor(lookupField)
  return {
    add: (lead: Lead): Promise<void> | undefined => {
      if (people?.isFull === false) {
        people.add(comparison.reservation(lead.lookupValue), lead.lookupValue, lead.record)
      }
      return delivery.add(lead)
    },
    finish: async (stopGraceMs: number) => delivery.finish(stopGraceMs),
  }
}
