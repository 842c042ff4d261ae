import * as path from "path"

/**
 * A test file closes what it opens. Without workers, Mocha hangs if one does not. A worker is ended with whatever it
 * holds, and nobody would notice; hence a look at the end of every file.
 */
export const mochaHooks: Mocha.RootHookObject = {
  async beforeAll() {
    await pause(0)
    openBefore = open()
  },

  async afterAll(this: Mocha.Context) {
    this.timeout(2 * PATIENCE_MS)
    await pause(0)
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end && left().length > 0;) {
      await pause(PAUSE_MS)
    }
    if (left().length > 0) {
      throw new Error(`Still open after the tests of ${filesOf(this)}: ${left().join(", ")}.`)
    }
  },
}

let openBefore: string[] = []

/** What may end by itself, such as a time limit of a call that was answered, gets this long. */
const PATIENCE_MS = 10_000
const PAUSE_MS = 10

/** The streams of a process of the tests itself, and the channel of a worker. They keep nothing from ending. */
const OWN = ["TTYWrap", "PipeWrap"]

// Tests replace the clock.
const setRealTimeout = setTimeout
const setRealImmediate = setImmediate

/** After this Mocha's time limit for the hook is among what is open, before and after the tests, and no other timer. */
async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setRealTimeout(() => setRealImmediate(resolve), ms))
}

/** What keeps this process from ending, by Node's names for it. */
function open(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => !OWN.includes(kind))
}

/** The same, without what was there before the tests of the file. */
function left(): string[] {
  const now = open()
  for (const kind of openBefore) {
    const index = now.indexOf(kind)
    if (index >= 0) {
      now.splice(index, 1)
    }
  }
  return now
}

/** The files whose tests have run: one in a worker, all of them in a process without workers. */
function filesOf({ test }: Mocha.Context): string {
  const files = new Set(test?.parent?.suites.map(({ file }) => path.relative(process.cwd(), file ?? "")))
  return files.size === 1 ? [...files][0] : `${files.size} files`
}
