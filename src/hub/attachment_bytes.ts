/**
 * The data of a large attachment as it was received, in pieces: what nobody reads is neither joined nor parsed. The
 * hub puts it in the place of `attachment.data` of a body, for {@link file://./attachment.ts} to take up.
 */
export class AttachmentBytes {

  /** Number of bytes in all. */
  readonly length: number

  /** `isInlineJson`: the pieces are JSON that was placed inline, where otherwise a text is expected. */
  constructor(private pieces: Buffer[], readonly isInlineJson: boolean) {
    this.length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  }

  /** The bytes in their order; not to be changed. */
  get inPieces(): readonly Buffer[] {
    return this.pieces
  }

  /** All bytes in one Buffer, the same one every time. */
  joined(): Buffer {
    if (this.pieces.length !== 1) {
      this.pieces = [Buffer.concat(this.pieces, this.length)]
    }
    return this.pieces[0]
  }

}
