import type { SpoolFile } from "./spool_file"

/**
 * The bytes of one spool that are on disk, in files of one unit each. They are written to the newest file and read from
 * the oldest. A file that has been read is closed, and its space goes back: what is taken is what waits, rounded up.
 */
export class SpoolFiles {
  private files: SpoolFile[] = []
  private writingTo: SpoolFile | undefined

  /** `onFreed` is called whenever the space of a file has gone back to the disk. */
  constructor(private readonly maximumBytes: number, private readonly onFreed: () => void) {}

  /** Bytes that were written and not yet read. */
  get length(): number {
    return this.files.reduce((sum, { length }) => sum + length, 0)
  }

  /** Bytes that may be written now. */
  get room(): number {
    return Math.min(this.newest?.room ?? 0, this.maximumBytes - this.length)
  }

  /** There may be one more file. */
  get mayGrow(): boolean {
    return this.length < this.maximumBytes
  }

  add(file: SpoolFile): void {
    this.files.push(file)
  }

  /** Writes as much of the beginning of `bytes` as there is room for. Resolves with the number of bytes written. */
  async write(bytes: Buffer): Promise<number> {
    const { newest } = this
    if (newest === undefined) {
      return 0
    }
    this.writingTo = newest
    try {
      return await newest.write(bytes.subarray(0, this.room))
    } finally {
      this.writingTo = undefined
    }
  }

  /** Reads the oldest bytes, at most `maximum` of them. */
  async read(maximum: number): Promise<Buffer> {
    const oldest = this.files.find(({ length }) => length > 0)
    if (oldest === undefined) {
      return Buffer.alloc(0)
    }
    const bytes = await oldest.read(maximum)
    if (oldest.length === 0 && oldest !== this.writingTo) {
      this.files = this.files.filter((file) => file !== oldest)
      await this.closeFile(oldest)
    }
    return bytes
  }

  /** Closes all files. Nothing may be under way. */
  async close(): Promise<void> {
    await Promise.all(this.files.splice(0).map(async (file) => this.closeFile(file)))
  }

  private get newest(): SpoolFile | undefined {
    return this.files.length === 0 ? undefined : this.files[this.files.length - 1]
  }

  private async closeFile(file: SpoolFile): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        file.close((error) => error ? reject(error) : resolve())
      })
    } finally {
      this.onFreed()
    }
  }
}
