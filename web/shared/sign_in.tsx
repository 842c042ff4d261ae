import type { ComponentChildren } from "preact"
import { useEffect, useState } from "preact/hooks"

import { ask, whenSessionIsOver, wordsOf } from "./api"

/** Shows what is inside to people who have signed in, and asks others for the hub's token. */
export function SignedIn({ children }: { children: ComponentChildren }) {
  const [state, setState] = useState<"asking" | "out" | "in">("asking")
  const [refusal, setRefusal] = useState("")
  useEffect(() => {
    void (async () => {
      const token = tokenInAddress()
      if (token !== undefined) {
        try {
          await begin(token)
          setState("in")
          return
        } catch (thrown) {
          setRefusal(`The address that you have opened did not sign you in. ${wordsOf(thrown)}`)
        }
      }
      setState(await hasSession() ? "in" : "out")
    })()
    return whenSessionIsOver(() => setState("out"))
  }, [])
  return state === "asking" ? <p role="status">One moment ...</p> :
    state === "in" ? <>{children}</> : <SignInForm refusal={refusal} onDone={() => setState("in")} />
}

function SignInForm({ refusal, onDone }: { refusal: string, onDone: () => void }) {
  const [token, setToken] = useState("")
  const [problem, setProblem] = useState(refusal)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    try {
      await begin(token)
      onDone()
    } catch (thrown) {
      setProblem(wordsOf(thrown))
    }
  }
  return (
    <main class="narrow">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>Sign in</h1>
        <label for="token">Token of this hub</label>
        <input
          id="token" type="password" autocomplete="current-password" required value={token}
          aria-describedby="token-hint token-problem"
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <p id="token-hint" class="hint">
          The one that Looker has, too. Whoever runs the hub makes one with <code>npm run generate-api-key</code>.
          A session lasts an hour.
        </p>
        <p id="token-problem" class="problem" role="alert">{problem}</p>
        <button type="submit">Sign in</button>
      </form>
    </main>
  )
}

/** Ends the session; the page then asks for a token. Throws an ApiError if the hub does not end it. */
export async function signOut(): Promise<void> {
  await ask("DELETE", "session")
  location.reload()
}

async function begin(token: string): Promise<void> {
  await ask("POST", "session", { token })
}

async function hasSession(): Promise<boolean> {
  return ask<{ endsInMs: number }>("GET", "session").then(({ endsInMs }) => endsInMs > 0, () => false)
}

/** A token after # is for the browser alone: it goes to no server, and at once out of the address. */
function tokenInAddress(): string | undefined {
  const [, token] = /^#token=(.+)$/.exec(location.hash) ?? []
  if (token !== undefined) {
    history.replaceState(null, "", location.pathname)
    try {
      return decodeURIComponent(token)
    } catch {
      // It was cut off somewhere on its way; the hub says that it is none.
      return token
    }
  }
  return undefined
}
