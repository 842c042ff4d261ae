import { ActionState } from "./action_state"

/**
 * Returns the state as Looker gets it: the very object, or, if it asks to be refreshed, a copy with that time under
 * both names. Looker documents `refresh_time`; existing hubs have always sent `refreshTime`.
 * A plain object, from a state that crossed a process boundary, works as well.
 */
export function wireState(state: ActionState | undefined): ActionState | undefined {
  if (state?.refreshTime === undefined) {
    return state
  }
  return Object.assign({}, state, { refresh_time: state.refreshTime })
}
