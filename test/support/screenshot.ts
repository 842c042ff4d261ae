import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"
import type { Locator, Page } from "playwright-core"

import type { BrowserUnderTest } from "./browser"

const PROJECT = path.resolve(__dirname, "../..")

/** The largest file of a picture, in bytes. */
const PICTURE_BYTES = 150_000

/** How far a picture may be from the one in the documents: other machines have other fonts. */
const SIZE_TOLERANCE = 0.15
/** Of the mean brightness of the squares into which both are cut, out of 255. */
const BRIGHTNESS_TOLERANCE = 16

/** What is different between runs and machines, and what stands for it in a picture. */
const VARYING: [RegExp, string][] = [
  [/127\.0\.0\.1:\d+/g, "127.0.0.1:9180"], [/\b\d+ ms\b|\b\d+ s\b/g, "2 s"],
]

interface Difference {
  width: number
  height: number
  brightness: number
}

/**
 * Fails unless what is shown is roughly the picture in that file of the project, which documents show: its size, and
 * what is light and dark where. With UPDATE_PICTURES=true the picture is replaced instead.
 */
export async function expectPicture(
  browser: BrowserUnderTest, page: Page, name: string, shown: Page | Locator = page,
): Promise<void> {
  await settleTexts(page)
  const bytes = await shown.screenshot({ animations: "disabled", caret: "hide" })
  const file = path.join(PROJECT, name)
  if (process.env.UPDATE_PICTURES === "true") {
    fs.writeFileSync(file, bytes)
  }
  const kept = fs.readFileSync(file)
  expect(kept.length, "bytes of the picture").to.be.below(PICTURE_BYTES)
  const difference = await differenceOf(browser, kept, bytes)
  expect(difference.width, `width of ${name}`).to.be.below(SIZE_TOLERANCE)
  expect(difference.height, `height of ${name}`).to.be.below(SIZE_TOLERANCE)
  expect(difference.brightness, `brightness of ${name}`).to.be.below(BRIGHTNESS_TOLERANCE)
}

async function settleTexts(page: Page): Promise<void> {
  const varying = JSON.stringify(VARYING.map(([pattern, text]) => [pattern.source, text]))
  await page.evaluate(`(() => {
    const settled = (text) => ${varying}
      .reduce((all, [source, plain]) => all.replace(new RegExp(source, "g"), plain), text)
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (settled(node.data) !== node.data) { node.data = settled(node.data) }
    }
    for (const input of document.querySelectorAll("input:not([type=file])")) { input.value = settled(input.value) }
  })()`)
}

/** Compares in a page of its own, since a browser can read pictures. Sizes are compared as shares. */
async function differenceOf(browser: BrowserUnderTest, kept: Buffer, shown: Buffer): Promise<Difference> {
  const page = await browser.open()
  const pictures = JSON.stringify([kept, shown].map((bytes) => `data:image/png;base64,${bytes.toString("base64")}`))
  return page.evaluate<Difference>(`(async () => {
    const squares = 24
    const read = async (source) => {
      const image = new Image()
      image.src = source
      await image.decode()
      const canvas = new OffscreenCanvas(squares, squares)
      const context = canvas.getContext("2d")
      context.imageSmoothingQuality = "high"
      context.drawImage(image, 0, 0, squares, squares)
      return { width: image.width, height: image.height, data: context.getImageData(0, 0, squares, squares).data }
    }
    const [one, other] = await Promise.all(${pictures}.map(read))
    const sum = one.data.reduce((all, value, index) => all + Math.abs(value - other.data[index]), 0)
    return {
      width: Math.abs(one.width - other.width) / one.width, height: Math.abs(one.height - other.height) / one.height,
      brightness: sum / one.data.length,
    }
  })()`)
}
