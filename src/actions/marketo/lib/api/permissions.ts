/**
 * The permission that an API user's role needs for each call, by the call's operation; of two that do, the one that
 * runs need as well. Source: Marketo developer guide, "Endpoint Reference" and "Custom Services".
 */
const PERMISSIONS = new Map<string, string>([
  ["sync leads", "Read-Write Lead"],
  ["look leads up", "Read-Write Lead"],
  ["describe leads", "Read-Write Lead"],
  ["describe leads with SOAP names", "Read-Write Lead"],
  ["get partitions", "Read-Write Lead"],
  ["add to list", "Read-Write Lead"],
  ["remove from list", "Read-Write Lead"],
  ["read list members", "Read-Write Lead"],
  ["get lists", "Read-Write Lead"],
  ["browse lists", "Read-Write Lead"],
  ["find list by name", "Read-Write Lead"],
  ["set program status", "Read-Write Lead"],
  ["remove from program", "Read-Write Lead"],
  ["request campaign", "Execute Campaign"],
  ["get campaigns", "Read-Only Campaign"],
  ["browse campaigns", "Read-Only Campaign"],
  ["find campaign by name", "Read-Only Campaign"],
  ["browse smart campaigns", "Read-Only Assets"],
  ["get program", "Read-Only Assets"],
  ["get programs", "Read-Only Assets"],
  ["browse programs", "Read-Only Assets"],
  ["find program by name", "Read-Only Assets"],
  ["get channel", "Read-Only Assets"],
  ["find list", "Read-Only Assets"],
  ["find folder", "Read-Only Assets"],
  ["create list", "Read-Write Assets"],
])

/** The permission that a call needs; undefined for one that needs none. */
export function permissionFor(operation: string): string | undefined {
  return PERMISSIONS.get(operation)
}
