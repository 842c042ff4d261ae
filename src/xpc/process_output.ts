import type { Readable } from "stream"
import * as winston from "winston"

import { quantity } from "../hub/quantity"
import { WAITING_LOG_BYTES } from "./bounded_console"

/** The longest line that is passed on as one, in characters. */
const LONGEST_LINE = 65_536

/** An output of the hub. */
interface HubOutput {
  readonly writableLength: number
  write(text: string): unknown
}

/**
 * Passes the lines that an execute process prints on to an output of the hub. They are always taken from the process:
 * the worker library keeps the answer to a task back for as long as something that the process printed has not been
 * taken, so a reader of the hub's log that hangs would halt every run. Lines for which there is no reader are left out,
 * and counted in the log as soon as there is one again.
 */
export function passOnOutput(from: Readable, to: HubOutput, processId: number | undefined): void {
  let rest = ""
  let leftOut = 0
  const pass = (lines: string) => {
    if (to.writableLength > WAITING_LOG_BYTES) {
      leftOut += lines.split("\n").length - 1
      return
    }
    if (leftOut > 0) {
      const remark = `The log lacks ${quantity(leftOut, "line")} of execute process ${processId} here`
      leftOut = 0
      winston.warn(`${remark}, since nobody read it.`)
    }
    to.write(lines)
  }
  from.setEncoding("utf8")
  from.on("data", (text: string) => {
    const all = rest + text
    const end = all.lastIndexOf("\n") + 1
    const isTooLong = all.length - end > LONGEST_LINE
    rest = isTooLong ? "" : all.slice(end)
    if (end > 0 || isTooLong) {
      pass(isTooLong ? all : all.slice(0, end))
    }
  })
  from.on("end", () => {
    if (rest !== "") {
      pass(rest)
    }
  })
  from.resume()
}
