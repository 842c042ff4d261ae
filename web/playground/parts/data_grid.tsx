import { useState } from "preact/hooks"

import { figure } from "../../shared/words"
import { ODD_VALUES } from "../data/samples"
import {
  type Column, COLUMN_KINDS, COLUMN_TYPES, columnOf, type ColumnKind, replaced, type Table, without,
} from "../data/table"
import { Select } from "./input"

/** Rows that are shown, and can be changed. */
const SHOWN_ROWS = 25

interface DataGridProps {
  table: Table
  onTable: (table: Table) => void
}

/** A table whose columns and cells can be changed. */
export function DataGrid({ table, onTable }: DataGridProps) {
  const { columns, rows } = table
  const [place, setPlace] = useState({ row: 0, column: 0 })
  const setColumn = (index: number, change: Partial<Column>): void =>
    onTable({ ...table, columns: replaced(columns, index, { ...columns[index], ...change }) })
  const setCell = (row: number, column: number, text: string): void =>
    onTable({ ...table, rows: replaced(rows, row, replaced(rows[row], column, text)) })
  const hasPlace = place.row < rows.length && place.column < columns.length
  return (
    <>
      <div class="scroll grid">
        <table>
          <caption class="visually-hidden">The query's result</caption>
          <ColumnRows columns={columns} onColumn={setColumn} />
          <tbody>
            {rows.slice(0, SHOWN_ROWS).map((row, rowIndex) => (
              <tr key={rowIndex}>
                <th scope="row">Row {rowIndex + 1}</th>
                {columns.map((column, index) => (
                  <td key={index}>
                    <input
                      value={row[index]} aria-label={`${column.label}, row ${rowIndex + 1}`} spellcheck={false}
                      onFocus={() => setPlace({ row: rowIndex, column: index })}
                      onInput={(event) => setCell(rowIndex, index, event.currentTarget.value)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > SHOWN_ROWS ? (
        <p class="hint">The first {SHOWN_ROWS} of {figure(rows.length)} rows are shown. All of them are sent.</p>
      ) : null}
      <p class="hint">
        What follows = in a cell is JSON: <code>=null</code>, <code>=true</code>, <code>="007"</code>;
        <code>=</code> alone is no cell at all.
      </p>
      <div class="buttons">
        <button type="button" class="quiet" onClick={() => onTable(withColumn(table))}>Add a column</button>
        <button type="button" class="quiet" onClick={() => onTable(withRow(table))}>Add a row</button>
        <button
          type="button" class="quiet" disabled={!hasPlace}
          onClick={() => onTable({ ...table, rows: without(rows, place.row) })}
        >Remove row {place.row + 1}</button>
        <button
          type="button" class="quiet" disabled={!hasPlace}
          onClick={() => onTable(withoutColumn(table, place.column))}
        >Remove column {columns[place.column]?.label ?? ""}</button>
      </div>
      {hasPlace ? (
        <OddValue
          place={`${columns[place.column].label}, row ${place.row + 1}`}
          onValue={(text) => setCell(place.row, place.column, text)}
        />
      ) : null}
    </>
  )
}

interface ColumnRowsProps {
  columns: Column[]
  onColumn: (index: number, change: Partial<Column>) => void
}

/** What is known of each column, a line for each property. */
function ColumnRows({ columns, onColumn }: ColumnRowsProps) {
  const text = (title: string, valueOf: (column: Column) => string, change: (value: string) => Partial<Column>) => (
    <tr>
      <th scope="row">{title}</th>
      {columns.map((column, index) => (
        <td key={index}>
          <input
            value={valueOf(column)} aria-label={`${title} of column ${index + 1}`} spellcheck={false}
            onChange={(event) => onColumn(index, change(event.currentTarget.value))}
          />
        </td>
      ))}
    </tr>
  )
  const choice = (title: string, options: readonly string[], valueOf: (column: Column) => string,
    change: (value: string) => Partial<Column>) => (
    <tr>
      <th scope="row">{title}</th>
      {columns.map((column, index) => (
        <td key={index}>
          <select
            value={valueOf(column)} aria-label={`${title} of column ${index + 1}`}
            onChange={(event) => onColumn(index, change(event.currentTarget.value))}
          >
            {[...new Set([...options, valueOf(column)])].map((each) => <option key={each}>{each}</option>)}
          </select>
        </td>
      ))}
    </tr>
  )
  return (
    <thead>
      {text("Label", ({ label }) => label, (label) => ({ label }))}
      {text("Name", ({ name }) => name, (name) => ({ name }))}
      {text("Tags", ({ tags }) => tags.join(", "), (value) => ({ tags: listOf(value) }))}
      {choice("Type", COLUMN_TYPES, ({ type }) => type, (type) => ({ type }))}
      {choice("Kind", COLUMN_KINDS, ({ kind }) => kind, (kind) => ({ kind: kind as ColumnKind }))}
      <tr>
        <th scope="row">Shape</th>
        {columns.map((column, index) => (
          <td key={index}>
            <Flag
              label="Hidden" index={index} isOn={column.isHidden}
              onChange={(isHidden) => onColumn(index, { isHidden })}
            />
            <Flag
              label="Pivoted" index={index} isOn={column.isPivoted}
              onChange={(isPivoted) => onColumn(index, { isPivoted })}
            />
          </td>
        ))}
      </tr>
    </thead>
  )
}

interface FlagProps {
  label: string
  index: number
  isOn: boolean
  onChange: (isOn: boolean) => void
}

function Flag({ label, index, isOn, onChange }: FlagProps) {
  return (
    <label class="check">
      <input
        type="checkbox" checked={isOn} aria-label={`${label}: column ${index + 1}`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      /> {label}
    </label>
  )
}

function OddValue({ place, onValue }: { place: string, onValue: (text: string) => void }) {
  const [index, setIndex] = useState("0")
  return (
    <div class="together">
      <Select
        label="Odd value" value={index} onChange={setIndex}
        options={ODD_VALUES.map(({ label }, each) => ({ name: String(each), label }))}
      />
      <button type="button" class="quiet" onClick={() => onValue(ODD_VALUES[Number(index)].text)}>
        Put into {place}
      </button>
    </div>
  )
}

function withColumn({ columns, rows }: Table): Table {
  return {
    columns: [...columns, columnOf(`view.column_${columns.length + 1}`)], rows: rows.map((row) => [...row, "=null"]),
  }
}

function withoutColumn({ columns, rows }: Table, index: number): Table {
  return { columns: without(columns, index), rows: rows.map((row) => without(row, index)) }
}

function withRow({ columns, rows }: Table): Table {
  return { columns, rows: [...rows, columns.map(() => "=null")] }
}

function listOf(text: string): string[] {
  return text.split(",").map((tag) => tag.trim()).filter((tag) => tag !== "")
}
