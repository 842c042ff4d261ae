import { Readable } from "stream"
import * as winston from "winston"
import { Metrics, NO_METRICS } from "../metrics"
import { ByteQueue } from "./byte_queue"
import { DownloadError } from "./errors"
import { SpoolFile } from "./spool_file"
import { SpoolFiles } from "./spool_files"
import { SpoolSpace, spoolSpace } from "./spool_space"
import type { SpoolSettings } from "./stream_settings"
import { noteYoungBuffer } from "./young_buffers"

const FILE_READ_BYTES = 65536
const WRITE_QUEUE_BYTES = 1024 * 1024

/** All downloads of a process together may have this many times the memory of one. */
const DOWNLOADS_IN_MEMORY = 4

/** Bytes that the spools of this process keep in memory before their files. */
let heldByAll = 0

/** Opens the temporary file. Throws if it cannot. */
export type OpenSpoolFile = (directory: string, capacity: number) => SpoolFile

/**
 * The stream from which an action reads a download. Bytes that come in faster than the action reads wait here, first in
 * memory, then in temporary files without a name. When these are full, too, the sender is asked to wait. Many downloads
 * at once use their files earlier, since their memory is one process's. Files are taken from the space that all spools
 * of the hub share. While that is used up, the memory alone has to do, which is slower and still goes on.
 *
 * A disk that is full or missing costs no byte. Unwritten bytes stay in memory, and from then on the sender is asked to
 * wait. A failure is reported after the bytes that came before it, as the stream's `error`.
 */
export class Spool extends Readable {
  /** Called when more may be offered, after `offer` asked to wait. */
  onRoom: () => void = () => undefined
  /** The reason why the bytes end before the download does, once it is known. */
  failure?: Error
  /** Bytes that were offered. */
  bytesTaken = 0

  // In order: the bytes in `head` came before those in the file, and those before the bytes in `tail`.
  private head = new ByteQueue()
  private readonly files: SpoolFiles
  private tail = new ByteQueue()
  /** Bytes of `head` that `heldByAll` knows of. */
  private heldBytes = 0
  /** Bytes that wait here, as far as the metrics know. */
  private measuredBytes = 0

  private mayWrite: boolean
  private isWriting = false
  private isReading = false
  private isAskingForSpace = false
  private withdrawRequest: () => void = () => undefined
  private isWanted = false
  private isFinished = false
  private isHoldingBack = false
  private whenIdle?: () => void

  constructor(
    private readonly settings: SpoolSettings,
    private readonly openFile: OpenSpoolFile = (directory, capacity) => SpoolFile.open(directory, capacity),
    private readonly metrics: Metrics = NO_METRICS,
    private readonly space: SpoolSpace = spoolSpace(),
  ) {
    // Nothing is kept in the stream's own buffer, since a failure would throw it away.
    super({ highWaterMark: 0 })
    this.mayWrite = settings.toDisk
    this.files = new SpoolFiles(settings.maximumBytes, () => space.giveBack())
  }

  /** Takes in the next bytes. Returns false if the sender has to wait for `onRoom`. */
  offer(chunk: Buffer): boolean {
    if (this.destroyed) {
      return true
    }
    this.bytesTaken += chunk.length
    this.metrics.count("actionhub_download_bytes_total", {}, chunk.length)
    if (this.tail.length === 0 && this.files.length === 0 && this.hasMemoryFor(chunk)) {
      this.head.push(chunk)
      this.noteHeld()
    } else {
      this.tail.push(chunk)
      noteYoungBuffer(chunk.length)
    }
    this.give()
    this.write()
    this.isHoldingBack = this.tail.length >= this.writeQueueBytes
    this.measure()
    return !this.isHoldingBack
  }

  /** Reports that all bytes have come. */
  finish() {
    this.isFinished = true
    this.give()
  }

  /** Reports that no more bytes will come because of `error`. The first call counts. */
  fail(error: Error) {
    if (this.failure !== undefined || this.isFinished) {
      return
    }
    this.failure = error
    if (this.head.length + this.tail.length + this.files.length === 0) {
      this.destroy(error)
    }
    this.give()
  }

  override _read() {
    this.isWanted = true
    this.give()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void) {
    this.head = new ByteQueue()
    this.tail = new ByteQueue()
    this.noteHeld()
    this.withdrawRequest()
    this.measure(0)
    const close = () => {
      this.files.close().then(() => callback(error), (closeError: Error) => callback(error ?? closeError))
    }
    if (this.isWriting || this.isReading) {
      this.whenIdle = close
    } else {
      close()
    }
  }

  private hasMemoryFor({ length }: Buffer): boolean {
    const { memoryBytes } = this.settings
    return this.head.length + length <= memoryBytes && heldByAll + length <= DOWNLOADS_IN_MEMORY * memoryBytes
  }

  private noteHeld() {
    heldByAll += this.head.length - this.heldBytes
    this.heldBytes = this.head.length
  }

  private measure(bytes = this.head.length + this.files.length + this.tail.length) {
    if (bytes !== this.measuredBytes) {
      this.metrics.add("actionhub_spool_bytes", {}, bytes - this.measuredBytes)
      this.measuredBytes = bytes
    }
  }

  private get writeQueueBytes(): number {
    return Math.min(WRITE_QUEUE_BYTES, this.settings.memoryBytes)
  }

  /** Hands the oldest bytes to the reader, if it wants some. */
  private give() {
    if (!this.isWanted || this.isReading || this.destroyed) {
      return
    }
    if (this.head.length === 0 && this.files.length === 0 && !this.isWriting) {
      [this.head, this.tail] = [this.tail, this.head]
    }
    const chunk = this.head.shift()
    this.noteHeld()
    if (chunk !== undefined) {
      this.isWanted = false
      this.measure()
      this.push(chunk)
      this.announceRoom()
    } else if (this.files.length > 0) {
      void this.readFile()
    } else if (this.isWriting) {
      // Bytes that are being written come next, and are delivered when the write ends.
    } else if (this.failure !== undefined) {
      this.destroy(this.failure)
    } else if (this.isFinished) {
      this.isWanted = false
      this.push(null)
    }
  }

  private async readFile() {
    this.isReading = true
    let chunk: Buffer | undefined
    try {
      chunk = await this.files.read(FILE_READ_BYTES)
    } catch (error) {
      this.destroy(new DownloadError("spool", "The bytes set aside on disk could not be read back", { cause: error }))
    }
    this.isReading = false
    this.closeIfIdle()
    if (chunk !== undefined && !this.destroyed) {
      this.isWanted = false
      this.measure()
      this.push(chunk)
      this.write()
    }
  }

  /** Moves bytes that have to wait to a file, if there may be one. */
  private write() {
    const chunk = this.tail.peek()
    if (!this.mayWrite || this.isWriting || this.destroyed || chunk === undefined) {
      return
    }
    if (this.files.room > 0) {
      void this.writeChunk(chunk)
    } else if (this.files.mayGrow && !this.isAskingForSpace) {
      this.isAskingForSpace = true
      this.withdrawRequest = this.space.take(() => {
        this.isAskingForSpace = false
        this.useSpace()
      })
    }
  }

  /** Opens one more file in the space that was given to this spool. */
  private useSpace() {
    if (this.destroyed || !this.mayWrite || this.tail.length === 0 || this.files.room > 0) {
      // The reader has been faster.
      this.space.giveBack()
    } else {
      const { directory, maximumBytes } = this.settings
      try {
        this.files.add(this.openFile(directory, Math.min(this.space.unitBytes, maximumBytes)))
      } catch (error) {
        this.space.giveBack()
        this.stopWriting(error)
      }
    }
    this.write()
  }

  private async writeChunk(chunk: Buffer) {
    this.isWriting = true
    let written = 0
    try {
      written = await this.files.write(chunk)
    } catch (error) {
      this.stopWriting(error)
    }
    this.isWriting = false
    this.closeIfIdle()
    if (!this.destroyed) {
      this.tail.drop(written)
      this.announceRoom()
      this.give()
      this.write()
    }
  }

  /** Continues without the disk. */
  private stopWriting(error: unknown) {
    this.mayWrite = false
    winston.warn("The temporary file for downloads can't be written " +
      `(${(error as NodeJS.ErrnoException).code ?? String(error)} in ${this.settings.directory}). ` +
      "This download goes on without it: Looker waits whenever the action is slower.")
  }

  private announceRoom() {
    if (this.isHoldingBack && this.tail.length * 2 < this.writeQueueBytes) {
      this.isHoldingBack = false
      this.onRoom()
    }
  }

  private closeIfIdle() {
    if (this.whenIdle !== undefined && !this.isWriting && !this.isReading) {
      const close = this.whenIdle
      this.whenIdle = undefined
      close()
    }
  }
}
