import { FieldDefinition } from "./field_schema"

/** A field of program members. */
export interface MemberField extends FieldDefinition {
  restName: string
}

type Row = [restName: string, displayName: string, dataType: FieldDefinition["dataType"], length?: number]

/** Fields that every instance has. Marketo fills them itself. */
const FIXED: Row[] = [
  ["acquiredBy", "Acquired By", "boolean"], ["leadId", "Lead Id", "integer"],
  ["membershipDate", "Membership Date", "datetime"], ["programId", "Program Id", "integer"],
  ["reachedSuccess", "Reached Success", "boolean"], ["statusName", "Status", "string", 255],
  ["updatedAt", "Updated At", "datetime"],
]

/** Custom fields: those that can be written. An instance has at most 20. */
const CUSTOM: Row[] = [
  ["registrationCode", "Registration Code", "string", 255], ["seatNumber", "Seat Number", "integer"],
  ["joinedLive", "Joined Live", "boolean"], ["joinedAt", "Joined At", "datetime"],
  ["invoiceDate", "Invoice Date", "date"], ["ticketPrice", "Ticket Price", "currency"],
  ["badgeName", "Badge Name", "string", 40], ["feedback", "Feedback", "text"],
  ["billingContact", "Billing Contact", "email", 255],
]

/** The fields of program members, in the order in which describe has them. */
export const MEMBER_FIELDS: readonly MemberField[] =
  [...FIXED.map((row) => fieldFromRow(row, false)), ...CUSTOM.map((row) => fieldFromRow(row, true))]

const BY_NAME = new Map(MEMBER_FIELDS.map((field) => [field.restName, field]))

/** Returns the field with a REST name (case-sensitive). */
export function memberField(restName: string): MemberField | undefined {
  return BY_NAME.get(restName)
}

/** Returns true if values can be written to a field of program members. */
export function isWritableMemberField(restName: string): boolean {
  return memberField(restName)?.custom === true
}

function fieldFromRow([restName, displayName, dataType, length]: Row, custom: boolean): MemberField {
  return { restName, displayName, dataType, length, custom, readOnly: !custom,
    searchable: isSearchable(restName, dataType, custom) }
}

/** Custom fields are filters if they are texts or whole numbers. Source: Adobe's page on program members. */
function isSearchable(restName: string, dataType: string, custom: boolean): boolean {
  return custom ? dataType === "string" || dataType === "integer" :
    ["leadId", "statusName", "reachedSuccess"].includes(restName)
}
