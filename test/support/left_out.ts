import * as fs from "fs"
import * as os from "os"
import * as path from "path"

/** Names the file through which the workers of a parallel run say what they left out. */
const VARIABLE = "TESTS_LEFT_OUT_FILE"

const leftOut = new Map<string, Set<string>>()

/**
 * Notes a suite that cannot run on this machine. However many workers there are, one line at the end of the tests names
 * all suites with the same `reason`, which says what is missing and how to get it.
 */
export function leaveOut(title: string, reason: string): void {
  note(title, reason)
  const file = process.env[VARIABLE]
  if (file !== undefined) {
    fs.appendFileSync(file, `${JSON.stringify([title, reason])}\n`)
  }
}

// Mocha calls these two in the process that reports, and in no worker.

export function mochaGlobalSetup(): void {
  process.env[VARIABLE] = path.join(os.tmpdir(), `tests-left-out-${process.pid}`)
}

export function mochaGlobalTeardown(): void {
  const file = process.env[VARIABLE] ?? ""
  if (fs.existsSync(file)) {
    for (const line of fs.readFileSync(file, "utf8").trimEnd().split("\n")) {
      note(...JSON.parse(line) as [title: string, reason: string])
    }
    fs.rmSync(file)
  }
  for (const [reason, titles] of leftOut) {
    process.stdout.write(`Left out: ${[...titles].sort().join("; ")}. ${reason}\n`)
  }
}

function note(title: string, reason: string): void {
  leftOut.set(reason, (leftOut.get(reason) ?? new Set()).add(title))
}
