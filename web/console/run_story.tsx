import type { RunView } from "../../src/console/watch/shapes"
import { duration } from "../shared/words"
import { type Step, storyOf } from "./story"

/** Steps that are shown; the strip has all of them. */
const MOST_STEPS = 12

/** The story of a run as a time line: a strip to look at, and the steps in words. */
export function RunStory({ run }: { run: RunView }) {
  const steps = storyOf(run)
  const shown = steps.length <= MOST_STEPS ? steps :
    steps.filter(({ kind, atMs, untilMs = atMs }) => kind !== "waited" || untilMs - atMs >= longestOf(steps) / 4)
      .slice(-MOST_STEPS)
  return (
    <section class="card" aria-labelledby="story">
      <h2 id="story">Time line</h2>
      <Strip steps={steps} />
      <ol class="story">
        {shown.map((step, index) => (
          <li key={index} class={step.kind}>
            <span class="at">{step.atMs === 0 ? "0 s" : duration(step.atMs)}</span>
            <span>{step.words}</span>
          </li>
        ))}
      </ol>
      {shown.length < steps.length && <p class="hint">Shorter waits are left out here.</p>}
    </section>
  )
}

function longestOf(steps: Step[]): number {
  return Math.max(...steps.map(({ atMs, untilMs = atMs }) => untilMs - atMs))
}

function Strip({ steps }: { steps: Step[] }) {
  const wholeMs = Math.max(1, ...steps.map(({ atMs, untilMs = atMs }) => Math.max(atMs, untilMs)))
  const place = (ms: number): number => 1000 * ms / wholeMs
  return (
    <svg class="strip" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
      <rect class="whole" width="1000" height="12" />
      {steps.map(({ atMs, untilMs, kind }, index) => untilMs === undefined ?
        <rect key={index} class={`mark ${kind}`} x={Math.min(996, place(atMs))} width="4" height="12" /> :
        <rect key={index} class={kind} x={place(atMs)} width={Math.max(2, place(untilMs - atMs))} height="12" />)}
    </svg>
  )
}
