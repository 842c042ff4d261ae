import { useRef, useState } from "preact/hooks"

import { ask, wordsOf } from "../../shared/api"
import type { Texts } from "./wire"

interface Membership {
  id: number
  name: string
  members: number
  added: number
  removed: number
  changed: number
}

/** What the stand-in says about itself; see sandbox/marketo/front/desk.ts. */
export interface Desk {
  /** The action that it stands in for, and the settings with which that reaches it. */
  action: string
  settings: Texts
  switches: { name: string, label: string, isOn: boolean }[]
  lastCall: number
  changes: {
    leads: { created: number, updated: number, shown: { id: number, kind: string, values: Record<string, unknown> }[] }
    lists: Membership[]
    programs: Membership[]
    campaigns: { id: number, name: string, leads: number }[]
    calls: { operation: string, calls: number, refused: Record<string, number> }[]
  }
}

export interface StandInSession {
  desk: Desk | undefined
  problem: string | undefined
  /** Looks again. */
  look: () => Promise<Desk | undefined>
  /** From here on changes count. */
  mark: () => Promise<void>
  flip: (name: string, isOn: boolean) => Promise<void>
}

/** Keeps what the stand-in says, with the changes since the mark. */
export function useStandIn(): StandInSession {
  const [desk, setDesk] = useState<Desk>()
  const [problem, setProblem] = useState<string>()
  const mark = useRef(0)
  const guarded = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await work()
      setProblem(undefined)
      return result
    } catch (thrown) {
      setProblem(wordsOf(thrown))
      return undefined
    }
  }
  const look = async (): Promise<Desk | undefined> => guarded(async () => {
    const next = await ask<Desk>("GET", `playground/stand-in?after=${mark.current}`)
    setDesk(next)
    return next
  })
  return {
    desk, problem, look,
    mark: async () => {
      mark.current = (await look())?.lastCall ?? mark.current
    },
    flip: async (name, isOn) => {
      await guarded(async () => ask("POST", "playground/stand-in/switches", { [name]: isOn }))
      await look()
    },
  }
}
