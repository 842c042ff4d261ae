import { MAX_BODY_BYTES } from "../configuration/limits"
import { MembershipLead, MembershipOutcome } from "../report/outcomes"

/** Bytes of a record besides its values: `"leadId":` with the longest id, and commas. */
const RECORD_BYTES = 32

/** Bytes of a body besides its records. */
const BODY_BYTES = 16

/** Divides leads, in their order, so that the values of each part fit into one call; too large a lead stays alone. */
export function inBodies(leads: MembershipLead[]): MembershipLead[][] {
  const parts: MembershipLead[][] = []
  let bytes = Infinity
  for (const lead of leads) {
    const more = recordBytes(lead)
    if (bytes + more > MAX_BODY_BYTES) {
      parts.push([])
      bytes = BODY_BYTES
    }
    parts[parts.length - 1].push(lead)
    bytes += more
  }
  return parts
}

/** Returns true for a part whose only lead is larger than a call may be. */
export function isTooLarge([lead]: MembershipLead[]): boolean {
  return BODY_BYTES + recordBytes(lead) > MAX_BODY_BYTES
}

/** Returns the outcome of a lead that no call can carry. */
export function skippedAsTooLarge(leads: MembershipLead[]): MembershipOutcome[] {
  return leads.map((lead): MembershipOutcome => ({
    kind: "skipped", lead,
    reasons: [{ code: "", message: "The program fields are larger than one call to Marketo may be (1 MB)" }],
  }))
}

function recordBytes({ member }: MembershipLead): number {
  return RECORD_BYTES + (member?.bytes ?? 0)
}
