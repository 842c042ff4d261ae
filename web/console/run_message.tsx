import { useEffect, useState } from "preact/hooks"

import type { ReportState, RunView } from "../../src/console/watch/shapes"
import { ask } from "../shared/api"
import { figure } from "../shared/words"

/** What Looker was answered, as far as the hub keeps it: without anything that could name a person. */
export function RunMessage({ run }: { run: RunView }) {
  const { id, summary, reasons, notes, endedAt, hasRowReport } = run
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
      {hasRowReport && <RowReport key={id} id={id} isOver={endedAt !== undefined} />}
    </section>
  )
}

/** The way to the report of single rows, as far as the hub can open it. */
function RowReport({ id, isOver }: { id: string, isOver: boolean }) {
  const [canOpen, setCanOpen] = useState<boolean>()
  useEffect(() => {
    let isWanted = true
    const show = (answer: boolean | undefined): void => {
      if (isWanted) {
        setCanOpen(answer)
      }
    }
    // Where nobody can be asked, the page says so elsewhere.
    ask<ReportState>("GET", `console-data/runs/${id}/report-state`).then((state) => show(state.canOpen),
      () => show(undefined))
    return () => { isWanted = false }
  }, [id, isOver])
  return canOpen === true ? (
    <p>
      <a href={`console-data/runs/${id}/report`} download>Download the report of single rows</a>{" "}
      <span class="hint">(CSV, with lookup values: it names people)</span>
    </p>
  ) : (
    <p class="hint">
      There is a report of single rows. {canOpen === false && "This hub cannot open it, or no longer: "}
      {canOpen === false && "its link is in the message in Looker, where whoever has it can read the rows."}
    </p>
  )
}

/** Reasons that are about rows go on from their number; others are sentences of their own. */
function countedReason(reason: string, count: number): string {
  return /^[a-z]/.test(reason) ? `${figure(count)} ${reason}` :
    count === 1 ? reason : `${figure(count)} times: ${reason}`
}
