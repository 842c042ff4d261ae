import * as fs from "fs"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"

import { leaveOut } from "./left_out"

/** Debian's browser, and the name under which others install it. */
const PROGRAM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
  .find((file) => fs.existsSync(file))

/** A suite that needs a real browser. On a machine without, it is left out, and a line at the end says so. */
export function describeInBrowser(title: string, suite: (this: Mocha.Suite) => void): void {
  if (PROGRAM !== undefined) {
    describe(title, suite)
  } else {
    leaveOut(title, "Chromium is not on this machine; to run them: apt-get install chromium")
  }
}

/** A real browser, in which each page belongs to a person of its own. */
export class BrowserUnderTest {
  /** What pages complained about: exceptions, refusals of their policy, and messages of level error. */
  readonly complaints: string[] = []
  private readonly contexts: BrowserContext[] = []

  static async start(): Promise<BrowserUnderTest> {
    return new BrowserUnderTest(await chromium.launch({
      executablePath: PROGRAM, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-lcd-text"],
    }))
  }

  private constructor(private readonly browser: Browser) {}

  /** Opens an empty page. `width`: in CSS pixels. */
  async open({ width = 1440, scheme = "light" }: { width?: number, scheme?: "light" | "dark" } = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: "reduce", timezoneId: "UTC",
    })
    this.contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on("pageerror", (error) => this.complaints.push(error.message))
    page.on("console", (message) => {
      // A refusal of the hub is no fault of the page.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.complaints.push(message.text())
      }
    })
    return page
  }

  async closePages(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map(async (context) => context.close()))
  }

  async stop(): Promise<void> {
    await this.browser.close()
  }
}
