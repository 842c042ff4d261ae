/** The owner of the calls and leases of actions that run in the process that serves HTTP. */
export const HUB_PROCESS = "hub"
