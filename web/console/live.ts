import { useEffect, useState } from "preact/hooks"

import type { WatchEvents } from "../../src/console/watch/shapes"
import { ask, wordsOf } from "../shared/api"

const EVENTS = ["runs", "run", "quotas", "hub", "trouble"] as const

/** The time after which a stream that was refused is asked for again, in ms. */
const AGAIN_AFTER_MS = 5000

/** What the hub said last, and what keeps it from saying more, in a sentence; empty if nothing does. */
export interface Live {
  events: Partial<WatchEvents>
  problem: string
}

/**
 * Listens to the hub while the page can be seen: browsers allow few connections to one host, over all their pages.
 * `runId`: the run that the page is about.
 */
export function useLive(runId?: string): Live {
  const [events, setEvents] = useState<Live["events"]>({})
  const [problem, setProblem] = useState("")
  useEffect(() => {
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false

    const close = (): void => {
      clearTimeout(timer)
      source?.close()
      source = undefined
    }
    const openLater = async (reason: string): Promise<void> => {
      close()
      setProblem(reason)
      // If the session is over, the answer says so to the whole page.
      const refusal = await ask("GET", "console-data/settings").then(() => reason, wordsOf)
      if (!isOver) {
        setProblem(refusal)
        timer = setTimeout(open, AGAIN_AFTER_MS)
      }
    }
    const open = (): void => {
      if (document.hidden || source !== undefined) {
        return
      }
      source = new EventSource(`console-data/events${runId === undefined ? "" : `?run=${encodeURIComponent(runId)}`}`)
      source.addEventListener("open", () => setProblem(""))
      for (const name of EVENTS) {
        source.addEventListener(name, ({ data }: MessageEvent<string>) => {
          setEvents((before) => ({ ...before, [name]: JSON.parse(data) as unknown }))
        })
      }
      source.addEventListener("over", () => void openLater("The hub has ended what it sends."))
      source.addEventListener("error", () => {
        if (source?.readyState === EventSource.CLOSED) {
          void openLater("The hub sends nothing more at present: too many pages may be open, or it is stopping.")
        } else {
          setProblem("The connection to the hub is lost. Trying again.")
        }
      })
    }
    const follow = (): void => document.hidden ? close() : open()

    setEvents(({ run: _run, ...others }) => others)
    open()
    document.addEventListener("visibilitychange", follow)
    return () => {
      isOver = true
      document.removeEventListener("visibilitychange", follow)
      close()
    }
  }, [runId])
  return { events, problem: problem === "" ? events.trouble?.message ?? "" : problem }
}
