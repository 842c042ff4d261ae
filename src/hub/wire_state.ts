import { ActionState } from "./action_state"

/**
 * The state as it goes to Looker: the very object, or, when it asks to be refreshed, a copy that says so under both
 * names. Looker documents `refresh_time`; existing hubs have always sent `refreshTime`.
 * A state that crossed a process boundary, and so is a plain object, is as good.
 */
export function wireState(state: ActionState | undefined): ActionState | undefined {
  if (state?.refreshTime === undefined) {
    return state
  }
  return Object.assign({}, state, { refresh_time: state.refreshTime })
}
