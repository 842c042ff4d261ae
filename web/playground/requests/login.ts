import { useRef } from "preact/hooks"

import { ask } from "../../shared/api"
import type { ActionDefinition, Texts } from "./wire"

/** A login to an action's service, whose state comes to an address that the hub has opened for it. */
export interface LoginSession {
  /** Opens an address if the action has logins of its own. Returns what goes to the action besides its settings. */
  begin: (action: ActionDefinition) => Promise<Texts>
  /** What goes to the action besides its settings. */
  settings: () => Texts
  /** Returns the state that a login has brought since it was last asked for, if any. */
  collect: () => Promise<string | undefined>
}

interface Slot {
  id: string
  url: string
}

/** Keeps the address for the login of the action that is shown. */
export function useLogin(): LoginSession {
  const slot = useRef<Slot | undefined>(undefined)
  const settings = (): Texts => slot.current === undefined ? {} : { state_url: slot.current.url }
  const open = async (): Promise<void> => {
    slot.current = await ask<Slot>("POST", "playground/states")
  }
  return {
    settings,
    begin: async (action) => {
      slot.current = undefined
      if (action.uses_oauth && !action.delegate_oauth) {
        await open()
      }
      return settings()
    },
    collect: async () => {
      if (slot.current === undefined) {
        return undefined
      }
      const { data } = await ask<{ data?: string }>("GET", `playground/states/${slot.current.id}`)
      if (data !== undefined) {
        await open()
      }
      return data
    },
  }
}
