import type { Response } from "express"
import * as winston from "winston"

import { failureForLog } from "../../server/failure_log"
import type { RouteContext } from "../../server/routes/context"
import { EventStream } from "./event_stream"
import type { WatchEvents } from "./shapes"
import { seeHub, seeQuotas, seeRunning } from "./sights"

/** Pages that are watched live at once. */
export const MOST_STREAMS = 20

const LOOK_EVERY_MS = 1000
/** A look that takes long is followed by a pause so many times as long, up to a limit in ms. */
const PAUSE_FACTOR = 10
const LONGEST_PAUSE_MS = 10_000
/** What is not there within this time, in ms, is left out until the next look. */
const LOOK_WITHIN_MS = 3000

const UNREADABLE = "Not everything can be read at present. What is shown may be old."

/**
 * Looks at the hub once a second for all pages that are watched, and at nothing while there is none. Keeps nothing but
 * what it saw last.
 */
export class LiveWatch {
  private readonly streams = new Set<EventStream>()
  private timer: NodeJS.Timeout | undefined
  private isLooking = false
  private isClosed = false
  private latest: Partial<WatchEvents> = {}
  private hasTrouble = false

  constructor(private readonly context: RouteContext) {}

  /** Sends events until the session is over. Returns false, and answers nothing, if there is no room for a page. */
  open(res: Response, options: { runId?: string, leftMs: number }): boolean {
    if (this.isClosed || this.streams.size >= MOST_STREAMS) {
      return false
    }
    const stream = new EventStream(res, options)
    this.streams.add(stream)
    res.once("close", () => this.forget(stream))
    this.sendTo(stream)
    if (!this.isLooking && this.timer === undefined) {
      void this.look()
    }
    return true
  }

  /** Ends all streams, and takes no more. */
  close(): void {
    this.isClosed = true
    this.streams.forEach((stream) => stream.end("stopping"))
    this.streams.clear()
    this.rest()
  }

  private forget(stream: EventStream): void {
    this.streams.delete(stream)
    if (this.streams.size === 0) {
      this.rest()
    }
  }

  private rest(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.latest = {}
  }

  private async look(): Promise<void> {
    this.timer = undefined
    this.isLooking = true
    const beganAt = performance.now()
    await this.lookAtAll()
    this.isLooking = false
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(LOOK_EVERY_MS, PAUSE_FACTOR * (performance.now() - beganAt)))
    if (this.streams.size > 0) {
      this.timer = setTimeout(() => void this.look(), pauseMs)
    }
  }

  private async lookAtAll(): Promise<void> {
    const failures: unknown[] = []
    const see = async <T>(sight: Promise<T>): Promise<T | undefined> => {
      try {
        return await inTime(sight)
      } catch (failure) {
        failures.push(failure)
        return undefined
      }
    }
    const runs = await see(seeRunning(this.context)) ?? this.latest.runs
    const state = await see(this.context.coordination.state())
    const quotas = state && await see(seeQuotas(state, runs?.running ?? []))
    const hub = state && await see(seeHub(this.context, state, { open: this.streams.size, most: MOST_STREAMS }))
    this.latest = {
      ...this.latest, ...(runs === undefined ? {} : { runs }), ...(quotas === undefined ? {} : { quotas }),
      ...(hub === undefined ? {} : { hub }),
    }
    const byId = new Map<string, WatchEvents["run"] | undefined>()
    for (const id of new Set([...this.streams].flatMap(({ runId }) => runId ?? []))) {
      byId.set(id, await see(this.context.runBook.get(id)))
    }
    this.noteTrouble(failures)
    for (const stream of [...this.streams]) {
      this.sendTo(stream, byId.get(stream.runId ?? ""))
    }
  }

  private sendTo(stream: EventStream, run?: WatchEvents["run"]): void {
    if (stream.isOver) {
      stream.end("session")
      this.forget(stream)
      return
    }
    for (const [event, data] of Object.entries({ ...this.latest, ...(run === undefined ? {} : { run }) })) {
      stream.send(event as keyof WatchEvents, data)
    }
    stream.keepAlive()
  }

  private noteTrouble(failures: unknown[]): void {
    if (failures.length > 0 && !this.hasTrouble) {
      winston.warn("The console cannot read everything that it shows.", failureForLog(failures[0]))
    }
    this.hasTrouble = failures.length > 0
    this.latest.trouble = { message: this.hasTrouble ? UNREADABLE : "" }
  }
}

async function inTime<T>(sight: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("It did not come in time.")), LOOK_WITHIN_MS)
  })
  try {
    return await Promise.race([sight, timeUp])
  } finally {
    clearTimeout(timer)
  }
}
