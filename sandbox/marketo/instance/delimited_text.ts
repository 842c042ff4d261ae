export type BulkFormat = "csv" | "tsv" | "ssv"

const DELIMITERS: Record<BulkFormat, string> = { csv: ",", tsv: "\t", ssv: ";" }

/** Returns the format of that name, in any case; CSV if none is given; undefined for any other. */
export function bulkFormat(text: string | undefined): BulkFormat | undefined {
  const name = (text ?? "csv").toLowerCase()
  return (Object.keys(DELIMITERS) as BulkFormat[]).find((format) => format === name)
}

/** Reads RFC 4180 text with the format's delimiter, without blank lines. */
export function parseDelimited(text: string, format: BulkFormat): string[][] {
  const delimiter = DELIMITERS[format]
  const rows: string[][] = []
  let row: string[] = []
  let cell = ""
  let quoted = false
  const endCell = () => {
    row.push(cell)
    cell = ""
  }
  const endRow = () => {
    endCell()
    if (row.length > 1 || row[0] !== "") {
      rows.push(row)
    }
    row = []
  }
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (quoted) {
      if (letter !== "\"") {
        cell += letter
      } else if (text[at + 1] === "\"") {
        cell += letter
        at++
      } else {
        quoted = false
      }
    } else if (letter === "\"" && cell === "") {
      quoted = true
    } else if (letter === delimiter) {
      endCell()
    } else if (letter === "\n") {
      endRow()
    } else if (letter !== "\r") {
      cell += letter
    }
  }
  endRow()
  return rows
}

/** Writes rows with the format's delimiter, quoted where RFC 4180 requires it. */
export function formatDelimited(rows: string[][], format: BulkFormat): string {
  const delimiter = DELIMITERS[format]
  const quote = (cell: string) => cell.includes(delimiter) || /["\r\n]/.test(cell)
    ? `"${cell.replace(/"/g, "\"\"")}"` : cell
  return rows.map((row) => `${row.map(quote).join(delimiter)}\n`).join("")
}
