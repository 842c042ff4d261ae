import { sealed, unsealed } from "./sealed_text"
import { StateFile } from "./state_file"

/** Keys that stay held for the same time, in ms from now. */
export interface DelayedKeys {
  keys: string[]
  endsInMs: number
}

/** As they are in the file. */
interface KeysOnRecord {
  name: string
  keys: string[]
  /** In ms since 1970. */
  until: number
  /** The same from the moment of writing, in ms: no clock makes it longer. */
  endsInMs: number
}

/** Time (ms) in which changes are gathered before they are written: they come in several messages. */
const GATHERED_MS = 200

const PURPOSE = "keys that outlast the hub"

/**
 * A file with the keys that were given back with a long delay, since a vendor goes on with them by itself, for the next
 * start of this hub: a HeldMark alone would hold up everybody for as long. It is encrypted under the hub's secret, and
 * is gone when no key is held any more.
 */
export class HeldKeys {
  private readonly file: StateFile
  private readonly previousFile: StateFile | undefined
  /** What a hub before this one left, and nobody has asked for; `endsAt` in ms of `performance.now()`. */
  private former: { name: string, keys: string[], endsAt: number }[]
  private readonly books = new Map<string, () => DelayedKeys[]>()
  private timer: NodeJS.Timeout | undefined

  /** `previousSecret`: the one before it was changed, whose file counts, too. */
  constructor(
    directory: string, private readonly secret: string, previousSecret?: string,
    private readonly now: () => number = Date.now,
  ) {
    this.file = fileFor(directory, secret)
    const records = readKeys(this.file, secret)
    // With the same secret twice it would be this hub's own file, which is not to be removed.
    if (previousSecret !== undefined && previousSecret !== secret) {
      this.previousFile = fileFor(directory, previousSecret)
      records.push(...readKeys(this.previousFile, previousSecret))
    }
    // No longer than at the time of writing, in case the clock was put back meanwhile.
    this.former = records.map(({ name, keys, until, endsInMs }) =>
      ({ name, keys, endsAt: performance.now() + Math.min(endsInMs, until - this.now()) }))
    if (this.former.length > 0) {
      // Nobody may ever ask for these, and they are not to stay on the disk.
      const longestMs = Math.max(...this.former.map(({ endsAt }) => endsAt - performance.now()))
      setTimeout(() => this.changed(), Math.max(0, longestMs)).unref()
    }
    // What a hub left that was killed while it wrote would stay; and the next start may not know the former secret.
    if (this.file.isUnfinished || this.previousFile?.exists === true) {
      this.changed()
    }
  }

  /**
   * Returns the keys of that name that a hub before this one held, and for how long they stay held. From now on `held`
   * tells which ones are.
   */
  follow(name: string, held: () => DelayedKeys[]): DelayedKeys[] {
    const mine = this.former.filter((each) => each.name === name)
    this.former = this.former.filter((each) => each.name !== name)
    this.books.set(name, held)
    return mine.map(({ keys, endsAt }) => ({ keys, endsInMs: endsAt - performance.now() }))
      .filter(({ endsInMs }) => endsInMs > 0)
  }

  /** To be called when keys are held for long, or no longer. It is written within a moment. */
  changed(): void {
    this.timer ??= setTimeout(() => this.write(), GATHERED_MS).unref()
  }

  /** Writes what has changed at last. */
  close(): void {
    if (this.timer !== undefined) {
      this.write()
    }
  }

  private write(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const held = this.former.map(({ name, keys, endsAt }) => ({ name, keys, endsInMs: endsAt - performance.now() }))
    this.books.forEach((heldNow, name) => held.push(...heldNow().map((each) => ({ name, ...each }))))
    const records = held.filter(({ endsInMs }) => endsInMs > 0).map(({ name, keys, endsInMs }): KeysOnRecord =>
      ({ name, keys, until: Math.ceil(this.now() + endsInMs), endsInMs: Math.ceil(endsInMs) }))
    const text = records.length === 0 ? undefined : sealed(JSON.stringify(records), this.secret, PURPOSE)
    if (this.file.replace(text)) {
      this.previousFile?.replace(undefined)
    }
  }
}

function fileFor(directory: string, secret: string): StateFile {
  return new StateFile(directory, secret, "keys",
    "which records a vendor is still working on, and they may be sent twice")
}

/** Reads keys; a file that is missing, not whole, or of another secret has none. */
function readKeys(file: StateFile, secret: string): KeysOnRecord[] {
  try {
    return JSON.parse(unsealed(file.read() ?? "", secret, PURPOSE) ?? "[]") as KeysOnRecord[]
  } catch {
    return []
  }
}
