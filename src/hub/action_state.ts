/**
 * The state that Looker keeps for a user between requests, and sends back as the param `state_json`.
 * An answer without a state leaves the stored one unchanged. A state without `data` clears it.
 */
export class ActionState {

  /** Up to 32 KB, stored encrypted by Looker. By convention, `reset` means "sign in again". */
  data?: string
  /** Seconds until Looker asks for the form again on its own, at least ten minutes. */
  refreshTime?: number

  asJson() {
    return {
      data: this.data,
      refresh_time: this.refreshTime,
    }
  }

}
