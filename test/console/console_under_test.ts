import { PagesSettings } from "../../src/console/console_settings"
import { consolePages } from "../../src/console/add_console"
import * as Hub from "../../src/hub"
import * as apiKey from "../../src/server/api_key"
import { HubUnderTest, SECRET } from "../server/hub_under_test"

/** The header by which a client that is no browser shows that it means what it asks for. */
export const OWN = { "X-Action-Hub": "1" }

/** A hub with the pages for people. */
export class ConsoleUnderTest {
  readonly hub = new HubUnderTest()

  async start(
    settings: PagesSettings = { hasConsole: true, hasPlayground: true }, actions: Hub.Action[] = [],
    options: Parameters<HubUnderTest["start"]>[2] = {},
  ): Promise<void> {
    await this.hub.start(actions, {}, { pages: consolePages(settings, SECRET), ...options })
  }

  async stop(): Promise<void> {
    await this.hub.stop()
  }

  get url(): string {
    return `http://127.0.0.1:${this.hub.port}`
  }

  get token(): string {
    return apiKey.fromNonce("tests")
  }

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { ...OWN, ...init.headers as Record<string, string> } })
  }

  async signIn(token = this.token): Promise<Response> {
    return this.ask("/session", {
      method: "POST", body: JSON.stringify({ token }), headers: { "Content-Type": "application/json" },
    })
  }

  /** Returns the header of somebody who has signed in. */
  async cookie(): Promise<{ cookie: string }> {
    const response = await this.signIn()
    return { cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] }
  }
}
