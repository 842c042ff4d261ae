import { expect } from "chai"
import * as fs from "fs"
import * as path from "path"

const SOURCES = path.resolve(__dirname, "..", "..", "src")
/**
 * Where a date is meant and no duration: in a file's name, in what a hub leaves to its next start, in the log, in
 * what is kept for days, and where the day is that of a vendor.
 */
const DATES = [
  "hub/coordination/day_count.ts", "hub/coordination/held_keys.ts", "hub/coordination/held_mark.ts",
  "hub/file_name.ts", "xpc/logging.ts",
  "runs/open_run.ts", "runs/records/run_id.ts",
  "runs/reports/redis_reports.ts", "runs/reports/report_files.ts", "runs/reports/report_keeper.ts",
  "runs/stores/run_files.ts", "alerts/signature.ts",
]

function sourcesIn(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? sourcesIn(file) : [file]
  })
}

describe("The hub's durations", () => {
  it("are measured by the monotonic clock: a jump of the wall clock changes none", () => {
    const users = ["hub", "server", "xpc", "runs", "alerts"].flatMap((folder) => sourcesIn(path.join(SOURCES, folder)))
      .filter((file) => /\bDate\.now\b|\bnew Date\(\)/.test(fs.readFileSync(file, "utf8")))
      .map((file) => path.relative(SOURCES, file).split(path.sep).join("/"))
    expect(users).to.have.members(DATES)
  })
})
