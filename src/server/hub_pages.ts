import type { Application } from "express"

import type { RouteContext } from "./routes/context"

/** Pages for people that a hub may have besides its front page. */
export interface HubPages {
  /** Where the front page leads to; `path` goes on from the hub's address. */
  readonly links: { path: string, label: string, description: string }[]
  /** Adds their routes, after the hub's own. */
  addTo(app: Application, context: RouteContext): void
  /** Ends what would keep connections open. Called when a hub that stops has no run left. */
  close(): void
}
