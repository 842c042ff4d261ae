/** The data types of lead fields, as describe names them. */
export type DataType =
  | "string" | "text" | "email" | "phone" | "url" | "integer" | "score" | "percent" | "float" | "currency"
  | "boolean" | "date" | "datetime" | "reference" | "formula"

/** A type that no document names; Marketo has added types before. */
export type UnknownDataType = string & Record<never, never>

/** One lead field of the instance. */
export interface FieldDefinition {
  /** REST name; undefined for the few entries that are not usable over REST. */
  restName: string | undefined
  displayName: string
  dataType: DataType | UnknownDataType
  /** Characters (bytes for `text`), for text-like types. */
  length?: number
  readOnly?: boolean
  /** May be used as filter and lookup field. */
  searchable?: boolean
  company?: boolean
  custom?: boolean
  /** Name in the older SOAP interface, on old fields only. */
  soapName?: string
  description?: string
  /** Per-instance number in describe; assigned when absent. */
  describeId?: number
}

type Row = [restName: string, displayName: string, dataType: DataType, length?: number, marks?: string]

/** Marks: r read-only, c company, s searchable. */
const STANDARD: Row[] = [
  ["id", "Id", "integer", undefined, "s"],
  ["email", "Email Address", "email", 255, "s"],
  ["salutation", "Salutation", "string", 255], ["firstName", "First Name", "string", 255],
  ["middleName", "Middle Name", "string", 255], ["lastName", "Last Name", "string", 255],
  ["mktoName", "Full Name", "string", 255, "r"],
  ["title", "Job Title", "string", 255], ["department", "Department", "string", 255],
  ["phone", "Phone Number", "phone", 255], ["mobilePhone", "Mobile Phone Number", "phone", 255],
  ["fax", "Fax Number", "phone", 255], ["address", "Address", "text"],
  ["city", "City", "string", 255], ["state", "State", "string", 255],
  ["country", "Country", "string", 255], ["postalCode", "Postal Code", "string", 255],
  ["personTimeZone", "Person Time Zone", "string", 255, "r"], ["dateOfBirth", "Date of Birth", "date"],
  ["personType", "Person Type", "string", 50], ["leadRole", "Role", "string", 50],
  ["leadSource", "Lead Source", "string", 255], ["leadStatus", "Lead Status", "string", 255],
  ["rating", "Lead Rating", "string", 255], ["leadScore", "Lead Score", "integer"],
  ["priority", "Priority", "integer"], ["relativeScore", "Relative Score", "integer"],
  ["relativeUrgency", "Relative Urgency", "integer"], ["urgency", "Urgency", "float"],
  ["unsubscribed", "Unsubscribed", "boolean"], ["emailInvalid", "Email Invalid", "boolean"],
  ["emailSuspended", "Email Suspended", "boolean"], ["doNotCall", "Do Not Call", "boolean"],
  ["marketingSuspended", "Marketing Suspended", "boolean"], ["blackListed", "Black Listed", "boolean"],
  ["unsubscribedReason", "Unsubscribed Reason", "string", 2000],
  ["doNotCallReason", "Do Not Call Reason", "string", 2000],
  ["emailInvalidCause", "Email Invalid Cause", "string", 255],
  ["emailSuspendedCause", "Email Suspended Cause", "string", 255],
  ["mktoDoNotCallCause", "Do Not Call Cause", "string", 255],
  ["marketingSuspendedCause", "Marketing Suspended Cause", "string", 255],
  ["blackListedCause", "Black Listed Cause", "string", 255],
  ["emailSuspendedAt", "Email Suspended At", "datetime"], ["mktoPersonNotes", "Person Notes", "text"],
  ["company", "Company Name", "string", 255, "c"], ["site", "Site", "string", 255, "c"],
  ["website", "Website", "url", 255, "c"], ["mainPhone", "Main Phone", "string", 255, "c"],
  ["industry", "Industry", "string", 255, "c"], ["annualRevenue", "Annual Revenue", "currency", undefined, "c"],
  ["numberOfEmployees", "Num Employees", "integer", undefined, "c"], ["sicCode", "SIC Code", "string", 40, "c"],
  ["billingStreet", "Billing Address", "text", undefined, "c"],
  ["mktoCompanyNotes", "Company Notes", "text", undefined, "c"],
  ["billingCity", "Billing City", "string", 255, "c"], ["billingState", "Billing State", "string", 255, "c"],
  ["billingCountry", "Billing Country", "string", 255, "c"],
  ["billingPostalCode", "Billing Postal Code", "string", 255, "c"],
  ["externalCompanyId", "External Company Id", "string", 50],
  ["externalSalesPersonId", "External Sales Person Id", "string", 50],
  ["isLead", "Is Lead", "boolean"], ["mktoIsCustomer", "Is Customer", "boolean"],
  ["mktoIsPartner", "Is Partner", "boolean"], ["isAnonymous", "Is Anonymous", "boolean"],
  ["originalSourceType", "Original Source Type", "string", 255, "r"],
  ["originalSearchEngine", "Original Search Engine", "string", 255, "r"],
  ["originalSearchPhrase", "Original Search Phrase", "string", 255, "r"],
  ["originalSourceInfo", "Original Source Info", "string", 2000, "r"],
  ["originalReferrer", "Original Referrer", "url", 255, "r"],
  ["registrationSourceType", "Registration Source Type", "string", 255],
  ["registrationSourceInfo", "Registration Source Info", "string", 2000],
  ["inferredCompany", "Inferred Company", "string", 255, "r"],
  ["inferredCountry", "Inferred Country", "string", 255, "r"],
  ["inferredCity", "Inferred City", "string", 255, "r"],
  ["inferredStateRegion", "Inferred State Region", "string", 255, "r"],
  ["inferredPostalCode", "Inferred Postal Code", "string", 255, "r"],
  ["inferredMetropolitanArea", "Inferred Metropolitan Area", "string", 255, "r"],
  ["inferredPhoneAreaCode", "Inferred Phone Area Code", "string", 255, "r"],
  ["anonymousIP", "Anonymous IP", "string", 255], ["cookies", "Cookies", "string", 255, "s"],
  ["ecids", "ECIDs", "string", 255, "r"], ["contactCompany", "Contact Company", "reference", undefined, "r"],
  ["leadPerson", "Lead Person", "reference", undefined, "r"],
  ["personPrimaryLeadInterest", "Primary Lead Interest", "reference", undefined, "r"],
  ["leadPartitionId", "Lead Partition Id", "reference", undefined, "s"],
  ["leadRevenueCycleModelId", "Lead Revenue Cycle Model ID", "reference"],
  ["leadRevenueStageId", "Lead Revenue Stage ID", "reference"],
  ["acquisitionProgramId", "Acquisition Program", "reference"],
  ["mktoAcquisitionDate", "Acquisition Date", "datetime"],
  ["facebookId", "Facebook Id", "string", 2000, "s"], ["twitterId", "Twitter Id", "string", 2000, "s"],
  ["linkedInId", "LinkedIn Id", "string", 2000, "s"],
  ["sfdcLeadId", "SFDC Lead Id", "string", 255, "s"], ["sfdcContactId", "SFDC Contact Id", "string", 255, "s"],
  ["sfdcAccountId", "SFDC Account Id", "string", 255, "s"],
  ["sfdcLeadOwnerId", "SFDC Lead Owner Id", "string", 255, "s"],
  ["sfdcOpptyId", "SFDC Oppty Id", "string", 255, "s"],
  ["createdAt", "Created At", "datetime", undefined, "r"], ["updatedAt", "Updated At", "datetime", undefined, "r"],
]

/** One custom field of each type. The string, e-mail and integer ones can be used for lookups. */
const CUSTOM: Row[] = [
  ["customerNumber", "Customer Number", "string", 255, "s"], ["Account__c", "Account", "string", 255, "s"],
  ["secondaryEmail", "Secondary Email", "email", 255, "s"], ["legacyId", "Legacy Id", "integer", undefined, "s"],
  ["longNotes", "Long Notes", "text"], ["assistantPhone", "Assistant Phone", "phone", 255],
  ["profileUrl", "Profile URL", "url", 255], ["fitScore", "Fit Score", "score"],
  ["discountPercent", "Discount Percent", "percent"], ["engagementIndex", "Engagement Index", "float"],
  ["lifetimeValue", "Lifetime Value", "currency"], ["isVip", "Is VIP", "boolean"],
  ["renewalDate", "Renewal Date", "date"], ["lastOrderAt", "Last Order At", "datetime"],
  ["accountOwner", "Account Owner", "reference", undefined, "r"],
  ["fullAddress", "Full Address", "formula", undefined, "r"],
]

const OLD_DESCRIBE_IDS: Record<string, number> = { company: 4, id: 44, firstName: 53, lastName: 55, email: 56 }
const OLD_SOAP_NAMES: Record<string, string> = {
  id: "Id", email: "Email", firstName: "FirstName", lastName: "LastName", company: "Company", phone: "Phone",
}
const CRM_IDS = new Set(["sfdcLeadId", "sfdcContactId", "sfdcAccountId", "sfdcLeadOwnerId", "sfdcOpptyId"])

/** The lead fields of an instance, by REST name (case-sensitive). */
export class FieldSchema {
  readonly fields: FieldDefinition[]
  private readonly byRestName = new Map<string, FieldDefinition>()

  constructor(extraFields: FieldDefinition[] = []) {
    const withoutRest: FieldDefinition = { restName: undefined, displayName: "Merged Record Marker", dataType: "string",
      length: 255, soapName: "MergedRecordMarker" }
    this.fields = [
      ...STANDARD.map((row) => fieldFromRow(row, false)), withoutRest,
      ...CUSTOM.map((row) => fieldFromRow(row, true)),
      ...extraFields.map((field) => ({ custom: true, ...field })),
    ]
    this.fields.forEach((field, index) => {
      field.describeId ??= 1000 + index
      if (field.restName !== undefined) {
        this.byRestName.set(field.restName, field)
      }
    })
  }

  field(restName: string): FieldDefinition | undefined {
    return this.byRestName.get(restName)
  }

  /** Adds a custom field to a running instance. */
  add(field: FieldDefinition) {
    const complete = { custom: true, describeId: 1000 + this.fields.length, ...field }
    this.fields.push(complete)
    if (complete.restName !== undefined) {
      this.byRestName.set(complete.restName, complete)
    }
  }

  searchable(): FieldDefinition[] {
    return this.fields.filter((field) => field.searchable)
  }

  /** Returns true if only a CRM sync may write the field. */
  isCrmManaged(field: FieldDefinition): boolean {
    return field.restName !== undefined && CRM_IDS.has(field.restName)
  }
}

function fieldFromRow([restName, displayName, dataType, length, marks = ""]: Row, custom: boolean): FieldDefinition {
  return {
    restName, displayName, dataType, length, custom,
    readOnly: marks.includes("r"), company: marks.includes("c"), searchable: marks.includes("s"),
    soapName: OLD_SOAP_NAMES[restName], describeId: OLD_DESCRIBE_IDS[restName],
  }
}
