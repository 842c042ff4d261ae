/**
 * What Looker keeps for a user between requests, and brings back as the param `state_json`.
 * An answer without a state leaves the kept one as it is; a state without `data` clears it.
 */
export class ActionState {

  /** Up to 32 KB; stored encrypted by Looker. `reset` is the custom for "sign in again". */
  data?: string
  /** Seconds until Looker asks for the form again on its own; at least ten minutes. */
  refreshTime?: number

  asJson() {
    return {
      data: this.data,
      refresh_time: this.refreshTime,
    }
  }

}
