import * as winston from "winston"

import type { Check } from "./check"

/** What `/readyz` answers with. */
export interface ReadinessReport {
  ready: boolean
  /** For each check, by its name, whether it has passed. */
  checks: { [name: string]: boolean }
  /** A sentence for each check that has not. */
  reasons: string[]
}

/** The checks that decide whether a hub is ready for requests. The log has a line when that changes. */
export class Readiness {
  private wasReady = true

  constructor(private readonly checks: Check[]) {}

  /** Makes all checks at the same time. Never rejects. */
  async report(): Promise<ReadinessReport> {
    const problems = await Promise.all(this.checks.map(async (check) => (
      { name: check.name, problem: await check.problem() })))
    const reasons = problems.map(({ problem }) => problem).filter((problem) => problem !== undefined)
    const ready = reasons.length === 0
    this.noteChange(ready, reasons)
    const checks = Object.fromEntries(problems.map(({ name, problem }) => [name, problem === undefined]))
    return { ready, checks, reasons }
  }

  private noteChange(ready: boolean, reasons: string[]): void {
    if (ready !== this.wasReady) {
      this.wasReady = ready
      if (ready) {
        winston.info("The hub is ready again.")
      } else {
        winston.warn(`The hub is not ready: ${reasons.join(" ")}`)
      }
    }
  }
}
