import "../shared/style.css"
import { render } from "preact"

import { Layout } from "../shared/layout"
import { useRoute } from "../shared/route"
import { SignedIn } from "../shared/sign_in"

const VIEWS = [
  { hash: "#/runs", name: "runs", label: "Runs" },
  { hash: "#/marketo", name: "marketo", label: "Marketo" },
  { hash: "#/hub", name: "hub", label: "Hub" },
]

function Console() {
  const [shown = "runs"] = useRoute()
  return (
    <SignedIn>
      <Layout page="console" views={VIEWS.map((view) => ({ ...view, isShown: view.name === shown }))}>
        <h1>Runs</h1>
      </Layout>
    </SignedIn>
  )
}

render(<Console />, document.getElementById("page") as HTMLElement)
