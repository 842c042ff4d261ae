import type { Page } from "playwright-core"

import { EmbeddedHome } from "../../src/hub/coordination/embedded_home"
import { RunBook } from "../../src/runs/run_book"
import { RunRecord } from "../../src/runs/records/run_record"
import { LocalRuns } from "../../src/runs/stores/local_runs"
import { consolePages } from "../../src/console/add_console"
import { WatchedReader } from "../../src/console/settings_in_force"
import { ScriptedAction, ScriptedQueue, SECRET } from "../server/hub_under_test"
import { ConsoleUnderTest } from "./console_under_test"
import { LIMIT } from "./sample_runs"

const RULES = {
  callsPerWindow: LIMIT.callsPerWindow, windowMs: LIMIT.windowMs, slackMs: 300, callsAtOnce: 5, aloneFrom: 90,
  callsPerPeriod: 40_000, lingerMs: 1000,
}

const PAGES = { hasConsole: true, hasPlayground: true }

/** A queue with processes, as far as the console shows them. */
class SampleQueue extends ScriptedQueue {
  processStates() {
    return [{ id: process.pid, state: "ready" as const, runs: 1 }, { state: "starting" as const, runs: 0 }]
  }
}

/** A hub whose records and accounts are what a test wants them to be. */
export class SampleHub {
  readonly pages = new ConsoleUnderTest()
  readonly store = new LocalRuns()
  private runBook!: RunBook

  async start(records: RunRecord[]): Promise<void> {
    await this.save(...records)
    this.runBook = new RunBook(this.store)
    await this.pages.start(PAGES, [new ScriptedAction({ name: "marketo", label: "Marketo" })], {
      runBook: this.runBook, coordination: await usedHome(), executeQueue: new SampleQueue(),
      pages: consolePages(PAGES, SECRET, sampleSettings),
    })
  }

  async save(...records: RunRecord[]): Promise<void> {
    await Promise.all(records.map(async (record) => this.store.save(record)))
  }

  /** Signs in and shows a part of the console; `hash` goes on from #/. */
  async show(page: Page, hash: string): Promise<void> {
    await page.goto(`${this.pages.url}/console#token=${encodeURIComponent(this.pages.token)}`)
    await page.getByRole("button", { name: "Sign out" }).waitFor()
    await page.goto(`${this.pages.url}/console#/${hash}`)
  }

  async stop(): Promise<void> {
    await this.pages.stop()
    await this.runBook.close()
  }
}

/** A home in which an account has been used, and has been asked to give way. */
async function usedHome(): Promise<EmbeddedHome> {
  const home = new EmbeddedHome()
  const limit = home.of("a process").limit(LIMIT.name, RULES)
  for (let call = 0; call < 30; call++) {
    const permit = await limit.acquire({ party: "a run" })
    permit.sent()
    permit.release(call === 29 ? "rateLimited" : "accepted")
  }
  limit.notePeriod(12_400, 3_600_000)
  return home
}

function sampleSettings(): WatchedReader["settings"] {
  const reader = new WatchedReader({ ACTION_HUB_LABEL: "Test Hub", ACTION_HUB_SECRET: SECRET })
  reader.text("ACTION_HUB_LABEL")
  reader.text("ACTION_HUB_SECRET")
  reader.text("ACTION_HUB_HOST")
  reader.wholeNumber("PORT", { default: 8080, minimum: 0 })
  return reader.settings
}
