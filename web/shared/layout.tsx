import type { ComponentChildren } from "preact"

import { signOut } from "./sign_in"

interface LayoutProps {
  page: "console" | "playground"
  /** The parts of the page, each with its address after #. */
  views?: { hash: string, label: string, isShown: boolean }[]
  children: ComponentChildren
}

/** The head of a page, with the ways to its parts, and what it shows. */
export function Layout({ page, views = [], children }: LayoutProps) {
  const { label = "Action Hub" } = document.body.dataset
  return (
    <>
      <a class="skip" href="#content" onClick={skipToContent}>Skip to content</a>
      <header class="head">
        <p class="brand"><a href="./">{label}</a> <span>{page === "console" ? "Console" : "Playground"}</span></p>
        <nav aria-label="Parts of this page">
          {views.map(({ hash, label: name, isShown }) =>
            <a key={hash} href={hash} aria-current={isShown ? "page" : undefined}>{name}</a>)}
        </nav>
        <button type="button" class="quiet" onClick={() => void signOut()}>Sign out</button>
      </header>
      <main id="content" tabIndex={-1}>{children}</main>
    </>
  )
}

/** The address after # tells the part of the page, so the link must not change it. */
function skipToContent(event: Event): void {
  event.preventDefault()
  document.getElementById("content")?.focus()
}
