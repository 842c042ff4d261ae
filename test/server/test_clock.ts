import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"

const SOURCES = path.resolve(__dirname, "..", "..", "src")
/** Where a date is meant and no duration: in a file's name, and in what a hub leaves to its next start. */
const DATES = ["hub/coordination/held_mark.ts", "hub/file_name.ts"]

function sourcesIn(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? sourcesIn(file) : [file]
  })
}

describe("The hub's durations", () => {
  it("are measured by the monotonic clock: a jump of the wall clock changes none", () => {
    const users = ["hub", "server", "xpc"].flatMap((folder) => sourcesIn(path.join(SOURCES, folder)))
      .filter((file) => /\bDate\.now\b|\bnew Date\(\)/.test(fs.readFileSync(file, "utf8")))
      .map((file) => path.relative(SOURCES, file).split(path.sep).join("/"))
    expect(users).to.deep.equal(DATES)
  })
})
