import { expect } from "chai"
import { expectAccessible } from "../support/accessibility"
import { BrowserUnderTest, describeInBrowser } from "../support/browser"
import { ConsoleUnderTest } from "./console_under_test"

describeInBrowser("The pages for people, in a browser", () => {
  const pages = new ConsoleUnderTest()
  let browser: BrowserUnderTest

  before(async () => { browser = await BrowserUnderTest.start() })
  after(async () => browser.stop())
  beforeEach(async () => pages.start())
  afterEach(async () => {
    await browser.closePages()
    await pages.stop()
    expect(browser.complaints.splice(0)).to.deep.equal([])
  })

  for (const page of ["console", "playground"]) {
    it(`ask for the token, say what is wrong with it, and let people in and out: ${page}`, async () => {
      const shown = await browser.open()
      await shown.goto(`${pages.url}/${page}`)
      await shown.getByLabel("Token of this hub").fill("wrong")
      await shown.keyboard.press("Enter")
      expect(await shown.getByRole("alert").innerText()).to.contain("not a token of this hub")
      await expectAccessible(shown)
      await shown.getByLabel("Token of this hub").fill(pages.token)
      await shown.getByRole("button", { name: "Sign in" }).click()
      await shown.getByRole("button", { name: "Sign out" }).click()
      await shown.getByLabel("Token of this hub").waitFor()
    })
  }

  it("take a token after # once, and out of the address", async () => {
    const shown = await browser.open()
    await shown.goto(`${pages.url}/console#token=${encodeURIComponent(pages.token)}`)
    await shown.getByRole("button", { name: "Sign out" }).waitFor()
    expect(shown.url()).to.equal(`${pages.url}/console`)
  })

  it("ask for the token where the one after # was cut off", async () => {
    const shown = await browser.open()
    await shown.goto(`${pages.url}/console#token=tests%2`)
    await shown.getByLabel("Token of this hub").waitFor()
    expect(shown.url()).to.equal(`${pages.url}/console`)
  })

  it("are behind the front door", async () => {
    const shown = await browser.open({ width: 360 })
    await shown.goto(pages.url)
    await expectAccessible(shown)
    await shown.getByRole("link", { name: "Console" }).click()
    await shown.getByLabel("Token of this hub").waitFor()
  })
})
