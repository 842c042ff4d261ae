import * as express from "express"

import { BodyMemory } from "../../server/body/body_memory"
import { jsonBody } from "../../server/body/json_body"
import { route } from "../../server/error_answers"
import type { RouteContext } from "../../server/routes/context"
import { refuseOtherSites, requireSession } from "../guard"
import { type PageName, showShell } from "../page_shell"
import type { Sessions } from "../sessions"
import { fetchForm, listActions } from "./action_routes"
import { giveData, takeData } from "./data_routes"
import { DataShelf } from "./data_shelf"
import { LoginStates } from "./login_states"
import { sendToAction } from "./send_route"
import { showChanges, switchFaults } from "./stand_in"

/** The largest request without data, in bytes, and all of them together. */
const REQUEST_BYTES = 1024 * 1024
const REQUESTS_BYTES = 16 * REQUEST_BYTES

/**
 * Adds the playground: its page, and what the page asks for. Everything goes through the hub's own endpoints for
 * Looker; `standIn` is the one other address that is ever called, and only if it is given.
 */
export function addPlayground(
  app: express.Application, context: RouteContext, sessions: Sessions,
  { pages, standIn }: { pages: PageName[], standIn: string | undefined },
): void {
  const shelf = new DataShelf()
  const logins = new LoginStates()
  const body = jsonBody({
    limitBytes: REQUEST_BYTES, memory: new BodyMemory(REQUESTS_BYTES), patience: context.patience.ordinary,
  })
  app.get("/playground", route(showShell("playground", pages)))
  app.get("/playground/data/:id", route(giveData(shelf)))
  app.post("/playground/state/:id", route(logins.post))
  const asked = express.Router()
  asked.use(refuseOtherSites, requireSession(sessions))
  asked.get("/actions", route(listActions(standIn !== undefined)))
  asked.post("/form", body, route(fetchForm))
  asked.post("/data", route(takeData(shelf)))
  asked.post("/states", route(logins.open))
  asked.get("/states/:id", route(logins.collect))
  asked.post("/send", body, route(sendToAction(context, shelf)))
  if (standIn !== undefined) {
    asked.get("/stand-in", route(showChanges(standIn)))
    asked.post("/stand-in/switches", body, route(switchFaults(standIn)))
  }
  app.use("/playground", asked)
}
