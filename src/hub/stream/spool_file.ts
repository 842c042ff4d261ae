import { randomUUID } from "crypto"
import * as fs from "fs"
import { join } from "path"

/** Linux's flag for a file that never has a name. It goes with O_DIRECTORY. Node does not list it. */
const NAMELESS = 0o20000000

/**
 * A temporary file without a name, used as a ring. Bytes are written at one end and read at the other, and it never
 * contains more than `capacity` bytes. Only this process's user can open it (mode 0600), only this process has it open,
 * and the operating system takes it back when the process ends, however it ends.
 */
export class SpoolFile {

  /** Opens a file in `directory`. Throws the operating system's error if it cannot. */
  static open(directory: string, capacity: number): SpoolFile {
    return new SpoolFile(openNameless(directory), capacity)
  }

  private written = 0
  private taken = 0
  private isWriting = false

  private constructor(private readonly descriptor: number, private readonly capacity: number) {}

  /** Bytes that were written and not yet read. */
  get length(): number {
    return this.written - this.taken
  }

  /** Bytes that may be written now. */
  get room(): number {
    return this.capacity - this.length
  }

  /** Writes as much of the beginning of `bytes` as there is room for. Resolves with the number of bytes written. */
  async write(bytes: Buffer): Promise<number> {
    const position = this.written % this.capacity
    const length = Math.min(bytes.length, this.room, this.capacity - position)
    this.isWriting = true
    const written = await new Promise<number>((resolve, reject) => {
      fs.write(this.descriptor, bytes, 0, length, position, (error, count) => {
        this.isWriting = false
        if (error) {
          reject(error)
        } else {
          resolve(count)
        }
      })
    })
    this.written += written
    return written
  }

  /** Reads the oldest bytes, at most `maximum` of them. */
  async read(maximum: number): Promise<Buffer> {
    const position = this.taken % this.capacity
    const length = Math.min(maximum, this.length, this.capacity - position)
    const bytes = Buffer.allocUnsafe(length)
    const count = await new Promise<number>((resolve, reject) => {
      fs.read(this.descriptor, bytes, 0, length, position, (error, bytesRead) => {
        if (error) {
          reject(error)
        } else {
          resolve(bytesRead)
        }
      })
    })
    if (count === 0) {
      throw new Error("the temporary file is shorter than the bytes written to it")
    }
    this.taken += count
    if (this.length === 0 && !this.isWriting) {
      this.written = this.taken = 0
    }
    return bytes.subarray(0, count)
  }

  /** Closes the file. Nothing may be under way, since its descriptor can belong to another file right after. */
  close(callback: (error?: Error | null) => void) {
    fs.close(this.descriptor, callback)
  }
}

function openNameless(directory: string): number {
  if (process.platform === "linux") {
    try {
      return fs.openSync(directory, NAMELESS | fs.constants.O_DIRECTORY | fs.constants.O_RDWR, 0o600)
    } catch (error) {
      // Not every file system supports this. A directory that is missing or not writable fails below, too.
      if (!["EOPNOTSUPP", "EISDIR", "EINVAL", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) {
        throw error
      }
    }
  }
  const path = join(directory, `action-hub-spool-${randomUUID()}`)
  const flags = fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL
  const descriptor = fs.openSync(path, flags, 0o600)
  try {
    fs.unlinkSync(path)
  } catch (error) {
    fs.closeSync(descriptor)
    throw error
  }
  return descriptor
}
