import type * as express from "express"

import { BodyMemory } from "../server/body/body_memory"
import { jsonBody } from "../server/body/json_body"
import { answerRefusal, route } from "../server/error_answers"
import type { HubPages } from "../server/hub_pages"
import type { RouteContext } from "../server/routes/context"
import { Attempts } from "./attempts"
import type { PagesSettings } from "./console_settings"
import { refuseOtherSites } from "./guard"
import { type PageName, showShell } from "./page_shell"
import { addPlayground } from "./playground/add_playground"
import { Sessions } from "./sessions"
import { showSession, signIn, signOut } from "./sign_in"
import type { SettingInForce } from "./watch/shapes"
import { addWatchRoutes } from "./watch/watch_routes"
import { WebFiles } from "./web_files"

/** The largest body of a sign-in, in bytes. */
const SIGN_IN_BYTES = 10_000

/**
 * Returns the pages for people that are switched on; undefined if none is. `inForce` returns the settings that the
 * console shows, and is asked for them only if there is one. Throws if their front end is not built.
 */
export function consolePages(
  settings: PagesSettings, secret: string, inForce: () => SettingInForce[] = () => [],
): HubPages | undefined {
  const { hasConsole, hasPlayground } = settings
  if (!hasConsole && !hasPlayground) {
    return undefined
  }
  const files = new WebFiles()
  const sessions = new Sessions(secret)
  const pages: PageName[] =
    [...(hasConsole ? ["console" as const] : []), ...(hasPlayground ? ["playground" as const] : [])]
  const open: { close(): void }[] = []
  return {
    links: [
      ...(hasConsole ? [{ path: "console", label: "Console", description: "Watch every run." }] : []),
      ...(hasPlayground ?
        [{ path: "playground", label: "Playground", description: "Try every action without Looker." }] : []),
    ],
    addTo: (app, context) => {
      addSharedRoutes(app, context, sessions, files)
      if (hasConsole) {
        app.get("/console", route(showShell("console", pages)))
        open.push(addWatchRoutes(app, context, sessions, inForce()))
      }
      if (hasPlayground) {
        addPlayground(app, context, sessions, { pages, standIn: settings.standIn })
      }
    },
    close: () => open.splice(0).forEach((each) => each.close()),
  }
}

function addSharedRoutes(app: express.Application, context: RouteContext, sessions: Sessions, files: WebFiles): void {
  const body = jsonBody({
    limitBytes: SIGN_IN_BYTES, memory: new BodyMemory(SIGN_IN_BYTES), patience: context.patience.ordinary,
  })
  app.get("/console-files/:name", route(async (req, res) => {
    const name = String(req.params.name)
    const bytes = files.get(name)
    if (bytes === undefined) {
      answerRefusal(res, 404, "There is no such file.")
    } else {
      res.set("Cache-Control", "no-cache").type(name).send(bytes)
    }
  }))
  app.get("/session", refuseOtherSites, route(showSession(sessions)))
  app.post("/session", refuseOtherSites, body, route(signIn(sessions, new Attempts())))
  app.delete("/session", refuseOtherSites, route(signOut(sessions)))
}
