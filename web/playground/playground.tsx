import "../shared/style.css"
import "./playground.css"
import { render } from "preact"
import { useEffect, useState } from "preact/hooks"

import { ask, wordsOf } from "../shared/api"
import { Layout } from "../shared/layout"
import { SignedIn } from "../shared/sign_in"
import type { ActionDefinition } from "./requests/wire"
import { Workbench } from "./workbench"

/** A version of Looker that every action of this hub works with. */
const USUAL_VERSION = "24.18.0"

interface Offer {
  integrations: ActionDefinition[]
  hasStandIn: boolean
}

function Playground() {
  const [version, setVersion] = useState(USUAL_VERSION)
  const [offer, setOffer] = useState<Offer>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    ask<Offer>("GET", `playground/actions?version=${encodeURIComponent(version)}`).then((next) => {
      setOffer(next)
      setProblem(undefined)
    }, (thrown) => setProblem(wordsOf(thrown)))
  }, [version])
  return (
    <Layout page="playground">
      <h1>Try an action as Looker would use it</h1>
      <p class="problem" role="alert">{problem}</p>
      {offer === undefined ? <p role="status">One moment ...</p> : (
        <Workbench
          actions={offer.integrations} hasStandIn={offer.hasStandIn} version={version} onVersion={setVersion}
        />
      )}
    </Layout>
  )
}

render(<SignedIn><Playground /></SignedIn>, document.getElementById("page") as HTMLElement)
