import type { RunView } from "../../src/console/watch/shapes"
import { figure } from "../shared/words"
import { Figures, WideTable } from "./parts"
import { countValue, countWords } from "./run_words"

/** The account of a run in numbers: reasons, counts, lists and the like. Empty while there is none. */
export function RunAccount({ run }: { run: RunView }) {
  const { counts, membership } = run
  const names = Object.keys(counts)
  return (
    <>
      <Reasons run={run} />
      {names.length > 0 && (
        <section class="card" aria-labelledby="counts">
          <h2 id="counts">Counts</h2>
          <Figures items={names.map((name) => [countWords(name), countValue(name, counts[name])])} />
        </section>
      )}
      {membership.length > 0 && (
        <section class="card" aria-labelledby="membership">
          <h2 id="membership">Lists, programs and campaigns</h2>
          {membership.map(({ target, counts: changes }) => (
            <div key={target}>
              <h3>{target}</h3>
              <Figures items={Object.entries(changes).map(([name, value]) => [countWords(name), figure(value)])} />
            </div>
          ))}
        </section>
      )}
    </>
  )
}

function Reasons({ run: { reasons } }: { run: RunView }) {
  const most = Math.max(1, ...reasons.map(({ count }) => count))
  return reasons.length === 0 ? null : (
    <section class="card" aria-labelledby="reasons">
      <h2 id="reasons">Reasons</h2>
      <WideTable label="Reasons" head={<>
        <th scope="col">Reason</th><th scope="col" class="number">Count</th>
        <th scope="col" class="wide"><span class="visually-hidden">Share</span></th><th scope="col">Code</th>
      </>}>
        {reasons.map(({ reason, code, count }, index) => (
          <tr key={index}>
            <th scope="row" class="reason">{reason}</th>
            <td class="number">{figure(count)}</td>
            <td><Bar part={count / most} /></td>
            <td>{code ?? ""}</td>
          </tr>
        ))}
      </WideTable>
    </section>
  )
}

/** A bar as long as the part (0 to 1) of the longest. The number beside it says the same. */
function Bar({ part }: { part: number }) {
  return (
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="filled" width={Math.max(1, 100 * part)} height="10" />
    </svg>
  )
}
