import type { ComponentChildren } from "preact"

import type { RunOutcome } from "../../src/runs/records/run_record"
import { OUTCOME_TONES, OUTCOME_WORDS } from "./run_words"

/** The outcome of a run, in a word. */
export function Outcome({ outcome }: { outcome: RunOutcome }) {
  return <span class={`badge ${OUTCOME_TONES[outcome]}`}>{OUTCOME_WORDS[outcome]}</span>
}

/** A table that scrolls inside itself where it is wider than the page, also by keyboard. */
export function WideTable({ label, head, children }: {
  label: string, head: ComponentChildren, children: ComponentChildren,
}) {
  return (
    <div class="scroll" role="group" aria-label={label} tabIndex={0}>
      <table>
        <thead><tr>{head}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** Names and their figures; those without a value are left out. */
export function Figures({ items }: { items: [string, ComponentChildren][] }) {
  return (
    <dl class="figures">
      {items.filter(([, value]) => value !== undefined && value !== "").map(([name, value]) =>
        <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  )
}

/** A part of a limit that is in use, as a bar with its numbers beside it. */
export function UseBar({ label, used, most, words }: { label: string, used: number, most: number, words: string }) {
  return (
    <div class="use">
      <p><span>{label}</span> <span class="number">{words}</span></p>
      <progress aria-label={`${label}: ${words}`} value={Math.min(used, most)} max={Math.max(most, 1)} />
    </div>
  )
}
