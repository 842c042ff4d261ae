import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"

import { wordsOf } from "./api"
import { signOut } from "./sign_in"

const TITLES: Record<string, string> = { console: "Console", playground: "Playground" }

interface LayoutProps {
  page: "console" | "playground"
  /** The parts of the page, each with its address after #. */
  views?: { hash: string, label: string, isShown: boolean }[]
  children: ComponentChildren
}

/** The head of a page, with the ways to its parts, and what it shows. */
export function Layout({ page, views = [], children }: LayoutProps) {
  const { label = "Action Hub", pages = "" } = document.body.dataset
  const [problem, setProblem] = useState("")
  const others = pages.split(" ").filter((each) => each !== "" && each !== page)
  const leave = async (): Promise<void> => {
    setProblem("")
    try {
      await signOut()
    } catch (thrown) {
      setProblem(`You are still signed in here. ${wordsOf(thrown)}`)
    }
  }
  return (
    <>
      <a class="skip" href="#content" onClick={skipToContent}>Skip to content</a>
      <header class="head">
        <p class="brand"><a href="./">{label}</a> <span>{TITLES[page]}</span></p>
        {views.length === 0 ? <span class="gap" /> : (
          <nav aria-label="Parts of this page">
            {views.map(({ hash, label: name, isShown }) =>
              <a key={hash} href={hash} aria-current={isShown ? "page" : undefined}>{name}</a>)}
          </nav>
        )}
        {others.length === 0 ? null : (
          <nav class="others" aria-label="Other pages">
            {others.map((each) => <a key={each} href={each}>{TITLES[each] ?? each}</a>)}
          </nav>
        )}
        <button type="button" class="quiet" onClick={() => void leave()}>Sign out</button>
      </header>
      <main id="content" tabIndex={-1}>
        <p class="problem banner" role="alert">{problem}</p>
        {children}
      </main>
    </>
  )
}

/** The address after # tells the part of the page, so the link must not change it. */
function skipToContent(event: Event): void {
  event.preventDefault()
  document.getElementById("content")?.focus()
}
