/** The place where reports are kept, as they come: compressed and encrypted. Everything may reject. */
export interface ReportStore {
  /** Adds a block at the end of a report, which begins with its first block. */
  append(id: string, block: Buffer): Promise<void>
  /** Returns the blocks of a report, from the first on, in pieces of any size; undefined if there is none. */
  read(id: string): Promise<AsyncIterable<Buffer> | undefined>
  /** Keeps the encrypted key of a report for as long as the report. */
  keepKey(id: string, sealed: Buffer): Promise<void>
  /** Returns what `keepKey` was given; undefined if nothing. */
  readKey(id: string): Promise<Buffer | undefined>
  /** Removes reports that have had their time, and the oldest ones while all together are too large. */
  tidy(): Promise<void>
}

/** How long reports are kept, and how much of them. */
export interface ReportBounds {
  keptMs: number
  /** All reports together, in bytes. */
  totalBytes: number
}

/** A report as far as its removal is concerned. */
export interface StoredReport {
  id: string
  bytes: number
}
