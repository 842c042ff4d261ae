import { LeadRecord } from "../api/types"

/** A lead on its way to Marketo, made of one row of the query result or of several with one lookup value. */
export interface Lead {
  /** The lookup field's value, as a person would write it. */
  lookupValue: string
  record: LeadRecord
  /** The numbers of the rows that went into it, in their order; the first row of a result is 1. */
  rows: number[]
  /** What was left out of which row, in words; absent if nothing was. */
  leftOut?: { row: number, values: string }[]
}

/** A lead with its JSON text, which is measured once and sent as it is. */
export interface QueuedLead extends Lead {
  json: string
  /** Bytes of `json` in UTF-8. */
  bytes: number
  /** Two leads with equal keys must not be on the way at once. */
  reservation: string
}

/** Returns the bytes of the leads' JSON texts, without what stands between them. */
export function bytesOf(leads: QueuedLead[]): number {
  return leads.reduce((sum, { bytes }) => sum + bytes, 0)
}
