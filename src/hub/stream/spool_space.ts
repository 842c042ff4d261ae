import { SettingsReader } from "../settings"
import { streamSettings } from "./stream_settings"

/** The space on disk that a spool takes at a time, in bytes. */
export const SPOOL_UNIT_BYTES = 16 * 1024 * 1024

/** The space on disk for all spools together, in units. */
export interface SpoolSpace {
  readonly unitBytes: number
  /**
   * Calls back when a unit is free for the caller, at once if one is. Returns what withdraws the request. A spool that
   * gets none goes on with its memory, so nobody has to wait for others to come to an end.
   */
  take(onTaken: () => void): () => void
  /** Gives a unit back. */
  giveBack(): void
}

/** A number of units, for whoever comes first. */
export class CountedSpoolSpace implements SpoolSpace {
  private readonly waiting = new Set<() => void>()

  constructor(private free: number, readonly unitBytes = SPOOL_UNIT_BYTES) {}

  take(onTaken: () => void): () => void {
    // Two requests may have the same callback, so each is an object of its own.
    const request = () => onTaken()
    if (this.free > 0) {
      this.free--
      request()
    } else {
      this.waiting.add(request)
    }
    return () => this.waiting.delete(request)
  }

  giveBack(): void {
    const [next] = this.waiting
    if (next === undefined) {
      this.free++
    } else {
      this.waiting.delete(next)
      next()
    }
  }
}

let spaceOfProcess: SpoolSpace | undefined

/** Returns the space for the spools of this process. In the hub's own process, it is that of the whole hub. */
export function spoolSpace(): SpoolSpace {
  // The code that starts the hub checks the environment. Here a malformed value has its default.
  spaceOfProcess ??= new CountedSpoolSpace(
    Math.floor(streamSettings(new SettingsReader(process.env)).spoolsLimitBytes / SPOOL_UNIT_BYTES))
  return spaceOfProcess
}

/** Makes this process use a space that is kept elsewhere. */
export function useSpoolSpace(space: SpoolSpace): void {
  spaceOfProcess = space
}
