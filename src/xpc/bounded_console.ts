import * as winston from "winston"

import { quantity } from "../hub/quantity"

/** The bytes of an output that may wait for their reader: some thousands of lines. */
export const WAITING_LOG_BYTES = 1024 * 1024

/** An output of this process, as far as the log needs it. */
interface LogOutput {
  /** Bytes that were written and that nobody has taken yet. */
  readonly writableLength: number
}

type Written = (error: Error | null, isLogged: true) => void

/** The part of winston's console that its declarations leave out. */
interface WritingConsole {
  /** Levels that go to the error output. */
  readonly stderrLevels: { readonly [level: string]: unknown }
  log: (level: string, message: string, fields: unknown, callback: Written) => void
}

/**
 * Writes the log to the outputs of this process, as long as somebody reads them. Node keeps in memory what the reader
 * of a pipe does not take, and does so without bound if the reader hangs. Here lines are left out then: the hub and its
 * runs matter more than their log. As soon as the reader goes on, a line says how many there were.
 */
export function boundedConsole(
  options: winston.ConsoleTransportOptions,
  outputs: { out: LogOutput, error: LogOutput } = { out: process.stdout, error: process.stderr },
): winston.TransportInstance {
  const transport = new winston.transports.Console(options)
  const console = transport as unknown as WritingConsole
  const leftOut = { out: 0, error: 0 }
  const write = console.log.bind(transport)
  console.log = (level, message, fields, callback) => {
    const where = console.stderrLevels[level] ? "error" : "out"
    if (outputs[where].writableLength > WAITING_LOG_BYTES) {
      leftOut[where]++
      callback(null, true)
      return
    }
    if (leftOut[where] > 0) {
      const remark = `The log lacks ${quantity(leftOut[where], "line")} here, since nobody read it.`
      leftOut[where] = 0
      write(where === "error" ? "error" : "warn", remark, {}, () => undefined)
    }
    write(level, message, fields, callback)
  }
  return transport
}
