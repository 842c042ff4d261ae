/** The usual text of a response-level code, for faults that do not bring their own. */
export const USUAL_MESSAGES: Readonly<Record<string, string>> = {
  500: "System error", 502: "Bad Gateway",
  600: "Empty access token", 601: "Access token invalid", 602: "Access token expired", 603: "Access denied",
  604: "Request timed out", 605: "Request method 'POST' not supported",
  606: "Max rate limit '100' exceeded with in '20' secs", 607: "Daily quota reached",
  608: "API Temporarily Unavailable", 609: "Invalid JSON", 610: "Requested resource not found", 611: "System error",
  612: "Invalid Content Type", 613: "Invalid Multipart Request", 614: "Invalid Subscription",
  615: "Concurrent access limit '10' reached", 616: "Invalid subscription type", 701: "name cannot be blank",
  702: "No data found matching the criteria", 703: "The feature is not enabled", 704: "Invalid date format",
  709: "Business rule violation", 710: "Parent folder not found", 711: "Incompatible folder type",
  713: "Transient error", 718: "ExternalSalesPersonID not found", 719: "Lock wait timeout",
  1001: "Invalid value 'x'. Required of type 'Integer'", 1002: "Missing value for the required parameter 'x'",
  1003: "Invalid data", 1004: "Lead not found", 1005: "Lead already exists", 1006: "Field 'x' not found",
  1007: "Multiple lead match lookup criteria", 1008: "Access denied to partition 'x'",
  1009: "Partition name must be specified", 1010: "Partition update not allowed", 1011: "Field 'x' not supported",
  1013: "Object not found", 1014: "Failed to create Object", 1015: "Lead not in list",
  1016: "There are 10 imports currently being processed. Please try again later", 1019: "Import in progress",
  1021: "Company update not allowed", 1022: "Object in use", 1025: "Program status not found",
  1029: "Too many jobs in queue", 1037: "Lead skipped because it is already in or past this status",
}

/** Returns the text for a code, in whichever form it was sent. A code without an entry gets "Unknown error". */
export function usualMessage(code: string | number): string {
  return USUAL_MESSAGES[String(code)] ?? "Unknown error"
}
