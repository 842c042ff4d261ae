import type { DocumentReader, ValuesCallback } from "./document_reader"
import { keepNumberTexts, mayLoseDigits } from "./number_texts"

/** Rows that came before the fields that explain them. They wait as text, which takes less memory than values. */
export class WaitingRows {
  private texts: Buffer[] = []
  private bytes = 0

  constructor(private readonly maximumBytes: number, private readonly keepsNumberTexts: boolean) {}

  /**
   * Returns a callback that keeps rows of `document`. It throws a DocumentError when there are more than may be kept.
   */
  keeper(document: DocumentReader): ValuesCallback {
    return (_rows, text) => {
      const bytes = text()
      this.bytes += bytes.length
      if (this.bytes > this.maximumBytes) {
        throw document.error(
          "Looker's result has its rows before its fields, and too many of them to wait: more than " +
          `${this.maximumBytes} bytes (ACTION_HUB_STREAM_WAITING_ROWS_BYTES)`)
      }
      this.texts.push(bytes)
    }
  }

  /** Hands over the waiting rows, in order. */
  async release(deliver: (rows: unknown[]) => Promise<void>): Promise<void> {
    const texts = this.texts
    this.texts = []
    this.bytes = 0
    for (const bytes of texts) {
      const text = `[${bytes.toString("utf8")}]`
      const rows = JSON.parse(text) as unknown[]
      if (this.keepsNumberTexts && mayLoseDigits(bytes, text)) {
        keepNumberTexts(rows, text)
      }
      await deliver(rows)
    }
  }
}
