import type { AddressInfo } from "net"
import * as winston from "winston"

import { onStrayErrors } from "../xpc/run_context"
import { failureForLog, failurePlace } from "./failure_log"
import { failCurrentRun } from "./runs_in_flight"

/** An HTTP server that can be warmed up and stopped. */
export interface ServedHub {
  start(): Promise<{ address(): AddressInfo | string | null }>
  warmUp(): void
  /** Resolves when the port is free and no run is left. `skipsDelay`: load balancers need not notice first. */
  stop(options?: { skipsDelay?: boolean }): Promise<void>
}

/**
 * Runs the server as this process: listens, warms up, stops gracefully on SIGTERM or SIGINT, and keeps one run's stray
 * errors away from the others. Resolves with the port once it listens. Rejects if it cannot listen.
 */
export async function serve(server: ServedHub): Promise<{ port: number }> {
  // This comes first, since a reader of the line that the hub listens may send a signal at once.
  stopOnSignals(server)
  goOnWithoutALog()
  keepStrayErrorsToTheirRun(server)
  const listening = await server.start()
  const { port } = listening.address() as AddressInfo
  winston.info(`Action Hub listening on port ${port}.`)
  server.warmUp()
  return { port }
}

/**
 * The time in which a repeated signal counts as the same one, which npm passes on right after the terminal's own. A
 * later one cuts the grace short.
 */
const SAME_SIGNAL_MS = 1000

function stopOnSignals(server: ServedHub): void {
  let lastSignalAt = -Infinity
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (performance.now() - lastSignalAt > SAME_SIGNAL_MS) {
        winston.info(`Received ${signal}.`)
        void server.stop().then(() => process.exit())
      }
      lastSignalAt = performance.now()
    })
  }
}

/**
 * Continues without a log if its reader goes away. Each further line then fails, and logging that failure would fail
 * again, and so on without end.
 */
function goOnWithoutALog(): void {
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", () => undefined)
  }
}

/**
 * Fails a run whose code throws where no caller can catch it, such as in an event handler or a promise that nobody
 * waits for. Outside of a run, a rejection is logged. An exception leaves the process in an unknown state, so the hub
 * finishes what is under way and ends with exit code 1, for its supervisor to restart.
 */
function keepStrayErrorsToTheirRun(server: ServedHub): void {
  onStrayErrors((thrown, kind) => {
    const run = failCurrentRun(thrown)
    if (run !== undefined) {
      const what = kind === "rejection" ? "A rejected promise was left unhandled." :
        "A run threw where nothing could catch it."
      winston.error(what, { ...run, ...failurePlace(thrown) })
    } else if (kind === "rejection") {
      winston.error("A rejected promise was left unhandled.", failureForLog(thrown))
    } else {
      winston.error("The hub stops after an error that nothing caught.", failureForLog(thrown))
      process.exitCode = 1
      void server.stop({ skipsDelay: true }).then(() => process.exit())
    }
  })
}
