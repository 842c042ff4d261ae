import { useId, useState } from "preact/hooks"

import { wordsOf } from "../../shared/api"
import { figure, quantity } from "../../shared/words"
import { textOfFile } from "../data/file_text"
import { readTable } from "../data/import"
import { type Sample, SAMPLES } from "../data/samples"
import type { Table } from "../data/table"
import { DataGrid } from "./data_grid"
import { Input, Select } from "./input"

const MOST_SAMPLE_ROWS = 50_000

interface DataCardProps {
  table: Table
  onTable: (table: Table) => void
  /** A file that is sent as it is, in place of the table. */
  file: File | undefined
  onFile: (file: File | undefined) => void
}

/** Where the data comes from, and the grid in which it is changed. */
export function DataCard({ table, onTable, file, onFile }: DataCardProps) {
  return (
    <section class="card" aria-labelledby="data-title">
      <h2 id="data-title">3. Data</h2>
      <div class="columns">
        <SampleChoice onTable={onTable} />
        <Paste onTable={onTable} />
        <FileChoice file={file} onFile={onFile} />
      </div>
      {file === undefined ? <DataGrid table={table} onTable={onTable} /> :
        <p class="notice">The file {file.name} ({figure(file.size)} bytes) is sent as it is, in place of the table.</p>}
    </section>
  )
}

function SampleChoice({ onTable }: { onTable: (table: Table) => void }) {
  const [sample, setSample] = useState<Sample>(SAMPLES[0])
  const [count, setCount] = useState("3")
  const rowCount = /^\d{1,5}$/.test(count) ? Math.min(Number(count), MOST_SAMPLE_ROWS) : 0
  return (
    <div>
      <Select
        label="Sample query" value={sample.name} options={SAMPLES}
        onChange={(name) => setSample(SAMPLES.find((each) => each.name === name) ?? sample)}
      />
      {sample.hasCount ? (
        <Input
          label="Rows" type="number" value={count} onInput={setCount}
          hint={`From 0 to ${figure(MOST_SAMPLE_ROWS)}.`}
        />
      ) : null}
      <button type="button" class="quiet" onClick={() => onTable(sample.table(rowCount))}>Use the sample</button>
    </div>
  )
}

function Paste({ onTable }: { onTable: (table: Table) => void }) {
  const id = useId()
  const [text, setText] = useState("")
  const [problem, setProblem] = useState<string>()
  const [done, setDone] = useState("")
  const read = (given: string): void => {
    try {
      const table = readTable(given)
      onTable(table)
      setProblem(undefined)
      setDone(`${quantity(table.columns.length, "column")}, ${quantity(table.rows.length, "row")}.`)
    } catch (thrown) {
      setProblem(wordsOf(thrown))
      setDone("")
    }
  }
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault()
    const [dropped] = event.dataTransfer?.files ?? []
    if (dropped !== undefined) {
      read(textOfFile(await dropped.arrayBuffer()))
    }
  }
  return (
    <div onDragOver={(event) => event.preventDefault()} onDrop={(event) => void drop(event)}>
      <label for={id}>CSV, JSON or a json_detail document</label>
      <textarea
        id={id} value={text} aria-describedby={`${id}-hint ${id}-problem`} spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class="hint">Paste it, or drop a file here.</p>
      <p id={`${id}-problem`} class="problem" role="alert">{problem}</p>
      <p role="status" class="hint">{done}</p>
      <button type="button" class="quiet" onClick={() => read(text)}>Use this data</button>
    </div>
  )
}

function FileChoice({ file, onFile }: Pick<DataCardProps, "file" | "onFile">) {
  const id = useId()
  return (
    <div>
      <label for={id}>A file, sent as it is</label>
      <input
        id={id} type="file" aria-describedby={`${id}-hint`}
        onChange={(event) => onFile(event.currentTarget.files?.[0])}
      />
      <p id={`${id}-hint`} class="hint">Such as a saved document, a workbook, or the PDF of a dashboard.</p>
      {file === undefined ? null :
        <button type="button" class="quiet" onClick={() => onFile(undefined)}>Use the table instead</button>}
    </div>
  )
}
