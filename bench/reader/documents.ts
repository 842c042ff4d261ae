import { once } from "events"
import * as fs from "fs"

/** Texts as people have them: accents, quotes, and characters that look like the borders of rows. */
const TEXTS = [
  "Anna Berg", "José García", "Acme \"North\" GmbH", "a },{ b", "line one\nline two", "anna.berg@example.com",
  "Zoë O'Neil", "C:\\reports\\2026", "Springfield", "lead, qualified",
]

/** Writes a `json_detail` document of `rows` rows and `columns` columns, about 40 bytes a cell. */
export async function writeDocument(path: string, rows: number, columns: number): Promise<void> {
  const names = Array.from({ length: columns }, (_, index) => `users.field_${index}`)
  const file = fs.createWriteStream(path)
  const fields = { dimensions: names.map((name) => ({ name, label: name, tags: [] })), measures: [] }
  file.write(`{"ran_at":"2026-01-31T12:00:00+00:00","fields":${JSON.stringify(fields)},"data":[`)
  for (let index = 0; index < rows; index++) {
    const text = JSON.stringify(makeRow(names, index))
    if (!file.write(index === 0 ? text : `,${text}`)) {
      await once(file, "drain")
    }
  }
  file.end("]}")
  await once(file, "close")
}

function makeRow(names: string[], index: number) {
  const row: { [name: string]: { value: unknown, rendered?: string } } = {}
  names.forEach((name, column) => {
    switch (column % 5) {
      case 0:
        row[name] = { value: index * 7 + column }
        break
      case 1:
        row[name] = { value: null }
        break
      case 2:
        row[name] = { value: index / 8, rendered: `$${(index / 8).toFixed(2)}` }
        break
      default:
        row[name] = { value: `${TEXTS[(index + column) % TEXTS.length]} ${index}` }
    }
  })
  return row
}
