import { useId, useState } from "preact/hooks"

import { wordsOf } from "../../shared/api"
import { figure, quantity } from "../../shared/words"
import { textOfFile } from "../data/file_text"
import { readTable } from "../data/import"
import { type Sample, SAMPLES } from "../data/samples"
import type { Table } from "../data/table"
import type { ActionType } from "../requests/wire"
import { DataGrid } from "./data_grid"
import { Input, Select } from "./input"

const MOST_SAMPLE_ROWS = 50_000

interface DataCardProps {
  table: Table
  onTable: (table: Table) => void
  /** A file that is sent as it is, in place of the table. */
  file: File | undefined
  onFile: (file: File | undefined) => void
  type: ActionType
  /** The value of the cell, for actions on cells. */
  cell: string
  onCell: (cell: string) => void
  /** Called when the person has finished typing the value. */
  onCellDone: () => void
}

/** Where the data comes from, and the grid in which it is changed. */
export function DataCard({ table, onTable, file, onFile, type, cell, onCell, onCellDone }: DataCardProps) {
  if (type === "cell") {
    return (
      <section class="card" aria-labelledby="data-title">
        <h2 id="data-title">3. Data</h2>
        <Input
          label="Value of the cell" value={cell} onInput={onCell} onChange={onCellDone}
          hint="An action on cells gets the value that a person has clicked on, and no table. Its form gets it, too."
        />
      </section>
    )
  }
  return (
    <section class="card" aria-labelledby="data-title">
      <h2 id="data-title">3. Data</h2>
      <div class="columns">
        <SampleChoice onTable={onTable} />
        <Paste onTable={onTable} />
        <FileChoice file={file} onFile={onFile} />
      </div>
      {type === "dashboard" && file === undefined ?
        <p class="notice">Looker sends a dashboard as a file: choose one for the formats that need it.</p> : null}
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
  const readFile = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) {
      read(textOfFile(await file.arrayBuffer()))
    }
  }
  const choose = async (event: Event): Promise<void> => {
    const input = event.currentTarget as HTMLInputElement
    await readFile(input.files?.[0])
    // The same file may be chosen again, after a change to it.
    input.value = ""
  }
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault()
    await readFile(event.dataTransfer?.files[0])
  }
  return (
    <div onDragOver={(event) => event.preventDefault()} onDrop={(event) => void drop(event)}>
      <label for={id}>CSV, JSON or a json_detail document</label>
      <textarea
        id={id} value={text} aria-describedby={`${id}-hint ${id}-problem`} spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p id={`${id}-hint`} class="hint">Paste it, drop a file here, or choose one below.</p>
      <button type="button" class="quiet" onClick={() => read(text)}>Use this data</button>
      <label for={`${id}-file`} class="below">A file with such data, for the table</label>
      <input
        id={`${id}-file`} type="file" accept=".csv,.tsv,.txt,.json,text/csv,text/plain,application/json"
        aria-describedby={`${id}-problem`} onChange={(event) => void choose(event)}
      />
      <p id={`${id}-problem`} class="problem" role="alert">{problem}</p>
      <p role="status" class="hint">{done}</p>
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
