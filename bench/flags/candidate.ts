import * as fs from "fs"
import * as path from "path"
import { BenchHub, ONE_PROCESS } from "../runs/bench_hub"

const LIB = path.join(__dirname, "../../lib")
const BOOT_FILES = path.join(__dirname, "../../node_modules/.cache/bench-flags")

/** So much faster than real time that a run keeps a processor busy; faster still, answers come too late when it is. */
const SPEED = 20

/** What a run of so many rows took of the execute process. */
export interface Cost {
  cpuSeconds: number
  peakBytes: number
}

/**
 * One way to start the execute process: flags for Node, and variables in the form NAME=VALUE for its environment, which
 * the hub's process gets as well.
 */
export class Candidate {
  readonly flags: string[]
  private readonly environment: Record<string, string>

  constructor(readonly words: string[]) {
    this.flags = words.filter((word) => word.startsWith("-"))
    this.environment = Object.fromEntries(words.filter((word) => !word.startsWith("-")).map((word) => {
      const [name, ...value] = word.split("=")
      return [name, value.join("=")]
    }))
  }

  get name(): string {
    return this.words.length === 0 ? "none" : this.words.map((word) => `\`${word}\``).join(" ")
  }

  /** Sends so many rows with a hub that was started for this alone. Throws an Error unless every row was applied. */
  async send(rows: number): Promise<Cost> {
    const hub = await BenchHub.start(SPEED, ONE_PROCESS, this.environment, this.bootFile())
    try {
      const { processes } = await hub.send([rows], "none")
      const others = processes.slice(1)
      return {
        cpuSeconds: others.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
        peakBytes: Math.max(...others.map(({ peakBytes }) => peakBytes)),
      }
    } finally {
      await hub.stop()
    }
  }

  /** A file that starts the compiled hub with these flags in place of its own. */
  private bootFile(): string {
    fs.mkdirSync(BOOT_FILES, { recursive: true })
    const file = path.join(BOOT_FILES, `${process.pid}.js`)
    fs.writeFileSync(file, `
      const { MEMORY_FLAGS } = require(${JSON.stringify(path.join(LIB, "xpc/process_start"))})
      MEMORY_FLAGS.splice(0, Infinity, ...${JSON.stringify(this.flags)})
      require(${JSON.stringify(path.join(LIB, "boot.js"))})
    `)
    return file
  }
}
