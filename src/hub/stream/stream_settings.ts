import { tmpdir } from "os"
import type { SettingsReader } from "../settings"

const MEBIBYTE = 1024 * 1024

/** The longest wait that a timer of Node can be set to, about 24 days. */
const LONGEST_TIMER_MS = 2147483647

/** How a download is fetched, set aside and read. All times are in milliseconds, all sizes in bytes. */
export interface StreamSettings {
  /** How long name look-up, connection and TLS handshake may take together. */
  connectTimeoutMs: number
  /** How long Looker may take from the connection to the status line, for it may only then run the query. */
  firstByteTimeoutMs: number
  /** The longest silence within the body, not counting the time in which we ourselves hold the connection back. */
  idleTimeoutMs: number
  /** How long the whole download may take; 0 means as long as it likes. */
  totalTimeoutMs: number
  /** Hosts that may be downloaded from, each `host` or `*.domain`, with or without `:port`; any when empty. */
  allowedHosts: string[]
  spool: SpoolSettings
}

/** Where bytes wait that Looker has sent and the action has not yet taken. */
export interface SpoolSettings {
  /** Whether a temporary file may be used beyond the memory; if not, the connection is held back instead. */
  toDisk: boolean
  /** Directory of the temporary file. */
  directory: string
  /** Bytes that wait in memory before the file is used. */
  memoryBytes: number
  /** Bytes that wait in the file before the connection is held back. */
  maximumBytes: number
}

/** Bounds of the JSON reader. */
export interface ReaderSettings {
  /** Bytes of rows that may wait for the fields when a document has its `data` before its `fields`. */
  waitingRowsBytes: number
}

/**
 * Reads how downloads are done.
 *
 * - `ACTION_HUB_STREAM_REQUEST_TIMEOUT`, 780000 ms: the longest silence of a download. Thirteen minutes, as ever:
 *   it outlasts slow queries and is easy to recognise in logs.
 * - `ACTION_HUB_STREAM_CONNECT_TIMEOUT`, 30000 ms: a Looker that is there accepts within milliseconds; half a minute
 *   leaves room for lost packets and a slow name server, and still fails while somebody is watching.
 * - `ACTION_HUB_STREAM_FIRST_BYTE_TIMEOUT`, the value of `ACTION_HUB_STREAM_REQUEST_TIMEOUT`: until the query's first
 *   row is there Looker is silent, so the wait for it is a silence like any other unless set apart.
 * - `ACTION_HUB_STREAM_TOTAL_TIMEOUT`, 86400000 ms: a day, for a daily schedule must not meet its own last run;
 *   0 switches it off.
 * - `ACTION_HUB_STREAM_ALLOWED_HOSTS`, empty: comma-separated `host` or `*.domain`, with or without `:port`. Empty
 *   allows any, since the hub can't know where its Looker is; set it where the hub can reach internal addresses.
 * - `ACTION_HUB_SPOOL`, `true`: whether a temporary file may be used.
 * - `ACTION_HUB_SPOOL_DIRECTORY`, the system's directory for temporary files.
 * - `ACTION_HUB_SPOOL_MEMORY_BYTES`, 4194304 (4 MiB): some 10,000 rows of ten columns, so that an ordinary result
 *   never touches the disk, and a run's memory stays below 110 MB however slow the action is.
 * - `ACTION_HUB_SPOOL_MAX_BYTES`, 1073741824 (1 GiB): some 2.6 million rows of ten columns for each run; small beside
 *   the disks of today, large enough that Looker hardly ever waits.
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
    allowedHosts: reader.list("ACTION_HUB_STREAM_ALLOWED_HOSTS").map((host) => host.toLowerCase()),
    spool: {
      toDisk: reader.flag("ACTION_HUB_SPOOL", true),
      directory: reader.text("ACTION_HUB_SPOOL_DIRECTORY") ?? tmpdir(),
      memoryBytes: reader.wholeNumber("ACTION_HUB_SPOOL_MEMORY_BYTES", { default: 4 * MEBIBYTE, minimum: 65536 }),
      maximumBytes: reader.wholeNumber("ACTION_HUB_SPOOL_MAX_BYTES", { default: 1024 * MEBIBYTE, minimum: 65536 }),
    },
  }
}

/**
 * Reads the bounds of the JSON reader.
 *
 * - `ACTION_HUB_STREAM_WAITING_ROWS_BYTES`, 33554432 (32 MiB): Looker sends `fields` first, so this is a safety net;
 *   it holds some 80,000 rows of ten columns and keeps a run's memory near 100 MB.
 */
export function readerSettings(reader: SettingsReader): ReaderSettings {
  return {
    waitingRowsBytes: reader.wholeNumber("ACTION_HUB_STREAM_WAITING_ROWS_BYTES", {
      default: 32 * MEBIBYTE, minimum: 0,
    }),
  }
}
