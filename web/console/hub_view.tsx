import { useEffect, useState } from "preact/hooks"

import type { HubView as View, QueueView, SettingsView } from "../../src/console/watch/shapes"
import { ask, wordsOf } from "../shared/api"
import { figure, moment, quantity } from "../shared/words"
import { Figures, WideTable } from "./parts"

const STATE_WORDS = { starting: "Starting", ready: "Takes runs", ending: "Ends after its last run" }

/** The hub itself: its process, its queues, what it coordinates by, and its settings. */
export function HubView({ view }: { view: View | undefined }) {
  return (
    <>
      <h1>Hub</h1>
      {view !== undefined && <>
        <section class="card" aria-labelledby="process">
          <h2 id="process">This hub {view.isStopping && <span class="badge warn">Shutting down</span>}</h2>
          <Figures items={[
            ["Version", view.version], ["Node", view.node], ["Host", view.host], ["Process", String(view.processId)],
            ["Up since", moment(view.startedAt)], ["Memory", `${figure(view.memoryMb)} MB`],
            ["Runs under way", figure(view.runsInFlight)],
            ["Pages watched live", `${view.streams.open} of ${view.streams.most}`],
          ]} />
        </section>
        <Coordination view={view} />
        {view.queues.map((queue) => <Queue key={queue.name} queue={queue} />)}
      </>}
      <Settings />
    </>
  )
}

function Coordination({ view: { coordination } }: { view: View }) {
  const { kind, isReady, trouble, incidents, leases } = coordination
  const held = Object.values(leases).reduce((sum, count) => sum + count, 0)
  return (
    <section class="card" aria-labelledby="coordination">
      <h2 id="coordination">
        Coordination <span class={`badge ${isReady ? "good" : "bad"}`}>{isReady ? "Ready" : "Not ready"}</span>
      </h2>
      {trouble !== undefined && <p class="problem">{trouble}</p>}
      <Figures items={[
        ["Kept in", kind === "redis" ? "Redis, for all its hubs" : "This hub's process"],
        ["Keys that are being written", figure(held)],
        ["Times that Redis was away", incidents === undefined ? undefined : figure(incidents.timesAway)],
        ["Times that Redis lost data", incidents === undefined ? undefined : figure(incidents.timesDataLost)],
      ]} />
    </section>
  )
}

function Queue({ queue: { name, waiting, running, room, processes } }: { queue: QueueView }) {
  return (
    <section class="card" aria-label={name}>
      <h2>{name}</h2>
      <p>
        {quantity(waiting, "run")} {waiting === 1 ? "waits" : "wait"}, {figure(running)} under way
        {room > 0 && <>, with room for {figure(room)}</>}.
      </p>
      {processes.length === 0 ? <p class="hint">No process has been started for them.</p> : (
        <WideTable label={`Processes: ${name}`} head={<>
          <th scope="col">Process</th><th scope="col">State</th><th scope="col" class="number">Runs</th>
          <th scope="col" class="number">Memory</th>
        </>}>
          {processes.map(({ id, state, runs, memoryMb }, index) => (
            <tr key={id ?? index}>
              <th scope="row">{id ?? "none"}</th><td>{STATE_WORDS[state]}</td><td class="number">{figure(runs)}</td>
              <td class="number">{memoryMb === undefined ? "" : `${figure(memoryMb)} MB`}</td>
            </tr>
          ))}
        </WideTable>
      )}
    </section>
  )
}

function Settings() {
  const [view, setView] = useState<SettingsView>()
  const [problem, setProblem] = useState("")
  useEffect(() => {
    ask<SettingsView>("GET", "console-data/settings").then(setView, (thrown: unknown) => setProblem(wordsOf(thrown)))
  }, [])
  return (
    <section class="card" aria-labelledby="settings">
      <h2 id="settings">Settings in force</h2>
      <p class="problem" role="alert">{problem}</p>
      <p class="hint">Of secrets, and of addresses that may hold one, there is only whether they are set.</p>
      {view !== undefined && (
        <WideTable label="Settings" head={<>
          <th scope="col">Variable</th><th scope="col">Value</th><th scope="col">From</th>
        </>}>
          {view.settings.map(({ name, value, isSet, isMasked }) => (
            <tr key={name}>
              <th scope="row"><code>{name}</code></th>
              <td>{isMasked ? <span aria-label="set, not shown">••••••</span> : value ?? ""}</td>
              <td>{isSet ? "Environment" : value === undefined ? "Not set" : "Default"}</td>
            </tr>
          ))}
        </WideTable>
      )}
    </section>
  )
}
