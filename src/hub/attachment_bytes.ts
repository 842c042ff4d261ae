/**
 * The data of a large attachment as it was received, in pieces. Data that nobody reads is neither joined nor parsed.
 * The hub puts it in place of a body's `attachment.data`, where {@link file://./attachment.ts} picks it up.
 */
export class AttachmentBytes {

  /** Number of bytes in all. */
  readonly length: number

  /** `isInlineJson`: the pieces are JSON that was placed inline, where a string is expected otherwise. */
  constructor(private pieces: Buffer[], readonly isInlineJson: boolean) {
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  }

  /** The bytes in their order; not to be changed. */
  get inPieces(): readonly Buffer[] {
    return this.pieces
  }

  /** Returns all bytes in one Buffer, the same one every time. */
  joined(): Buffer {
    if (this.pieces.length !== 1) {
      this.pieces = [Buffer.concat(this.pieces, this.length)]
    }
    return this.pieces[0]
  }

}
