/**
 * Lookup fields by whose tags a cell is offered. Fields that an instance has added are not known to Looker's list of
 * actions, which is the same for all instances: such columns are tagged `email` as well, and the field is chosen in
 * the form. Source: Marketo developer guide, "Leads", and https://developer.adobe.com/marketo-apis/api/mapi/.
 */
export const CELL_LOOKUP_FIELDS = [
  "email", "id", "cookies", "facebookId", "linkedInId", "twitterId", "sfdcAccountId", "sfdcContactId", "sfdcLeadId",
  "sfdcLeadOwnerId", "sfdcOpptyId",
]
