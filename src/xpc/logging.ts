import * as winston from "winston"
import type { AccountOrder } from "../runs/records/account_entry"
import { boundedConsole } from "./bounded_console"

/** The values of `ACTION_HUB_LOG_FORMAT`. */
export const LOG_FORMATS = ["text", "json"] as const

/** The fields that belong on every line about a run. Absent ones are left away. */
export interface RunLogFields {
  /** The hub's id of the run. */
  run?: string
  /** Looker's id of the scheduled plan. */
  plan?: string
  /** Looker's id of its own instance. */
  instance?: string
  /** The sender, where an administrator wants that. */
  sender?: string
}

/** Returns the fields of a run of which the hub keeps an account. */
export function runLogFields(account: AccountOrder | undefined): RunLogFields {
  return account === undefined ? {} :
    { run: account.id, plan: account.plan, instance: account.instance, sender: account.sender }
}

/** A run whose code may write to the log. */
export interface LoggedRun {
  logged?: RunLogFields
}

/** What the formatter of a line gets. */
interface LogLine {
  level: string
  message?: string
  meta?: object
}

/**
 * Writes the log to the console with timestamps, and leaves lines out rather than waiting for a reader that hangs.
 * `ACTION_HUB_DEBUG`, set to anything, adds the debug level, and
 * `ACTION_HUB_LOG_FORMAT=json` writes a JSON object in each line.
 * `currentRun` returns the run whose code is executing: its fields are on each line that the code writes.
 */
export function configureLogging(currentRun: () => LoggedRun | undefined = () => undefined): void {
  const isJson = process.env.ACTION_HUB_LOG_FORMAT?.trim().toLowerCase() === "json"
  winston.configure({
    level: process.env.ACTION_HUB_DEBUG ? "debug" : "info",
    transports: [boundedConsole({ timestamp: true, ...(isJson ? { formatter: jsonLine } : {}) })],
    rewriters: [(_level: string, _message: string, fields: unknown) => fieldsOf(fields, currentRun()?.logged)],
  })
}

/** Returns a line's fields with those of its run, and without those that are undefined. */
function fieldsOf(fields: unknown, run: RunLogFields | undefined): unknown {
  if (typeof fields !== "object" || fields === null || fields instanceof Error) {
    return fields
  }
  return Object.fromEntries(Object.entries({ ...run, ...fields }).filter(([, value]) => value !== undefined))
}

function jsonLine({ level, message, meta }: LogLine): string {
  return JSON.stringify({ time: new Date().toISOString(), level, message, ...meta })
}
