/** The name under which what runs in the process that serves HTTP holds calls and leases. */
export const HUB_PROCESS = "hub"
