import type { QuotasView as View, QuotaView } from "../../src/console/watch/shapes"
import { duration, figure, quantity } from "../shared/words"
import { UseBar } from "./parts"
import { nameOf } from "./run_words"

/** The accounts of vendors, and how much of their limits is in use, by whom. */
export function QuotasView({ view }: { view: View | undefined }) {
  const vendors = [...new Set(view?.accounts.map(({ vendor }) => vendor))]
  return (
    <>
      <h1>Quotas</h1>
      {view !== undefined && view.accounts.length === 0 && (
        <p class="hint" role="status">
          No account has been used since the hub started. An action that keeps to a quota shows here with its first
          call.
        </p>
      )}
      {vendors.map((vendor) => (
        <section key={vendor ?? ""} aria-label={vendor ?? "Other accounts"}>
          <h2>{vendor ?? "Other accounts"}</h2>
          <div class="columns">
            {view?.accounts.filter((each) => each.vendor === vendor).map((account) =>
              <Account key={account.name} account={account} />)}
          </div>
        </section>
      ))}
    </>
  )
}

function Account({ account }: { account: QuotaView }) {
  const { rules, callsInWindow, callsAtOnce, allowedPerWindow, allowedAtOnce, leftInPeriod, waiting, users } = account
  const givesWay = allowedPerWindow < rules.callsPerWindow || allowedAtOnce < rules.callsAtOnce
  const usedInPeriod = rules.callsPerPeriod === undefined || leftInPeriod === undefined ? undefined :
    rules.callsPerPeriod - leftInPeriod
  return (
    <article class="card">
      <h3>{account.account} {givesWay && <span class="badge warn">Giving way</span>}</h3>
      <UseBar
        label={`Calls in the last ${duration(rules.windowMs)}`} used={callsInWindow} most={allowedPerWindow}
        words={`${figure(callsInWindow)} of ${figure(allowedPerWindow)}`}
      />
      <UseBar
        label="Calls at once" used={callsAtOnce} most={allowedAtOnce}
        words={`${figure(callsAtOnce)} of ${figure(allowedAtOnce)}`}
      />
      {usedInPeriod !== undefined && rules.callsPerPeriod !== undefined ? (
        <UseBar
          label="Calls of the day, by everybody" used={usedInPeriod} most={rules.callsPerPeriod}
          words={`${figure(usedInPeriod)} of ${figure(rules.callsPerPeriod)}`}
        />
      ) : (
        <p class="hint">{rules.callsPerPeriod === undefined ?
          "This hub keeps no limit of its own for the calls of a day: see the settings of the action." :
          `The calls of the day are not known at present (the limit is ${figure(rules.callsPerPeriod)}): runs ask ` +
            "for them when they need to."}</p>
      )}
      {givesWay && (
        <p class="hint">
          The vendor has refused calls, so this hub makes fewer than the {figure(rules.callsPerWindow)} (and{" "}
          {figure(rules.callsAtOnce)} at once) that it is set to. A quarter comes back every {duration(rules.windowMs)}.
        </p>
      )}
      <p>{waiting === 0 ? "No call waits for its turn." :
        `${quantity(waiting, "call")} ${waiting === 1 ? "waits" : "wait"} for a turn.`}</p>
      {users.length === 0 ? <p class="hint">No run uses it at present.</p> : (
        <ul>
          {users.map((run) => (
            <li key={run.id}>
              <a href={`#/runs/${run.id}`}>{nameOf(run)}</a>, {quantity(run.progress?.calls ?? 0, "call")} so far
              {run.progress?.waitingFor !== undefined && <>, waits for {run.progress.waitingFor}</>}
            </li>
          ))}
        </ul>
      )}
    </article>
  )
}
