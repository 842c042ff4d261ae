import type { RunOutcome } from "../../src/runs/records/run_record"
import { OUTCOME_WORDS } from "./run_words"

/** Which runs are wanted; empty texts leave nothing out. Times are those of the browser's zone. */
export interface Filters {
  outcome: "" | RunOutcome
  action: string
  plan: string
  from: string
  to: string
}

const NONE: Filters = { outcome: "", action: "", plan: "", from: "", to: "" }

/** What was chosen last, for who comes back from a run. */
let kept: Filters = NONE

export function keptFilters(): Filters {
  return kept
}

/** Returns the parameters of a request for runs. */
export function asQuery({ from, to, ...texts }: Filters, others: Record<string, string | undefined>): string {
  const parameters = { ...texts, from: asMoment(from), to: asMoment(to), ...others }
  return new URLSearchParams(Object.entries(parameters).filter((entry): entry is [string, string] =>
    entry[1] !== undefined && entry[1] !== "")).toString()
}

function asMoment(local: string): string {
  const time = new Date(local)
  return local === "" || Number.isNaN(time.getTime()) ? "" : time.toISOString()
}

/** The fields by which runs are chosen. Each takes effect when it is left. */
export function RunFilters({ filters, onChange }: { filters: Filters, onChange: (filters: Filters) => void }) {
  const set = (change: Partial<Filters>): void => {
    kept = { ...filters, ...change }
    onChange(kept)
  }
  const text = (name: "action" | "plan", label: string) => (
    <div>
      <label for={`filter-${name}`}>{label}</label>
      <input
        id={`filter-${name}`} value={filters[name]}
        onChange={(event) => set({ [name]: event.currentTarget.value.trim() })}
      />
    </div>
  )
  const time = (name: "from" | "to", label: string) => (
    <div>
      <label for={`filter-${name}`}>{label}</label>
      <input
        id={`filter-${name}`} type="datetime-local" value={filters[name]}
        onChange={(event) => set({ [name]: event.currentTarget.value })}
      />
    </div>
  )
  return (
    <form class="filters" aria-label="Which runs" onSubmit={(event) => event.preventDefault()}>
      <div>
        <label for="filter-outcome">Outcome</label>
        <select
          id="filter-outcome" value={filters.outcome}
          onChange={(event) => set({ outcome: event.currentTarget.value as Filters["outcome"] })}
        >
          <option value="">Any</option>
          {Object.entries(OUTCOME_WORDS).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
        </select>
      </div>
      {text("action", "Action")}
      {text("plan", "Plan (Looker's number)")}
      {time("from", "Began from")}
      {time("to", "Began before")}
      <button type="button" class="quiet" onClick={() => set(NONE)}>Show all</button>
    </form>
  )
}
