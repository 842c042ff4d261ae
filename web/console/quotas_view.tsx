import type { QuotasView as View, QuotaView } from "../../src/console/watch/shapes"
import { clock, duration, figure, quantity } from "../shared/words"
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
          No account has been used since the hub started, or within a day by the hubs of its Redis. An action that keeps
          to a quota shows here with its first call.
        </p>
      )}
      {vendors.map((vendor) => (
        <section key={vendor ?? ""} aria-label={vendor ?? "Other accounts"}>
          <h2>{vendor ?? "Other accounts"}</h2>
          <div class="columns">
            {view?.accounts.filter((each) => each.vendor === vendor).map((account) =>
              <Account key={account.name} account={account} who={view.isShared ? "these hubs" : "this hub"} />)}
          </div>
        </section>
      ))}
    </>
  )
}

/** Everybody's calls of the day if the vendor has told them, else the hub's own, against the limit if there is one. */
function CallsOfTheDay(
  { account: { rules: { callsPerPeriod }, today }, who }: { account: QuotaView, who: string },
) {
  const { calls, since, everybody } = today
  const own = since === undefined ? `No call by ${who} today.` :
    `${quantity(calls, "call")} by ${who} today, the first at ${clock(since)}.`
  const used = everybody?.calls ?? calls
  return (
    <>
      {callsPerPeriod !== undefined && (
        <UseBar
          label={`Calls of the day, by ${everybody === undefined ? who : "everybody"}`} used={used}
          most={callsPerPeriod} words={`${figure(used)} of ${figure(callsPerPeriod)}`}
        />
      )}
      {callsPerPeriod === undefined && everybody !== undefined && (
        <div class="use">
          <p><span>Calls of the day, by everybody</span> <span class="number">{figure(used)}</span></p>
        </div>
      )}
      <p>{own}</p>
      {everybody !== undefined && (
        <p class="hint">
          Everybody's calls are the vendor's count at {clock(everybody.readAt)} and those by {who} since.
        </p>
      )}
      {callsPerPeriod === undefined && <p class="hint">No limit for the calls of a day is set here.</p>}
    </>
  )
}

function Account({ account, who }: { account: QuotaView, who: string }) {
  const { rules, callsInWindow, callsAtOnce, allowedPerWindow, allowedAtOnce, waiting, users } = account
  const givesWay = allowedPerWindow < rules.callsPerWindow || allowedAtOnce < rules.callsAtOnce
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
      <CallsOfTheDay account={account} who={who} />
      {givesWay && (
        <p class="hint">
          The vendor has refused calls, so this hub makes fewer than the {figure(rules.callsPerWindow)} (and{" "}
          {figure(rules.callsAtOnce)} at once) that it is set to. A quarter comes back every {duration(rules.windowMs)}.
        </p>
      )}
      <p>{waiting === 0 ? "No call of this hub waits for its turn." :
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
