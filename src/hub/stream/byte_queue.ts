const SMALL_BYTES = 4096
const BLOCK_BYTES = 16384

/**
 * Chunks of bytes, first in, first out. Small chunks are joined, so the queue takes little more memory than the bytes
 * it holds, however small the pieces are in which they come.
 */
export class ByteQueue {
  /** Bytes in the queue. */
  length = 0

  private chunks: Buffer[] = []
  private first = 0
  private block?: Buffer
  private blockLength = 0

  push(chunk: Buffer) {
    this.length += chunk.length
    if (chunk.length >= SMALL_BYTES) {
      this.closeBlock()
      this.chunks.push(chunk)
      return
    }
    if (this.blockLength + chunk.length > BLOCK_BYTES) {
      this.closeBlock()
    }
    this.block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES)
    this.blockLength += chunk.copy(this.block, this.blockLength)
  }

  /** Returns the oldest chunk without removing it; undefined if the queue is empty. */
  peek(): Buffer | undefined {
    if (this.first === this.chunks.length) {
      this.closeBlock()
    }
    return this.chunks[this.first]
  }

  /** Removes the first `count` bytes of the oldest chunk. */
  drop(count: number) {
    const chunk = this.chunks[this.first]
    this.length -= count
    if (count < chunk.length) {
      this.chunks[this.first] = chunk.subarray(count)
      return
    }
    this.first++
    if (this.first > 64 && this.first * 2 > this.chunks.length) {
      this.chunks = this.chunks.slice(this.first)
      this.first = 0
    } else {
      this.chunks[this.first - 1] = EMPTY
    }
  }

  /** Removes and returns the oldest chunk; undefined if the queue is empty. */
  shift(): Buffer | undefined {
    const chunk = this.peek()
    if (chunk !== undefined) {
      this.drop(chunk.length)
    }
    return chunk
  }

  private closeBlock() {
    if (this.block !== undefined) {
      this.chunks.push(this.block.subarray(0, this.blockLength))
      this.block = undefined
      this.blockLength = 0
    }
  }
}

const EMPTY = Buffer.alloc(0)
