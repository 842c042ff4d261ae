import type { Page } from "playwright-core"

import { consolePages } from "../../src/console/add_console"
import * as Hub from "../../src/hub"
import { MarketoAction } from "../../src/actions/marketo/marketo"
import { MarketoSandbox } from "../../sandbox/marketo/marketo_sandbox"
import { SECRET } from "../server/hub_under_test"
import { BrowserUnderTest } from "../support/browser"
import { ConsoleUnderTest } from "./console_under_test"

/** A hub with the playground, the Marketo action beside others, and a stand-in for Marketo; in a browser. */
export class PlaygroundUnderTest {
  readonly pages = new ConsoleUnderTest()
  marketo!: MarketoSandbox

  async start(actions: Hub.Action[] = [], hasMarketo = false): Promise<void> {
    this.marketo = await MarketoSandbox.start()
    await this.pages.start(undefined, hasMarketo ? [new MarketoAction(), ...actions] : actions, {
      pages: consolePages({
        hasConsole: false, hasPlayground: true, ...(hasMarketo ? { standIn: this.marketo.url } : {}),
      }, SECRET),
    })
    Object.assign(process.env, {
      ACTION_HUB_ENABLE_FORKING: "false", ACTION_HUB_BASE_URL: this.pages.url,
      MARKETO_ALLOWED_HOSTS: new URL(this.marketo.url).host,
    })
  }

  async stop(): Promise<void> {
    await this.pages.stop()
    await this.marketo.stop()
  }

  /** Opens the page for somebody who has a token. */
  async open(browser: BrowserUnderTest, view: Parameters<BrowserUnderTest["open"]>[0] = {}): Promise<Page> {
    const page = await browser.open(view)
    await page.goto(`${this.pages.url}/playground#token=${encodeURIComponent(this.pages.token)}`)
    await page.getByRole("heading", { name: "3. Data" }).waitFor()
    return page
  }
}
