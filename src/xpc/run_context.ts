import { AsyncLocalStorage } from "node:async_hooks"

/**
 * Identifies the run of the code that is executing just now, through promises, timers and event handlers. Each process
 * that runs actions has one.
 */
export class RunContext<Run extends object> {

  private readonly storage = new AsyncLocalStorage<Run>()

  /** The run whose code this is; undefined for code outside of any run. */
  get current(): Run | undefined {
    return this.storage.getStore()
  }

  /** Does the work as a part of the run. */
  within<T>(run: Run, work: () => T): T {
    return this.storage.run(run, work)
  }

}

/** The kind of an uncaught error: an exception, or the rejection of a promise that nobody waits for. */
export type StrayKind = "exception" | "rejection"

/** Calls back with every error that nothing in this process has caught, where Node itself would end the process. */
export function onStrayErrors(contain: (thrown: unknown, kind: StrayKind) => void): void {
  process.on("uncaughtException", (thrown) => contain(thrown, "exception"))
  process.on("unhandledRejection", (thrown) => contain(thrown, "rejection"))
}
