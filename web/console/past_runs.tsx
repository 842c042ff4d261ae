import { useEffect, useState } from "preact/hooks"

import type { RunsPage } from "../../src/console/watch/shapes"
import { ask, wordsOf } from "../shared/api"
import { duration, moment } from "../shared/words"
import { Outcome, WideTable } from "./parts"
import { asQuery, type Filters, keptFilters, RunFilters } from "./run_filters"
import { nameOf, rowsOf } from "./run_words"

const PAGE_SIZE = 25

/** The runs that have ended, and those under way, newest first. `news` changes when there may be others. */
export function PastRuns({ news }: { news: string }) {
  const [filters, setFilters] = useState<Filters>(keptFilters)
  const [path, setPath] = useState<string[]>([])
  const [page, setPage] = useState<RunsPage>()
  const [problem, setProblem] = useState("")
  const before = path.at(-1)
  useEffect(() => {
    let isOver = false
    const query = asQuery(filters, { limit: String(PAGE_SIZE), before })
    ask<RunsPage>("GET", `console-data/runs?${query}`).then((found) => {
      if (!isOver) {
        setPage(found)
        setProblem("")
      }
    }, (thrown: unknown) => { if (!isOver) { setProblem(wordsOf(thrown)) } })
    return () => { isOver = true }
    // Older pages do not change; only the first one can have new runs.
  }, [filters, before, before === undefined ? news : ""])

  const filter = (wanted: Filters): void => {
    setPath([])
    setFilters(wanted)
  }
  return (
    <section class="card" aria-labelledby="all">
      <h2 id="all">All runs</h2>
      <RunFilters filters={filters} onChange={filter} />
      <p class="problem" role="alert">{problem}</p>
      {page !== undefined && page.runs.length === 0 &&
        <p class="hint" role="status">There is no such run. The last 1,000 runs are kept.</p>}
      {page !== undefined && page.runs.length > 0 && <RunsTable page={page} />}
      <div class="buttons">
        <button type="button" class="quiet" disabled={path.length === 0} onClick={() => setPath(path.slice(0, -1))}>
          Newer
        </button>
        <button
          type="button" class="quiet" disabled={page?.next === undefined}
          onClick={() => setPath([...path, page?.next ?? ""])}
        >
          Older
        </button>
      </div>
    </section>
  )
}

function RunsTable({ page }: { page: RunsPage }) {
  return (
    <WideTable label="All runs" head={<>
      <th scope="col">Run</th><th scope="col">Outcome</th><th scope="col">Action</th>
      <th scope="col" class="number">Rows applied</th><th scope="col">Began</th><th scope="col">Took</th>
    </>}>
      {page.runs.map((run) => (
        <tr key={run.id}>
          <th scope="row"><a href={`#/runs/${run.id}`}>{nameOf(run)}</a></th>
          <td><Outcome outcome={run.outcome} />{run.isDryRun && <> <span class="badge">Dry run</span></>}</td>
          <td>{run.action}</td>
          <td class="number">{rowsOf(run)}</td>
          <td class="moment">{moment(run.startedAt)}</td>
          <td class="moment">{run.durationMs === undefined ? "" : duration(run.durationMs)}</td>
        </tr>
      ))}
    </WideTable>
  )
}
