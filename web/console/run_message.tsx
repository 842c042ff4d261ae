import type { RunView } from "../../src/console/watch/shapes"
import { figure } from "../shared/words"

/** What Looker was answered, as far as the hub keeps it: without anything that could name a person. */
export function RunMessage({ run }: { run: RunView }) {
  const { summary, reasons, notes, endedAt, hasRowReport } = run
  const lines = [
    ...reasons.map(({ reason, count, code }) =>
      `${countedReason(reason, count)}${code === undefined ? "" : ` (code ${code})`}`),
    ...notes,
  ]
  return (
    <section class="card" aria-labelledby="message">
      <h2 id="message">The message in Looker</h2>
      {endedAt === undefined ? <p class="hint">Looker is answered when the run ends.</p> : <>
        <p class="summary">{summary ?? "The action kept no account of the run."}</p>
        {lines.length > 0 && <ul>{lines.map((line) => <li key={line}>{line}</li>)}</ul>}
        <p class="hint">
          In Looker the message also has lookup values and the destination's own words. They may name people, so the hub
          keeps neither: see the history of the schedule in Looker.
        </p>
      </>}
      {hasRowReport && (
        <p class="hint">
          There is a report of single rows. Its link is in the message in Looker and nowhere else, since whoever has the
          link can read the rows.
        </p>
      )}
    </section>
  )
}

/** Reasons that are about rows go on from their number; others are sentences of their own. */
function countedReason(reason: string, count: number): string {
  return /^[a-z]/.test(reason) ? `${figure(count)} ${reason}` :
    count === 1 ? reason : `${figure(count)} times: ${reason}`
}
