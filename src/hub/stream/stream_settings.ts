import { tmpdir } from "os"
import { LONGEST_TIMER_MS } from "../durations"
import type { SettingsReader } from "../settings"

const MEBIBYTE = 1024 * 1024

/** An entry of the list of hosts. Names are compared with those in URLs, which have no other characters. */
const HOST = /^(\[[0-9a-f:.]+\]|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?)(:\d{1,5})?$/

/** The settings for fetching, storing and reading a download. Times are in milliseconds, sizes in bytes. */
export interface StreamSettings {
  /** The time for name look-up, connection and TLS handshake together. */
  connectTimeoutMs: number
  /** The time from the connection to the status line. Looker may run the query only then. */
  firstByteTimeoutMs: number
  /** The longest silence within the body, not counting the time in which we ourselves hold the connection back. */
  idleTimeoutMs: number
  /** The time for the whole download; 0 for no limit. */
  totalTimeoutMs: number
  /** Hosts that may be downloaded from, each `host` or `*.domain`, with or without `:port`; any if empty. */
  allowedHosts: string[]
  spool: SpoolSettings
  /** The space on disk for all spools of the hub together. */
  spoolsLimitBytes: number
}

/** The place for bytes that Looker has sent and the action has not yet taken. */
export interface SpoolSettings {
  /** A temporary file may be used when the memory is full. Otherwise the connection is held back. */
  toDisk: boolean
  /** The directory of the temporary file. */
  directory: string
  /** Bytes that wait in memory before the file is used. */
  memoryBytes: number
  /** Bytes that wait in files before the connection is held back. */
  maximumBytes: number
}

/** The bounds of the JSON reader. */
export interface ReaderSettings {
  /** Bytes of rows that may wait for the fields if a document has its `data` before its `fields`. */
  waitingRowsBytes: number
}

/**
 * Reads the settings for downloads.
 *
 * - `ACTION_HUB_STREAM_REQUEST_TIMEOUT`, 780000 ms: the longest silence of a download. The thirteen minutes are
 *   upstream's. They outlast slow queries and are easy to recognise in logs.
 * - `ACTION_HUB_STREAM_CONNECT_TIMEOUT`, 30000 ms: a reachable Looker accepts within milliseconds. Half a minute leaves
 *   room for lost packets and a slow name server, and still fails while somebody is watching.
 * - `ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT`, the value of `ACTION_HUB_STREAM_REQUEST_TIMEOUT`: Looker is silent until
 *   the query's first row is there, so this is a silence like any other unless it is set.
 * - `ACTION_HUB_STREAM_TOTAL_TIMEOUT`, 86400000 ms: a day, since a daily schedule must not meet its own last run; 0
 *   switches it off.
 * - `ACTION_HUB_STREAM_ALLOWED_HOSTS`, empty: comma-separated `host` or `*.domain`, with or without `:port`. Empty
 *   allows any, since the hub does not know where its Looker is. Set it where the hub can reach internal addresses.
 * - `ACTION_HUB_SPOOL`, `true`: a temporary file may be used.
 * - `ACTION_HUB_SPOOL_DIRECTORY`, the system's directory for temporary files.
 * - `ACTION_HUB_SPOOL_MEMORY_BYTES`, 4194304 (4 MiB): some 10,000 rows of ten columns, so that an ordinary result
 *   never touches the disk, and a run's memory stays below 130 MB however slow the action is. All downloads of a
 *   process together have four times that.
 * - `ACTION_HUB_SPOOL_MAX_BYTES`, 1073741824 (1 GiB): some 2.6 million rows of ten columns for each run; small beside
 *   the disks of today, large enough that Looker hardly ever waits.
 * - `ACTION_HUB_SPOOLS_LIMIT_MB`, 4096 (4 GiB): all runs of the hub together, so that many of them do not fill a small
 *   disk. Four runs can have their gigabyte at the same time. Less than 16 MB is not enough for one file.
 */
export function streamSettings(reader: SettingsReader): StreamSettings {
  const idleTimeoutMs = reader.wholeNumber("ACTION_HUB_STREAM_REQUEST_TIMEOUT", {
    default: 780000, minimum: 1, maximum: LONGEST_TIMER_MS,
  })
  return {
    connectTimeoutMs: reader.wholeNumber("ACTION_HUB_STREAM_CONNECT_TIMEOUT", {
      default: 30000, minimum: 1, maximum: LONGEST_TIMER_MS,
    }),
    firstByteTimeoutMs: reader.wholeNumber("ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT", {
      default: idleTimeoutMs, minimum: 1, maximum: LONGEST_TIMER_MS,
    }),
    idleTimeoutMs,
    totalTimeoutMs: reader.wholeNumber("ACTION_HUB_STREAM_TOTAL_TIMEOUT", {
      default: 86400000, minimum: 0, maximum: LONGEST_TIMER_MS,
    }),
    allowedHosts: allowedHosts(reader),
    spool: {
      toDisk: reader.flag("ACTION_HUB_SPOOL", true),
      directory: reader.text("ACTION_HUB_SPOOL_DIRECTORY") ?? tmpdir(),
      memoryBytes: reader.wholeNumber("ACTION_HUB_SPOOL_MEMORY_BYTES", { default: 4 * MEBIBYTE, minimum: 65536 }),
      maximumBytes: reader.wholeNumber("ACTION_HUB_SPOOL_MAX_BYTES", { default: 1024 * MEBIBYTE, minimum: 65536 }),
    },
    spoolsLimitBytes: MEBIBYTE * reader.wholeNumber("ACTION_HUB_SPOOLS_LIMIT_MB", { default: 4096, minimum: 16 }),
  }
}

/** An entry in another form would match no host, so every download would be refused. */
function allowedHosts(reader: SettingsReader): string[] {
  const hosts = reader.list("ACTION_HUB_STREAM_ALLOWED_HOSTS").map((host) => host.toLowerCase())
  for (const entry of hosts.filter((host) => !HOST.test(host))) {
    reader.problems.push(`ACTION_HUB_STREAM_ALLOWED_HOSTS has "${entry}": list hosts as host, host:port or *.domain, ` +
      `separated by commas${/[/@]/.test(entry) ? ", without https:// and path" : ""}`)
  }
  return hosts
}

/**
 * Reads the bounds of the JSON reader.
 *
 * - `ACTION_HUB_STREAM_WAITING_ROWS_BYTES`, 33554432 (32 MiB): Looker sends `fields` first, so this is a safety net. It
 *   holds some 80,000 rows of ten columns and keeps a run's memory near 100 MB.
 */
export function readerSettings(reader: SettingsReader): ReaderSettings {
  return {
    waitingRowsBytes: reader.wholeNumber("ACTION_HUB_STREAM_WAITING_ROWS_BYTES", {
      default: 32 * MEBIBYTE, minimum: 0,
    }),
  }
}
