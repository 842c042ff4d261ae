import * as fs from "fs"
import * as path from "path"

import { BrowserUnderTest } from "../support/browser"
import { IMAGES_FOLDER, takeImages } from "./docs_images"

/** Takes the images of the documents anew. */
async function main(): Promise<void> {
  const browser = await BrowserUnderTest.start()
  try {
    fs.mkdirSync(IMAGES_FOLDER, { recursive: true })
    for (const [name, image] of await takeImages(browser)) {
      fs.writeFileSync(path.join(IMAGES_FOLDER, `${name}.png`), image)
      process.stdout.write(`docs/images/${name}.png: ${Math.ceil(image.length / 1024)} kB\n`)
    }
  } finally {
    await browser.stop()
  }
}

void main()
