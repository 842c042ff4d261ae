import { useId, useState } from "preact/hooks"

import { curlLine, type SentRequest } from "../requests/curl"
import { Checkbox } from "./input"

interface RequestsCardProps {
  requests: SentRequest[]
  /** Names of settings that are secret. */
  secretNames: string[]
}

/** The latest requests of each kind, as lines for a shell. */
export function RequestsCard({ requests, secretNames }: RequestsCardProps) {
  const [isRevealed, setRevealed] = useState(false)
  const hub = new URL(".", location.href).href
  return (
    <section class="card" aria-labelledby="requests-title">
      <h2 id="requests-title">Requests</h2>
      <p class="hint">
        As the hub got them. The token is yours: <code>read -rs ACTION_HUB_TOKEN</code>. The address of data works once.
      </p>
      <Checkbox label="Show secret settings" isOn={isRevealed} onChange={setRevealed} />
      {requests.map((request) => (
        <Line key={request.title} title={request.title} line={curlLine(request, hub, isRevealed ? [] : secretNames)} />
      ))}
    </section>
  )
}

function Line({ title, line }: { title: string, line: string }) {
  const id = useId()
  const [done, setDone] = useState("")
  const copy = async (): Promise<void> =>
    navigator.clipboard.writeText(line).then(
      () => setDone("Copied."), () => setDone("The browser does not allow that."))
  return (
    <>
      <h3 id={id}>{title}</h3>
      <pre class="line" tabIndex={0} role="region" aria-labelledby={id}>{line}</pre>
      <p class="buttons">
        <button type="button" class="quiet" onClick={() => void copy()}>Copy: {title}</button>
        <span role="status">{done}</span>
      </p>
    </>
  )
}
