import * as path from "path"
import type { Page } from "playwright-core"
import * as sinon from "sinon"

import { BrowserUnderTest } from "../support/browser"
import { SampleHub } from "./sample_hub"
import { runsBefore, runUnderWay } from "./sample_runs"

export const IMAGES_FOLDER = path.resolve(__dirname, "../../docs/images")

const NOW = Date.UTC(2026, 10, 26, 9, 30)
const WIDTH = 1000
/** Below this the images show nothing more, in pixels. */
const HEIGHT = 960

/** Takes the images of the console that stand in the documents, by name. They show the same each time. */
export async function takeImages(browser: BrowserUnderTest): Promise<Map<string, Buffer>> {
  const clock = sinon.useFakeTimers({ now: NOW, toFake: ["Date"] })
  const hub = new SampleHub()
  const running = runUnderWay(NOW)
  const before = runsBefore(NOW)
  const [{ id }] = before
  await hub.start([running, ...before])
  try {
    const images = new Map<string, Buffer>()
    for (const [name, hash] of [["run-under-way", `runs/${running.id}`], ["run-that-ended", `runs/${id}`]]) {
      const page = await browser.open({ width: WIDTH })
      await hub.show(page, hash)
      await page.locator("canvas").first().waitFor()
      await page.getByText(name === "run-under-way" ? "The run is under way." : "The run has ended")
        .waitFor({ state: "attached" })
      images.set(name, await page.screenshot({
        clip: { x: 0, y: 0, width: WIDTH, height: HEIGHT }, fullPage: true,
      }))
    }
    return images
  } finally {
    await browser.closePages()
    await hub.stop()
    clock.restore()
  }
}

/** How an image looks from afar. */
export interface Impression {
  width: number
  height: number
  /** The colours of a few areas, line by line: red, green and blue from 0 to 255. */
  areas: number[]
}

const COLUMNS = 24
const LINES = 32

/** Returns how an image looks from afar. `page`: an empty one, which does the work. */
export async function impressionOf(page: Page, png: Buffer): Promise<Impression> {
  return page.evaluate<Impression>(`(async () => {
    const image = new Image()
    image.src = "data:image/png;base64,${png.toString("base64")}"
    await image.decode()
    const canvas = Object.assign(document.createElement("canvas"), { width: ${COLUMNS}, height: ${LINES} })
    const context = canvas.getContext("2d")
    context.imageSmoothingQuality = "high"
    context.drawImage(image, 0, 0, ${COLUMNS}, ${LINES})
    const { data } = context.getImageData(0, 0, ${COLUMNS}, ${LINES})
    return { width: image.width, height: image.height, areas: [...data].filter((_value, index) => index % 4 !== 3) }
  })()`)
}

/** Returns the mean difference of two impressions, from 0 to 255. */
export function difference(one: Impression, other: Impression): number {
  const sum = one.areas.reduce((total, value, index) => total + Math.abs(value - other.areas[index]), 0)
  return sum / one.areas.length
}
