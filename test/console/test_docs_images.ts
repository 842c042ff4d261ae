import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"

import { BrowserUnderTest, describeInBrowser } from "../support/browser"
import { difference, IMAGES_FOLDER, impressionOf, takeImages } from "./docs_images"

/** Fonts differ from machine to machine. Two different images of the console differ by more. */
const SAME_BELOW = 4
const LARGEST_BYTES = 150 * 1024

describeInBrowser("The images of the console in the documents", () => {
  let browser: BrowserUnderTest

  before(async () => { browser = await BrowserUnderTest.start() })
  after(async () => browser.stop())

  it("show what the console shows, as seen from afar (npm run docs:images takes them anew)", async () => {
    const taken = await takeImages(browser)
    const page = await browser.open()
    const impressions = []
    for (const [name, image] of taken) {
      const kept = fs.readFileSync(path.join(IMAGES_FOLDER, `${name}.png`))
      expect(kept.length, name).to.be.lessThan(LARGEST_BYTES)
      const [before, now] = [await impressionOf(page, kept), await impressionOf(page, image)]
      expect(now.width, name).to.equal(before.width)
      expect(now.height / before.height, name).to.be.within(0.9, 1.1)
      expect(difference(before, now), name).to.be.lessThan(SAME_BELOW)
      impressions.push(before)
    }
    expect(difference(impressions[0], impressions[1]), "two different ones").to.be.greaterThan(SAME_BELOW)
  })
})
