import type { ComponentChildren } from "preact"

import type { WatchedRun } from "../../../src/console/playground/send_events"
import { duration, figure } from "../../shared/words"
import type { Sending } from "../requests/sending"
import type { LookerAnswer } from "../requests/wire"

/** A run while it lasts, and what Looker would show of its answer. */
export function AnswerCard({ sending }: { sending: Sending }) {
  const { run, answer, failure, tookMs } = sending
  return (
    <section class="card" aria-labelledby="answer-title">
      <h2 id="answer-title">5. Answer</h2>
      {run === undefined ? null : <Progress run={run} isOver={tookMs !== undefined} />}
      <div role="status">
        {tookMs === undefined ? <p>The action is running ...</p> : null}
        {failure === undefined ? null : <p class="problem">{failure}</p>}
        {answer === undefined ? null : <Answer answer={answer} />}
      </div>
      {tookMs === undefined ? null : <p class="hint">It took {duration(tookMs)}.</p>}
    </section>
  )
}

function Answer({ answer }: { answer: LookerAnswer }) {
  const { success, message, validation_errors: invalid = {}, state, refresh_query: refreshes, error } = answer
  const remarks = [
    ...(refreshes === true ? ["Looker is asked to run the query again."] : []),
    ...(state === undefined ? [] : [state.data === undefined ? "Looker forgets the state that it kept." :
      "Looker keeps a state for the next request."]),
    ...(error?.http_code === undefined ? [] :
      [`The service's own status is ${error.http_code} ${error.status_code ?? ""}.`]),
  ]
  return (
    <>
      <p><span class={`badge ${success ? "good" : "bad"}`}>{success ? "Success" : "Failure"}</span></p>
      {message === undefined ? <p class="hint">There is no message.</p> :
        <pre class="message" role="group" aria-label="Message" tabIndex={0}>{linked(message)}</pre>}
      {Object.keys(invalid).length === 0 ? null : (
        <>
          <h3>What is wrong with the form</h3>
          <ul>{Object.entries(invalid).map(([name, text]) => <li key={name} class="problem">{name}: {text}</li>)}</ul>
        </>
      )}
      {remarks.map((remark) => <p key={remark} class="hint">{remark}</p>)}
      <details>
        <summary>As JSON</summary>
        <pre class="line" role="group" aria-label="Answer as JSON" tabIndex={0}>
          {JSON.stringify({ looker: answer }, undefined, 2)}
        </pre>
      </details>
    </>
  )
}

function Progress({ run: { outcome, progress }, isOver }: { run: WatchedRun, isOver: boolean }) {
  if (progress === undefined) {
    return null
  }
  const { rowsRead, rowsApplied, rowsNotApplied, calls, percent, rowsPerSecond, waitingFor } = progress
  const figures: [string, string][] = [
    ["Rows read", figure(rowsRead)], ["Applied", figure(rowsApplied)], ["Not applied", figure(rowsNotApplied)],
    ["Calls", figure(calls)], ...(rowsPerSecond === undefined || isOver ? [] :
      [["Rows a second", figure(Math.round(rowsPerSecond))] as [string, string]]),
  ]
  return (
    <>
      {isOver ? null : <progress aria-label="Progress of the run" max={100} value={percent} />}
      <dl class="figures">
        {figures.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      {waitingFor === undefined || outcome !== "running" ? null : <p class="hint">It waits for {waitingFor}.</p>}
    </>
  )
}

/** Makes links of addresses on this hub, such as those of reports. Others stay texts: whoever sent data chose them. */
function linked(message: string): ComponentChildren {
  return message.split(/(https?:\/\/[^\s"<>]*[^\s"<>.,;:)])/).map((part, index) =>
    index % 2 === 1 && URL.canParse(part) && new URL(part).origin === location.origin ?
      <a key={index} href={part} rel="noopener noreferrer">{part}</a> : part)
}
