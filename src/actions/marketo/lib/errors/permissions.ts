/** A permission of an API user's role. Source: Marketo developer guide, "Custom Services". */
export type Permission =
  "Read-Write Lead" | "Execute Campaign" | "Read-Only Campaign" | "Read-Only Assets" | "Read-Write Assets"

/** The permissions that the guide asks for; Read-Write Assets is needed besides if lists are to be created. */
const NEEDED_PERMISSIONS: Permission[] =
  ["Read-Write Lead", "Execute Campaign", "Read-Only Campaign", "Read-Only Assets"]

/** Returns what to do if Marketo denies access to a call that needs this permission, or to one that needs none. */
export function accessDeniedAdvice(permission?: Permission): string {
  const first = NEEDED_PERMISSIONS.slice(0, -1).join(", ")
  const lack = permission !== undefined ? `the permission ${permission}` :
    `a permission (${first} and ${NEEDED_PERMISSIONS[NEEDED_PERMISSIONS.length - 1]} are needed)`
  return `The role of the API user lacks ${lack}, or this hub's address is not on the instance's IP allow list. ` +
    "Ask your Marketo administrator to add what is missing."
}
