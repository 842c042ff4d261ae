import type { ComponentChildren } from "preact"

import { figure, quantity } from "../../shared/words"
import type { StandInSession } from "../requests/stand_in"
import { Checkbox } from "./input"

const SHOWN_VALUES = 6

/** What the latest send has changed in the stand-in, and its faults. */
export function StandInCard({ standIn }: { standIn: StandInSession }) {
  const { desk, problem } = standIn
  return (
    <section class="card" aria-labelledby="stand-in-title">
      <h2 id="stand-in-title">In the stand-in for Marketo</h2>
      <p class="problem" role="alert">{problem}</p>
      {desk === undefined ? null : (
        <>
          <fieldset>
            <legend>Faults</legend>
            {desk.switches.map(({ name, label, isOn }) => (
              <Checkbox key={name} label={label} isOn={isOn} onChange={(on) => void standIn.flip(name, on)} />
            ))}
          </fieldset>
          <h3>What changed since the last send began</h3>
          <Changes standIn={standIn} />
        </>
      )}
    </section>
  )
}

function Changes({ standIn: { desk } }: { standIn: StandInSession }) {
  if (desk === undefined || desk.changes.calls.length === 0) {
    return <p class="hint">Nothing yet.</p>
  }
  const { leads, lists, programs, campaigns, calls } = desk.changes
  const members = (title: string, targets: typeof lists) => targets.length === 0 ? null : (
    <Figures
      title={title} head={["ID", "Name", "Added", "Removed", "Changed", "Members"]}
      rows={targets.map(({ id, name, added, removed, changed, members: all }) =>
        [id, name, added, removed, changed, all])}
    />
  )
  return (
    <>
      <dl class="figures">
        <div><dt>Leads created</dt><dd>{figure(leads.created)}</dd></div>
        <div><dt>Updated</dt><dd>{figure(leads.updated)}</dd></div>
        <div><dt>Calls</dt><dd>{figure(calls.reduce((sum, { calls: each }) => sum + each, 0))}</dd></div>
      </dl>
      {leads.shown.length === 0 ? null : (
        <Figures
          title="Leads" head={["ID", "Was", "Values"]}
          rows={leads.shown.map(({ id, kind, values }) => [id, kind, valuesOf(values)])}
        />
      )}
      {members("Lists", lists)}
      {members("Programs", programs)}
      {campaigns.length === 0 ? null : (
        <Figures
          title="Campaigns" head={["ID", "Name", "Requested for"]}
          rows={campaigns.map(({ id, name, leads: each }) => [id, name, quantity(each, "lead")])}
        />
      )}
      <Figures
        title="Calls" head={["Operation", "Calls", "Refused"]}
        rows={calls.map(({ operation, calls: each, refused }) => [operation, each, refusedWords(refused)])}
      />
    </>
  )
}

function Figures({ title, head, rows }: { title: string, head: string[], rows: ComponentChildren[][] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead><tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at}>{cell}</td>)}</tr>)}
        </tbody>
      </table>
    </div>
  )
}

function refusedWords(refused: Record<string, number>): string {
  return Object.entries(refused).map(([code, number]) => `${number} with ${code}`).join(", ")
}

function valuesOf(values: Record<string, unknown>): string {
  const entries = Object.entries(values)
  return entries.slice(0, SHOWN_VALUES).map(([name, value]) => `${name}: ${String(value)}`).join(", ") +
    (entries.length > SHOWN_VALUES ? ", ..." : "")
}
