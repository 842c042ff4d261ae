import { parseArgs } from "node:util"

import "../scripts/gone_reader"
import { HubProcess } from "./demo/hub_process"
import { keyFor } from "./demo/stage"
import { MarketoSandbox } from "./marketo/marketo_sandbox"

const HELP = `Starts a hub, a stand-in for Marketo, and a page on which actions are tried without Looker.

  npm run playground -- [options]

  --speed <n>   Marketo's time runs n times as fast (default 1)
  --help        this text
`

/** The share of each call's time that varies, so that answers come in another order than the calls. */
const LATENCY_JITTER = 0.3

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { speed: { type: "string", default: "1" }, help: { type: "boolean" } } })
  if (values.help) {
    process.stdout.write(HELP)
    return
  }
  const speed = Number(values.speed)
  if (!(speed >= 1 && speed <= 10_000)) {
    throw new TypeError(`--speed must be a number from 1 to 10,000, not "${values.speed}"`)
  }
  const ended = interruption()
  const marketo = await MarketoSandbox.start({ latency: "marketo", latencyJitter: LATENCY_JITTER, speed })
  try {
    const hub = await HubProcess.start({
      ACTION_HUB_LABEL: "Playground", ACTION_HUB_CONSOLE: "true", ACTION_HUB_PLAYGROUND: "true",
      ACTION_HUB_PLAYGROUND_STAND_IN: marketo.url, ACTION_HUB_REPORTS: "true",
      MARKETO_ALLOWED_HOSTS: new URL(marketo.url).host, MARKETO_SANDBOX_SPEED: String(speed),
    })
    try {
      process.stdout.write(welcome(hub, marketo))
      await ended
    } finally {
      await hub.stop()
    }
  } finally {
    await marketo.stop()
  }
}

function welcome(hub: HubProcess, marketo: MarketoSandbox): string {
  const token = encodeURIComponent(keyFor(hub))
  const [list] = marketo.lists.values()
  const [campaign] = marketo.campaigns.values()
  return [
    "",
    "  Open this in a browser. What stands after # is a token, good until you end this:",
    "",
    `  ${hub.url}/playground#token=${token}`,
    "",
    `  Marketo is a stand-in at ${marketo.url}, whose data is made up.`,
    `  Try list ${list.id} (${list.name}) or campaign ${campaign.id} (${campaign.name}).`,
    "  Ctrl-C ends everything.",
    "",
    "",
  ].join("\n")
}

/** Settles when somebody presses Ctrl-C or the process is asked to end. */
async function interruption(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve())
    process.once("SIGTERM", () => resolve())
  })
}

main().catch((failure: Error) => {
  process.stderr.write(`\n${failure.message}\n`)
  process.exitCode = 1
})
