import type { ListedRun, RunningView } from "../../src/console/watch/shapes"
import { clock, figure, quantity } from "../shared/words"
import { WideTable } from "./parts"
import { nameOf } from "./run_words"

/** The runs under way. Readers of the screen are told of their number, not of each row. */
export function RunningRuns({ view }: { view: RunningView | undefined }) {
  const count = view?.running.length ?? 0
  return (
    <section class="card" aria-labelledby="running">
      <h2 id="running">Under way</h2>
      <p role="status" class={count > 0 ? "visually-hidden" : "hint"}>
        {view === undefined ? "Asking the hub ..." : count === 0 ? "No run is under way." :
          `${quantity(count, "run")} under way.`}
      </p>
      {view !== undefined && count > 0 && (
        <WideTable label="Runs under way" head={<>
          <th scope="col">Run</th><th scope="col" class="wide">Progress</th><th scope="col" class="number">Rows</th>
          <th scope="col" class="number">Rows a second</th><th scope="col">Waits for</th><th scope="col">Ends about</th>
        </>}>
          {view.running.map((run) => <RunningRow key={run.id} run={run} />)}
        </WideTable>
      )}
    </section>
  )
}

function RunningRow({ run }: { run: ListedRun }) {
  const { progress } = run
  return (
    <tr>
      <th scope="row"><a href={`#/runs/${run.id}`}>{nameOf(run)}</a></th>
      <td><Progress run={run} /></td>
      <td class="number">{progress === undefined ? "" :
        `${figure(progress.rowsApplied + progress.rowsNotApplied)} of ${figure(progress.rowsRead)} read`}</td>
      <td class="number">{progress?.rowsPerSecond === undefined ? "" : figure(progress.rowsPerSecond)}</td>
      <td>{progress?.waitingFor ?? ""}</td>
      <td>{progress?.expectedEnd === undefined ? "" : clock(progress.expectedEnd)}</td>
    </tr>
  )
}

/** How far a run is. While the number of its rows is unknown there is no bar: it would have to move by itself. */
export function Progress({ run }: { run: Pick<ListedRun, "progress" | "plan" | "action"> }) {
  const percent = run.progress?.percent
  return percent === undefined ? <span class="hint">{run.progress === undefined ? "Starting" : "Reading"}</span> : (
    <span class="progress">
      <progress max={100} value={percent} aria-label={`Progress of ${nameOf(run)}`} /> {percent} %
    </span>
  )
}
