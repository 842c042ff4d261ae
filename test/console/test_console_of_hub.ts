import { expect } from "chai"

import { HubsUnderTest } from "../coordination/hubs_under_test"
import { expectAccessible } from "../support/accessibility"
import { BrowserUnderTest, describeInBrowser } from "../support/browser"

const ROWS = 20_000

describeInBrowser("The console of a whole hub, in a browser", function () {
  this.timeout(120_000)

  let hubs: HubsUnderTest
  let browser: BrowserUnderTest

  before(async () => { browser = await BrowserUnderTest.start() })
  after(async () => browser.stop())
  beforeEach(async () => { hubs = await HubsUnderTest.start({ latency: { sync: 20_000 } }) })
  afterEach(async () => {
    await browser.closePages()
    await hubs.stop()
    expect(browser.complaints.splice(0)).to.deep.equal([])
  })

  it("shows a run of 20,000 rows from its beginning to its end", async () => {
    const hub = await hubs.startHub({ ACTION_HUB_CONSOLE: "true", MARKETO_DAILY_QUOTA: "20000" })
    const page = await browser.open()
    await page.goto(`${hub.url}/console`)
    await page.getByLabel("Token of this hub").fill(hubs.apiKey())
    await page.keyboard.press("Enter")
    await page.getByText("No run is under way.").waitFor()

    const sent = hubs.sendRows(hub, function*() {
      for (let index = 0; index < ROWS; index++) {
        yield { email: `p${index}@example.org`, firstName: "Hidden" }
      }
    }, { plan: { scheduled_plan_id: 42, title: "Twenty thousand" } })
    const under = page.getByRole("group", { name: "Runs under way" })
    await under.getByRole("link", { name: "Twenty thousand" }).waitFor()
    await under.getByText(/of [\d,]+ read/).waitFor()

    await page.getByRole("link", { name: "Quotas" }).click()
    const account = page.getByRole("article")
    await account.getByRole("link", { name: "Twenty thousand" }).click()
    await page.getByRole("heading", { name: /Twenty thousand/ }).waitFor()
    await page.getByText("The run has ended: Succeeded.").waitFor({ state: "attached", timeout: 60_000 })
    expect((await sent).success).to.equal(true)

    const text = await page.locator("main").innerText()
    for (const part of ["20,000", "By now all 20,000 rows had been read", "It ended: succeeded", "42"]) {
      expect(text).to.contain(part)
    }
    expect(text).not.to.match(/Hidden|@example\.org/)
    const plots = await page.getByRole("img").all()
    const [rows, calls] = await Promise.all(plots.map(async (plot) => plot.getAttribute("aria-label")))
    expect(rows).to.match(/^Rows\. 20,000 rows read and 20,000 applied after/)
    expect(calls).to.match(/of 50 that the hub allows itself/)
    await expectAccessible(page)

    await page.getByRole("link", { name: "Quotas" }).click()
    expect(await account.innerText()).to.match(/Calls of the day, by everybody\s+[\d,]+ of 20,000/)
    expect(await page.getByRole("heading", { name: "Marketo" }).count()).to.equal(1)

    await page.getByRole("link", { name: "Hub", exact: true }).click()
    const processes = page.getByRole("group", { name: "Processes: Runs", exact: true })
    expect(await processes.innerText()).to.match(/\d+\s+Takes runs\s+0\s+[\d,]+ MB/)
    const settings = await page.getByRole("group", { name: "Settings" }).innerText()
    expect(settings).to.match(/ACTION_HUB_SECRET\s+••••••\s+Environment/)
    expect(settings).to.match(/MARKETO_DAILY_QUOTA\s+20000\s+Environment/)
    expect(settings).not.to.contain("5".repeat(64))
  })

  it("does not keep a hub from stopping while pages are watched", async () => {
    const hub = await hubs.startHub({ ACTION_HUB_CONSOLE: "true" })
    const page = await browser.open()
    await page.goto(`${hub.url}/console#token=${encodeURIComponent(hubs.apiKey())}`)
    await page.getByText("No run is under way.").waitFor()
    await hub.stop()
    expect(hub.ending).to.equal("ended with exit code 0")
    await page.getByText(/hub does not answer|connection to the hub is lost/).waitFor()
  })
})
