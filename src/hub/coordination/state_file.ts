import * as crypto from "crypto"
import * as fs from "fs"
import * as path from "path"
import * as winston from "winston"

/** Added to the name of a file that is being written. */
const UNFINISHED = ".new"

/**
 * A file of one hub in ACTION_HUB_STATE_DIRECTORY, in which it leaves word for its next start. It is there as a whole
 * or not at all, also when the hub is killed while it writes. Several hubs in one directory have files of their own.
 */
export class StateFile {
  private readonly file: string
  private hasWarned = false

  /**
   * `secret`: the hub's. `ending`: of the file's name. `unknownWithout`: what the next start does not know without the
   * file, and what comes of that, in words that go on from "does not know".
   */
  constructor(directory: string, secret: string, ending: string, private readonly unknownWithout: string) {
    const hub = crypto.createHash("sha256").update(`held ${secret}`).digest("hex").slice(0, 16)
    this.file = path.join(directory, `action-hub-${hub}.${ending}`)
  }

  /** True if the file is there. */
  get exists(): boolean {
    return fs.existsSync(this.file)
  }

  /** True if a hub was killed while it wrote the file. */
  get isUnfinished(): boolean {
    return fs.existsSync(this.file + UNFINISHED)
  }

  /** Returns what is in the file; undefined if there is none, or it cannot be read. */
  read(): string | undefined {
    try {
      return fs.readFileSync(this.file, "utf8")
    } catch {
      return undefined
    }
  }

  /**
   * Puts a text in the place of what is in the file; undefined removes it. Returns false, and warns the first time, if
   * that was not possible.
   */
  replace(text: string | undefined): boolean {
    try {
      if (text === undefined) {
        fs.rmSync(this.file, { force: true })
        fs.rmSync(this.file + UNFINISHED, { force: true })
      } else {
        fs.writeFileSync(this.file + UNFINISHED, text, { mode: 0o600 })
        fs.renameSync(this.file + UNFINISHED, this.file)
      }
      return true
    } catch (failure) {
      this.warn(failure as NodeJS.ErrnoException)
      return false
    }
  }

  private warn({ code }: NodeJS.ErrnoException): void {
    if (!this.hasWarned) {
      this.hasWarned = true
      winston.warn(`ACTION_HUB_STATE_DIRECTORY cannot be written to (${code}): if this hub is killed, the next one ` +
        `does not know ${this.unknownWithout}.`)
    }
  }
}
