import { LeadRecord } from "../api/types"

/** Values for fields of a program member, keyed by REST API names. */
export interface MemberValues {
  values: LeadRecord
  /** Bytes of the values as JSON, in UTF-8. */
  bytes: number
}

/** A lead on its way to Marketo, made of one row of the query result or of several with one lookup value. */
export interface Lead {
  /** The lookup field's value, as a person would write it. */
  lookupValue: string
  record: LeadRecord
  /** The numbers of the rows that went into it, in their order; the first row of a result is 1. */
  rows: number[]
  /** What was left out of which row, in words; absent if nothing was. */
  leftOut?: { row: number, values: string }[]
  /** What is written to its membership of each of the run's programs; absent for nothing. */
  member?: MemberValues
}

/** A lead with its JSON text, which is measured once and sent as it is. */
export interface QueuedLead extends Lead {
  json: string
  /** Bytes of `json` in UTF-8. */
  bytes: number
  /** Two leads with equal keys must not be on the way at once. */
  reservation: string
}

/** Measures values for a program member; undefined if there are none. */
export function memberValuesOf(values: LeadRecord): MemberValues | undefined {
  return Object.keys(values).length === 0 ? undefined : { values, bytes: Buffer.byteLength(JSON.stringify(values)) }
}

/** Returns the values of two rows of one lead; where both have one, the later row's counts. */
export function laterOver(
  earlier: MemberValues | undefined, later: MemberValues | undefined,
): MemberValues | undefined {
  return earlier === undefined || later === undefined ? later ?? earlier :
    memberValuesOf({ ...earlier.values, ...later.values })
}

/** Returns the bytes that leads hold for program members. */
export function memberBytesOf(leads: { member?: MemberValues }[]): number {
  return leads.reduce((sum, { member }) => sum + (member?.bytes ?? 0), 0)
}

/** Returns the bytes of the leads' JSON texts, without what stands between them. */
export function bytesOf(leads: QueuedLead[]): number {
  return leads.reduce((sum, { bytes }) => sum + bytes, 0)
}
