import * as crypto from "crypto"
import { StateFile } from "./state_file"

/** How often the mark is renewed while leases are held, in ms. */
const RENEWED_EVERY_MS = 5000

/** Time (ms) that a mark adds: the next renewal may come late, and leases may be taken until then. */
const BEYOND_MS = 2 * RENEWED_EVERY_MS

/** Leases of one name: until when they may be held by a hub that has ended, in ms since 1970. */
interface Marks {
  [nameHash: string]: number | undefined
}

/**
 * A small file that says, for the next start of this hub, until when leases may still be held. A hub that is killed
 * gives nothing back, while the vendor may still be working on what it had sent: its successor takes all keys of that
 * name as held until then. The file holds times and hashes of names, and no key.
 */
export class HeldMark {
  private readonly file: StateFile
  private readonly before: Marks
  private readonly held = new Map<string, number>()
  /** When each name's mark was last written, in ms since 1970. */
  private readonly writtenAt = new Map<string, number>()
  private timer: NodeJS.Timeout | undefined

  /**
   * `secret` sets the files of several hubs in one directory apart. `previousSecret`: the one before it was changed,
   * whose file counts, too.
   */
  constructor(
    directory: string, secret: string, previousSecret?: string, private readonly now: () => number = Date.now,
  ) {
    const fileFor = (ofHub: string) =>
      new StateFile(directory, ofHub, "held", "which leases were held, and records may be sent twice")
    this.file = fileFor(secret)
    this.before = readMarks(this.file)
    const former = previousSecret === undefined ? {} : readMarks(fileFor(previousSecret))
    for (const [name, until] of Object.entries(former)) {
      this.before[name] = Math.max(this.before[name] ?? 0, until ?? 0)
    }
  }

  /**
   * Returns how long (ms) a hub before this one may still hold leases of that name; 0 if surely none. No more than a
   * mark can stand for, in case the clock was put back meanwhile. `lingerMs`: as for `hold`.
   */
  heldByFormerMs(name: string, lingerMs: number): number {
    const leftMs = (this.before[hashOf(name)] ?? 0) - this.now()
    return Math.min(lingerMs + BEYOND_MS, Math.max(0, leftMs))
  }

  /** To be called before keys are held. `lingerMs`: how long they stay held when their holder is gone. */
  hold(name: string, lingerMs: number): void {
    this.held.set(name, lingerMs)
    if (this.now() - (this.writtenAt.get(name) ?? -Infinity) >= RENEWED_EVERY_MS) {
      this.write()
    }
    this.timer ??= setInterval(() => this.write(), RENEWED_EVERY_MS).unref()
  }

  /** To be called when no key of that name is held any more. The next renewal says so in the file. */
  clear(name: string): void {
    this.held.delete(name)
  }

  /** Writes what is still held, for the next start, and ends the renewals. */
  close(): void {
    if (this.timer !== undefined) {
      this.write()
    }
    clearInterval(this.timer)
    this.timer = undefined
  }

  private write(): void {
    const now = this.now()
    const marks: Marks = {}
    for (const [hash, until] of Object.entries(this.before)) {
      if (until !== undefined && until > now) {
        marks[hash] = until
      }
    }
    this.held.forEach((lingerMs, name) => {
      const hash = hashOf(name)
      marks[hash] = Math.max(marks[hash] ?? 0, Math.ceil(now + lingerMs + BEYOND_MS))
      this.writtenAt.set(name, now)
    })
    this.file.replace(Object.keys(marks).length > 0 ? JSON.stringify(marks) : undefined)
    if (this.held.size === 0) {
      clearInterval(this.timer)
      this.timer = undefined
      this.writtenAt.clear()
    }
  }
}

function hashOf(name: string): string {
  return crypto.createHash("sha256").update(name).digest("hex").slice(0, 16)
}

/** Reads marks; a file that is missing or not whole has none. */
function readMarks(file: StateFile): Marks {
  try {
    const given: unknown = JSON.parse(file.read() ?? "")
    const marks: Marks = {}
    for (const [hash, until] of Object.entries(given ?? {}) as [string, unknown][]) {
      marks[hash] = typeof until === "number" ? until : undefined
    }
    return marks
  } catch {
    return {}
  }
}
