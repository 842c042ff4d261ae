const FIRST_BLOCK_BYTES = 4096
const LARGEST_BLOCK_BYTES = 1024 * 1024

/**
 * Bytes that arrive in small amounts, kept in blocks of at most 1 MiB. Copying them into blocks frees the network's own
 * buffers, which are larger than their contents, and never needs room for all of the bytes twice.
 */
export class Blocks {
  /** Bytes kept. */
  length = 0

  private blocks: Buffer[] = []
  /** Bytes used of the last block. */
  private used = 0

  append(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.length > 0) {
      const block = this.blockWithRoom()
      const taken = rest.subarray(0, block.length - this.used)
      block.set(taken, this.used)
      this.used += taken.length
      this.length += taken.length
      rest = rest.subarray(taken.length)
    }
  }

  /** Hands over the bytes, in pieces, and keeps none. */
  take(): Buffer[] {
    const pieces = this.blocks
    const last = pieces.pop()
    if (last !== undefined) {
      pieces.push(last.subarray(0, this.used))
    }
    this.blocks = []
    this.length = this.used = 0
    return pieces
  }

  private blockWithRoom(): Buffer {
    if (this.blocks.length > 0 && this.used < this.blocks[this.blocks.length - 1].length) {
      return this.blocks[this.blocks.length - 1]
    }
    const block = Buffer.allocUnsafeSlow(Math.min(LARGEST_BLOCK_BYTES, Math.max(FIRST_BLOCK_BYTES, this.length)))
    this.blocks.push(block)
    this.used = 0
    return block
  }
}
