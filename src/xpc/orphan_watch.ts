import { Worker } from "node:worker_threads"

const PAUSE_MS = 1000

/**
 * Ends this process when its parent is gone. The channel closes then, but a process stuck in a loop does not notice. A
 * thread of its own therefore checks the parent's process id every second.
 */
export function watchForOrphanhood(): void {
  // Read here: a thread may start late on a busy machine, and find the successor of a parent that is gone already.
  const watch = new Worker(`
    setInterval(() => {
      if (process.ppid !== ${process.ppid}) {
        process.kill(process.pid, "SIGKILL")
      }
    }, ${PAUSE_MS})
  `, { eval: true, execArgv: [], env: {} })
  watch.unref()
}
