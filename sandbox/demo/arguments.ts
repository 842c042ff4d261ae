import { parseArgs } from "util"

export interface DemoArguments {
  /** The rows of the query result that is sent. */
  rowCount: number
  /** The factor by which Marketo's time runs faster than on a real instance: its latencies and its rate window. */
  speed: number
  /** Everything keeps running at the end, to try by hand. */
  keep: boolean
  help: boolean
}

export const HELP = `Plays one delivery from Looker to Marketo, all on this machine:
starts a Marketo sandbox, the hub and a stand-in for Looker, sends a query result to "add to list",
and prints what became of every row.

  npm run demo -- [options]

  --rows N    rows to send, 10 to 1,000,000 (default 5,000)
  --speed N   how many times faster than the real one the Marketo sandbox is, 1 to 100 (default 5)
  --keep      keep running afterwards, and print curl lines to try by hand; Ctrl-C ends it
  --help      show this
`

/** Reads the command line. Throws an Error with a sentence for a person if it makes no sense. */
export function readArguments(argv: string[]): DemoArguments {
  const { values } = parseArgs({
    args: argv,
    options: {
      rows: { type: "string", default: "5000" },
      speed: { type: "string", default: "5" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  })
  return {
    rowCount: wholeNumber("--rows", values.rows, 10, 1_000_000),
    speed: wholeNumber("--speed", values.speed, 1, 100),
    keep: values.keep,
    help: values.help,
  }
}

/** Returns the number in `text`, which may have thousands separators. */
export function wholeNumber(name: string, text: string, minimum: number, maximum: number): number {
  const digits = text.replace(/[,_]/g, "")
  const value = /^\d+$/.test(digits) ? Number(digits) : NaN
  if (!(value >= minimum && value <= maximum)) {
    throw new Error(`${name} is "${text}": enter a whole number from ${minimum} to ${maximum}.`)
  }
  return value
}
