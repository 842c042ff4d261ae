import type { SettingsReader } from "../hub/settings"

const DAY_MS = 24 * 3_600_000
const BYTES_PER_MB = 1024 * 1024

/** What is kept of runs. */
export interface RunsSettings {
  /** Absent if no reports of rows are kept. */
  reports?: {
    /** `ACTION_HUB_REPORTS_DAYS`, 1 to 365, default 7: how long a report is kept, in ms. */
    keptMs: number
    /** `ACTION_HUB_REPORTS_ALL_ROWS`, default false: a report names also the rows that were applied as they stand. */
    wantsAllRows: boolean
    /** `ACTION_HUB_REPORT_LIMIT_MB`, 1 to 1000, default 20: the size at which a report ends, in bytes as stored. */
    limitBytes: number
    /** `ACTION_HUB_REPORTS_LIMIT_MB`, default 1000: all reports together; the oldest ones go. In bytes. */
    totalBytes: number
  }
}

/**
 * Reads `ACTION_HUB_REPORTS` and the variables above. Reports hold lookup values, so a hub keeps them only if it is
 * told to, or in development.
 */
export function runsSettings(reader: SettingsReader, isDevelopment: boolean): RunsSettings {
  const isOn = reader.flag("ACTION_HUB_REPORTS", isDevelopment)
  const days = reader.wholeNumber("ACTION_HUB_REPORTS_DAYS", { default: 7, minimum: 1, maximum: 365 })
  const wantsAllRows = reader.flag("ACTION_HUB_REPORTS_ALL_ROWS", false)
  const limitMb = reader.wholeNumber("ACTION_HUB_REPORT_LIMIT_MB", { default: 20, minimum: 1, maximum: 1000 })
  const totalMb = reader.wholeNumber("ACTION_HUB_REPORTS_LIMIT_MB", { default: 1000, minimum: limitMb })
  return !isOn ? {} : {
    reports: {
      keptMs: days * DAY_MS, wantsAllRows, limitBytes: limitMb * BYTES_PER_MB, totalBytes: totalMb * BYTES_PER_MB,
    },
  }
}
