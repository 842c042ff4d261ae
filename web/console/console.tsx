import "../shared/style.css"
import "./console.css"
import { render } from "preact"

import { Layout } from "../shared/layout"
import { useRoute } from "../shared/route"
import { SignedIn } from "../shared/sign_in"
import { HubView } from "./hub_view"
import { useLive } from "./live"
import { QuotasView } from "./quotas_view"
import { RunView } from "./run_view"
import { RunsView } from "./runs_view"

const VIEWS = [
  { hash: "#/runs", name: "runs", label: "Runs" },
  { hash: "#/quotas", name: "quotas", label: "Quotas" },
  { hash: "#/hub", name: "hub", label: "Hub" },
]

function Console() {
  const [shown = "runs", id] = useRoute()
  const live = useLive(shown === "runs" ? id : undefined)
  return (
    <Layout page="console" views={VIEWS.map((view) => ({ ...view, isShown: view.name === shown }))}>
      <p class="problem banner" role="status">{live.problem}</p>
      {shown === "quotas" ? <QuotasView view={live.events.quotas} /> :
        shown === "hub" ? <HubView view={live.events.hub} /> :
          id === undefined ? <RunsView live={live} /> : <RunView id={id} live={live} />}
    </Layout>
  )
}

render(<SignedIn><Console /></SignedIn>, document.getElementById("page") as HTMLElement)
