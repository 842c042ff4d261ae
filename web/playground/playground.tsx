import "../shared/style.css"
import { render } from "preact"

import { Layout } from "../shared/layout"
import { SignedIn } from "../shared/sign_in"

function Playground() {
  return (
    <SignedIn>
      <Layout page="playground">
        <h1>Playground</h1>
      </Layout>
    </SignedIn>
  )
}

render(<Playground />, document.getElementById("page") as HTMLElement)
