import type { Live } from "./live"
import { PastRuns } from "./past_runs"
import { RunningRuns } from "./running_runs"

/** The runs under way, and those before. */
export function RunsView({ live }: { live: Live }) {
  const { runs } = live.events
  const running = runs?.running ?? []
  const known = `${runs?.newest?.id} ${runs?.newest?.outcome} ${running.map(({ id }) => id).join()}`
  return (
    <>
      <h1>Runs</h1>
      <RunningRuns view={runs} />
      <PastRuns news={known} />
    </>
  )
}
