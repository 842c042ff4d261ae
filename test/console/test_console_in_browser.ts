import { expect } from "chai"
import type { Page } from "playwright-core"

import { RunRecord } from "../../src/runs/records/run_record"
import { aRecord } from "../runs/a_record"
import { expectAccessible } from "../support/accessibility"
import { BrowserUnderTest, describeInBrowser } from "../support/browser"
import { SampleHub } from "./sample_hub"
import { runsBefore, runThatEnded, runUnderWay } from "./sample_runs"

/** Markup that would show itself, and a script that would. */
const CANARY = "<img src=x onerror=\"document.title='canary'\"><b id=\"canary\">bold</b>{{7*7}}&amp;<script>"

const VIEWS = ["runs", "run under way", "run that ended", "quotas", "hub"]

describeInBrowser("The console, in a browser", () => {
  let hub: SampleHub
  let browser: BrowserUnderTest
  let running: RunRecord
  let ended: RunRecord

  before(async () => { browser = await BrowserUnderTest.start() })
  after(async () => browser.stop())
  beforeEach(() => {
    hub = new SampleHub()
    running = runUnderWay(Date.now())
    ended = runThatEnded(Date.now())
  })
  afterEach(async () => {
    await browser.closePages()
    await hub.stop()
    expect(browser.complaints.splice(0)).to.deep.equal([])
  })

  async function start(...records: RunRecord[]): Promise<void> {
    await hub.start(records.length > 0 ? records : [running, ...runsBefore(Date.now())])
  }

  async function show(page: Page, view: string): Promise<void> {
    const hash = view === "run under way" ? `runs/${running.id}` : view === "run that ended" ? `runs/${ended.id}` : view
    await hub.show(page, hash)
    await page.locator({
      "runs": "#running ~ .scroll", "run under way": "canvas", "run that ended": "canvas", "quotas": "article",
      "hub": "#coordination",
    }[view] ?? "").first().waitFor()
  }

  async function rows(page: Page, label: string): Promise<string[]> {
    return page.getByRole("group", { name: label }).locator("tbody tr").allInnerTexts()
  }

  for (const view of VIEWS) {
    it(`has nothing that axe finds, and nothing wider than the page, light and dark: ${view}`, async () => {
      ended = runsBefore(Date.now())[0]
      await start(running, ended)
      const page = await browser.open()
      await show(page, view)
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme })
        for (const width of [1440, 360]) {
          await page.setViewportSize({ width, height: 900 })
          await expectAccessible(page)
          expect(await page.evaluate<number>("document.documentElement.scrollWidth")).to.equal(width)
        }
      }
    })
  }

  it("shows runs under way and those before, and finds them by outcome, action and plan", async () => {
    await start()
    const page = await browser.open()
    await show(page, "runs")
    const [under] = await rows(page, "Runs under way")
    for (const text of ["Weekly newsletter", "52 %", "of 37,800 read", "748.2", "its turn in Marketo's quota"]) {
      expect(under).to.contain(text)
    }
    await page.getByRole("group", { name: "All runs" }).waitFor()
    expect((await rows(page, "All runs")).length).to.equal(6)
    await page.getByLabel("Outcome").selectOption({ label: "Failed" })
    await page.getByRole("link", { name: "Webinar guests" }).waitFor({ state: "detached" })
    expect((await rows(page, "All runs")).map((row) => row.split("\t")[0])).to.deep.equal(["Churn scores"])
    await page.getByLabel("Action", { exact: true }).fill("other")
    await page.keyboard.press("Tab")
    await page.getByText("There is no such run").waitFor()
    await page.getByRole("button", { name: "Show all" }).click()
    await page.getByLabel("Plan (Looker's number)").fill("42")
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "Webinar guests" }).waitFor({ state: "detached" })
    expect((await rows(page, "All runs")).length).to.equal(2)
  })

  it("goes on to older runs, and back to newer ones", async () => {
    const many = Array.from({ length: 30 }, (_run, index) => aRecord({
      id: `0mwxhhp${String(index).padStart(2, "0")}-38dv049l`, plan: { id: "1", title: `Plan ${index}` },
    }))
    await start(...many)
    const page = await browser.open()
    await hub.show(page, "runs")
    await page.getByRole("link", { name: "Plan 29" }).waitFor()
    expect((await rows(page, "All runs")).length).to.equal(25)
    await page.getByRole("button", { name: "Older" }).click()
    await page.getByRole("link", { name: "Plan 29" }).waitFor({ state: "detached" })
    expect((await rows(page, "All runs")).length).to.equal(5)
    await page.getByRole("button", { name: "Newer" }).click()
    await page.getByRole("link", { name: "Plan 29" }).waitFor()
  })

  it("tells the story of a run, and what came of it", async () => {
    ended = runsBefore(Date.now())[0]
    await start(running, ended)
    const page = await browser.open()
    await show(page, "run that ended")
    const text = await page.locator("main").innerText()
    for (const part of [
      "Trial users of the week", "Partly applied", "By now all 52,000 rows had been read", "It ended: partly applied",
      "Waited for its turn in Marketo's quota, for about 10 s", "412 skipped: No value for the lookup field",
      "128 skipped: more than one lead has the lookup value (code 1007)", "has no tag", "This hub cannot open it",
      "list 1001", "Single rows", "1 min 15 s", "31 s",
    ]) {
      expect(text).to.contain(part)
    }
    const plots = await page.getByRole("img").all()
    expect(await Promise.all(plots.map(async (plot) => plot.getAttribute("aria-label")))).to.deep.equal([
      "Rows. 52,000 rows read and 51,408 applied after 1 min 14 s.",
      "Calls in 20 s. At most 50 calls in 20 s, of 50 that the hub allows itself.",
    ])
    await page.getByText("The numbers as a table").click()
    expect((await rows(page, "Samples of the run")).length).to.equal(75)
  })

  it("notices by itself that a run has ended", async () => {
    await start()
    const page = await browser.open()
    await show(page, "run under way")
    const { progress } = running
    await hub.save({
      ...running, outcome: "success", durationMs: 60_000, endedAt: new Date().toISOString(), summary: "All is well.",
      progress: progress && { ...progress, percent: 100 },
    })
    await page.getByText("The run has ended: Succeeded.").waitFor({ state: "attached" })
    expect(await page.locator("main").innerText()).to.contain("All is well.")
    await page.getByRole("link", { name: "Runs", exact: true }).click()
    await page.getByText("No run is under way.").waitFor()
  })

  it("shows the use of an account, who uses it, and that the hub gives way", async () => {
    await start()
    const page = await browser.open()
    await show(page, "quotas")
    const text = await page.getByRole("article").innerText()
    expect(text).to.match(/123-abc-456\.mktorest\.com\s+Giving way/)
    expect(text).to.match(/Calls in the last 20 s\s+30 of \d+/)
    expect(text).to.match(/Calls of the day, by everybody\s+12,400 of 40,000/)
    expect(text).to.match(/30 calls by this hub today, the first at \d\d:\d\d:\d\d\./)
    expect(text).to.contain("are the vendor's count at")
    expect(text).to.contain("Weekly newsletter, 103 calls so far, waits for its turn in Marketo's quota")
  })

  it("leads to the playground, and back", async () => {
    await start()
    const page = await browser.open()
    await show(page, "runs")
    await page.getByRole("navigation", { name: "Other pages" }).getByRole("link", { name: "Playground" }).click()
    await page.getByRole("heading", { name: "Try an action as Looker would use it" }).waitFor()
    await page.getByRole("navigation", { name: "Other pages" }).getByRole("link", { name: "Console" }).click()
    await page.getByRole("heading", { name: "Runs" }).first().waitFor()
  })

  it("says why the address that was opened does not sign in", async () => {
    await start()
    const page = await browser.open()
    await page.goto(`${hub.pages.url}/console#token=wrong`)
    await page.getByText("The address that you have opened did not sign you in.").waitFor()
    expect(await page.getByRole("alert").innerText()).to.match(/did not sign you in\. \S+/)
    expect(page.url()).to.equal(`${hub.pages.url}/console`)
    await expectAccessible(page)
    browser.complaints.splice(0)
  })

  it("says that nobody has been signed out while the hub does not answer", async () => {
    await start()
    const page = await browser.open()
    await show(page, "runs")
    await page.context().setOffline(true)
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.getByText("You are still signed in here. The hub does not answer").waitFor()
    await expectAccessible(page)
    await page.context().setOffline(false)
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.getByLabel("Token of this hub").waitFor()
  })

  it("shows the processes and the settings of the hub, and no secret", async () => {
    await start()
    const page = await browser.open()
    await show(page, "hub")
    expect((await rows(page, "Processes: Runs")).map((row) => row.split("\t").slice(1, 3))).to.deep.equal([
      ["Takes runs", "1"], ["Starting", "0"],
    ])
    expect(await rows(page, "Settings")).to.deep.equal([
      "ACTION_HUB_HOST\t\tNot set", "ACTION_HUB_LABEL\tTest Hub\tEnvironment", "ACTION_HUB_SECRET\t••••••\tEnvironment",
      "PORT\t8080\tDefault",
    ])
  })

  it("shows no text as markup, whatever field it stands in", async () => {
    const canary = aRecord({
      ...runThatEnded(Date.now()), id: ended.id, action: CANARY, instance: CANARY, sender: CANARY, webhookId: CANARY,
      plan: { id: CANARY, title: CANARY }, hub: { host: CANARY, pid: 1 }, summary: CANARY, notes: [CANARY],
      reasons: [{ reason: CANARY, count: 3, code: CANARY }], counts: { [CANARY]: 4 },
      membership: [{ target: CANARY, counts: { [CANARY]: 1 } }],
      samples: running.samples.map((sample) => ({ ...sample, waitingFor: CANARY })),
    })
    const { progress } = running
    const alive = { ...running, plan: { title: CANARY }, progress: progress && { ...progress, waitingFor: CANARY } }
    await start(alive, canary)
    for (const view of VIEWS) {
      const page = await browser.open()
      await show(page, view)
      expect(await page.locator("#canary, main img, main script").count(), view).to.equal(0)
      expect(await page.title(), view).not.to.equal("canary")
      if (view !== "hub") {
        expect(await page.locator("main").innerText(), view).to.contain(CANARY)
      }
      await page.close()
    }
  })

  it("asks for the token again when the session is over", async () => {
    await start()
    const page = await browser.open()
    await show(page, "runs")
    await page.context().clearCookies()
    await page.getByLabel("Outcome").selectOption({ label: "Lost" })
    await page.getByLabel("Token of this hub").waitFor()
  })

  it("says that the hub does not answer, and goes on when it does again", async () => {
    await start()
    const page = await browser.open()
    await show(page, "runs")
    await page.context().setOffline(true)
    await page.getByLabel("Outcome").selectOption({ label: "Lost" })
    await page.getByText("The hub does not answer").waitFor()
    await page.context().setOffline(false)
    await page.getByLabel("Outcome").selectOption({ label: "Any" })
    await page.getByRole("link", { name: "Webinar guests" }).waitFor()
    // The link may still be that of the list before.
    await page.getByText("The hub does not answer").waitFor({ state: "detached" })
    expect(await page.getByText("The hub does not answer").count()).to.equal(0)
  })

  it("works by keyboard alone", async () => {
    await start()
    const page = await browser.open()
    await show(page, "runs")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    expect(await page.evaluate<string>("document.activeElement.id")).to.equal("content")
    const focused = async () => page.evaluate<string>("document.activeElement.textContent")
    for (let tabs = 0; tabs < 5 && await focused() !== "Weekly newsletter"; tabs++) {
      await page.keyboard.press("Tab")
    }
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: /Weekly newsletter/ }).waitFor()
  })
})
