/** One line of figures: the label, the value, and a remark if needed. */
export type Figure = [label: string, value: string | number, remark?: string]

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], cyan: [36, 39] } as const

export type Style = keyof typeof STYLES

/** The width of a terminal that does not report it. */
const USUAL_COLUMNS = 80

/** Milliseconds between progress lines where they cannot be overwritten, as in a log file. */
const PROGRESS_IN_LOG_MS = 1000

/** Text for a person to read: numbered titles, aligned figures, a progress line. Colours only on a terminal. */
export class Terminal {
  private step = 0
  private hasProgressLine = false
  private isSilent = false
  private lastProgressAt = -Infinity
  private readonly isTerminal: boolean
  private readonly hasColours: boolean

  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    this.isTerminal = stream.isTTY
    this.hasColours = stream.isTTY && (process.env.NO_COLOR ?? "") === ""
  }

  styled(style: Style, text: string): string {
    const [on, off] = STYLES[style]
    return this.hasColours ? `\u001b[${on}m${text}\u001b[${off}m` : text
  }

  line(text = ""): void {
    this.write(text === "" ? "\n" : `  ${text}\n`)
  }

  title(text: string): void {
    this.step++
    this.write(`\n${this.styled("bold", `${this.step}. ${text}`)}\n`)
  }

  /** Writes labels to the left, numbers aligned at their last digit, and remarks after them. */
  figures(figures: Figure[]): void {
    const texts = figures.map(([label, value, remark = ""]) => ({
      label, remark, value: typeof value === "number" ? count(value) : value, isNumber: typeof value === "number",
    }))
    const numberWidth = widest(texts.filter(({ isNumber }) => isNumber).map(({ value }) => value))
    const aligned = texts.map((text) => ({
      ...text, value: text.isNumber ? text.value.padStart(numberWidth) : text.value,
    }))
    const labelWidth = widest(aligned.map(({ label }) => label))
    const valueWidth = widest(aligned.filter(({ remark }) => remark !== "").map(({ value }) => value))
    for (const { label, value, remark } of aligned) {
      const tail = remark === "" ? "" : " ".repeat(Math.max(0, valueWidth - value.length) + 3) + remark
      this.line(label.padEnd(labelWidth + 3) + value + (tail === "" ? "" : this.styled("dim", tail)))
    }
  }

  /** Replaces the previous line on a terminal. Elsewhere writes at most one line a second. */
  progress(text: string): void {
    if (this.isTerminal) {
      const columns = this.stream.columns > 0 ? this.stream.columns : USUAL_COLUMNS
      this.write(`\r\u001b[2K  ${text.slice(0, columns - 3)}`)
      this.hasProgressLine = true
    } else if (performance.now() - this.lastProgressAt >= PROGRESS_IN_LOG_MS) {
      this.lastProgressAt = performance.now()
      this.line(text)
    }
  }

  endProgress(): void {
    if (this.hasProgressLine) {
      this.write("\n")
      this.hasProgressLine = false
    }
  }

  /** Ignores all further writing. */
  silence(): void {
    this.endProgress()
    this.isSilent = true
  }

  private write(text: string): void {
    if (!this.isSilent) {
      this.stream.write(text)
    }
  }
}

/** Formats 5000 as "5,000". */
export function count(value: number): string {
  return value.toLocaleString("en-US")
}

function widest(texts: string[]): number {
  return Math.max(0, ...texts.map((text) => text.length))
}
