import { useEffect, useState } from "preact/hooks"

import type { RunView as Run } from "../../src/console/watch/shapes"
import { ask, wordsOf } from "../shared/api"
import { clock, duration, figure, moment } from "../shared/words"
import type { Live } from "./live"
import { Figures, Outcome } from "./parts"
import { RunAccount } from "./run_account"
import { RunMessage } from "./run_message"
import { RunPlots } from "./run_plots"
import { RunStory } from "./run_story"
import { CATEGORY_WORDS, nameOf, OUTCOME_WORDS } from "./run_words"
import { Progress } from "./running_runs"

/** One run: how far it is, or what came of it, and how. */
export function RunView({ id, live }: { id: string, live: Live }) {
  const [asked, setAsked] = useState<Run>()
  const [problem, setProblem] = useState("")
  useEffect(() => {
    setProblem("")
    ask<Run>("GET", `console-data/runs/${encodeURIComponent(id)}`).then(setAsked, (thrown: unknown) =>
      setProblem(wordsOf(thrown)))
  }, [id])
  const run = [live.events.run, asked].find((each) => each?.id === id)
  return (
    <>
      <p><a href="#/runs">All runs</a></p>
      {run === undefined ? <><h1>Run {id}</h1><p class="problem" role="alert">{problem}</p></> : <RunParts run={run} />}
    </>
  )
}

function RunParts({ run }: { run: Run }) {
  return (
    <>
      <h1>{nameOf(run)} <Outcome outcome={run.outcome} />{run.isDryRun && <> <span class="badge">Dry run</span></>}</h1>
      <p class="visually-hidden" role="status">
        {run.endedAt === undefined ? "The run is under way." : `The run has ended: ${OUTCOME_WORDS[run.outcome]}.`}
      </p>
      <section class="card" aria-labelledby="state">
        <h2 id="state">{run.endedAt === undefined ? "How far it is" : "What came of it"}</h2>
        {run.endedAt === undefined && <Progress run={run} />}
        <RunFigures run={run} />
      </section>
      <div class="columns">
        <RunStory run={run} />
        <RunMessage run={run} />
      </div>
      <RunPlots run={run} />
      <RunAccount run={run} />
      <section class="card" aria-labelledby="origin">
        <h2 id="origin">Where it comes from</h2>
        <Figures items={[
          ["Action", run.action], ["Plan", run.plan?.id], ["Looker instance", run.instance], ["Sent by", run.sender],
          ["Looker's id of the request", run.webhookId], ["Run", run.id],
          ["Hub", `${run.hub.host}, process ${run.hub.pid}`],
        ]} />
      </section>
    </>
  )
}

function RunFigures({ run }: { run: Run }) {
  const { progress } = run
  return (
    <Figures items={[
      ["Rows read", progress && figure(progress.rowsRead)],
      ["Rows applied", progress && figure(progress.rowsApplied)],
      ["Rows not applied", progress && figure(progress.rowsNotApplied)],
      ["Calls", progress && figure(progress.calls)],
      ["Began", moment(run.startedAt)],
      ...(run.endedAt === undefined ? [
        ["Rows a second", progress?.rowsPerSecond === undefined ? undefined : figure(progress.rowsPerSecond)],
        ["Ends about", progress?.expectedEnd === undefined ? undefined : clock(progress.expectedEnd)],
        ["Waits for", progress?.waitingFor],
      ] as [string, string | undefined][] : [
        ["Took", duration(run.durationMs ?? 0)],
        ["Reason lies with", run.category === undefined ? undefined : CATEGORY_WORDS[run.category]],
      ] as [string, string | undefined][]),
    ]} />
  )
}
