import type { RunView } from "../../src/console/watch/shapes"
import { duration, figure, quantity } from "../shared/words"
import { callsInWindows } from "./call_windows"
import { WideTable } from "./parts"
import { Plot } from "./plot"

/** A window for runs whose action names no limit, in ms. */
const USUAL_WINDOW_MS = 20_000

/** Rows and calls over time, the calls against the quota, and the same numbers as a table. */
export function RunPlots({ run: { samples, progress } }: { run: RunView }) {
  const limit = progress?.callLimit
  const windowMs = limit?.windowMs ?? USUAL_WINDOW_MS
  const times = samples.map(({ atMs }) => atMs / 1000)
  const calls = callsInWindows(samples, windowMs)
  const last = samples.at(-1)
  if (last === undefined || samples.length < 2) {
    return (
      <section class="card" aria-labelledby="plots">
        <h2 id="plots">Over time</h2>
        <p class="hint">There is nothing to plot: a run is looked at once a second.</p>
      </section>
    )
  }
  return (
    <section class="card" aria-labelledby="plots">
      <h2 id="plots">Over time</h2>
      <div class="columns">
        <Plot
          title="Rows" times={times}
          series={[
            { name: "Read", tone: "one", values: samples.map(({ rowsRead }) => rowsRead) },
            { name: "Applied", tone: "two", values: samples.map(({ rowsApplied }) => rowsApplied) },
          ]}
          words={`${quantity(last.rowsRead, "row")} read and ${figure(last.rowsApplied)} applied after ` +
            `${duration(last.atMs)}`}
        />
        <Plot
          title={`Calls in ${duration(windowMs)}`} times={times}
          series={[
            { name: "Calls of this run", tone: "one", values: calls },
            ...(limit === undefined ? [] :
              [{ name: "Quota of this hub", tone: "limit" as const, values: times.map(() => limit.callsPerWindow) }]),
          ]}
          words={`At most ${figure(Math.max(...calls))} calls in ${duration(windowMs)}` +
            (limit === undefined ? "" : `, of ${figure(limit.callsPerWindow)} that the hub allows itself`)}
        />
      </div>
      <details>
        <summary>The numbers as a table</summary>
        <WideTable label="Samples of the run" head={<>
          <th scope="col">After</th><th scope="col" class="number">Rows read</th>
          <th scope="col" class="number">Rows applied</th><th scope="col" class="number">Calls</th>
          <th scope="col">Waited for</th>
        </>}>
          {samples.map((sample) => (
            <tr key={sample.atMs}>
              <th scope="row">{duration(sample.atMs)}</th><td class="number">{figure(sample.rowsRead)}</td>
              <td class="number">{figure(sample.rowsApplied)}</td><td class="number">{figure(sample.calls)}</td>
              <td>{sample.waitingFor ?? ""}</td>
            </tr>
          ))}
        </WideTable>
      </details>
    </section>
  )
}
