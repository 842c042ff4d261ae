import { parseArgs } from "node:util"
import { Campaign } from "./instance/assets"
import { MarketoSandbox } from "./marketo_sandbox"
import { MarketoSandboxOptions } from "./setup/options"

const DEFAULT_PORT = 9180

const HELP = `A local stand-in for Marketo's REST API. It is not Marketo, and forgets everything when it stops.

  npm run sandbox:marketo -- [options]

  --port <n>          port to listen on (default ${DEFAULT_PORT})
  --host <address>    address to bind (default 127.0.0.1)
  --latency <ms>      "marketo" (default; about what a real instance takes), "none", or ms for every call
  --speed <n>         runs Marketo's time n times faster: rate window and latencies (default 1)
  --rate <n>          calls in any 20 s (default 100)
  --concurrency <n>   calls at once (default 10)
  --quota <n>         calls per day (default 50000)
  --used <n>          calls already used today (default 0)
  --token-life <s>    seconds a token lives (default 3600)
  --lists <n>         static lists in all, e.g. 10000 (default 5)
  --random-seed <n>   seed of random faults and jitter (default 1)
  --empty             start without leads, lists, campaigns and programs
  --help              this text

Look inside while it runs: GET /sandbox/state, /sandbox/ledger, /sandbox/leads, /sandbox/faults.
`

async function main() {
  const { values } = parseArgs({ options: {
    "port": { type: "string" }, "host": { type: "string" }, "latency": { type: "string" }, "speed": { type: "string" },
    "rate": { type: "string" }, "concurrency": { type: "string" }, "quota": { type: "string" },
    "used": { type: "string" }, "token-life": { type: "string" }, "lists": { type: "string" },
    "random-seed": { type: "string" }, "empty": { type: "boolean" }, "help": { type: "boolean" },
  } })
  if (values.help) {
    console.log(HELP)
    return
  }
  const latency = values.latency ?? "marketo"
  const sandbox = await MarketoSandbox.start({
    port: number("port", values.port) ?? DEFAULT_PORT,
    host: values.host,
    latency: latency === "marketo" || latency === "none" ? latency : number("latency", latency),
    speed: number("speed", values.speed),
    rateLimit: number("rate", values.rate),
    concurrencyLimit: number("concurrency", values.concurrency),
    dailyQuota: number("quota", values.quota),
    dailyUsed: number("used", values.used),
    tokenLifeSeconds: number("token-life", values["token-life"]),
    staticListCount: number("lists", values.lists),
    randomSeed: number("random-seed", values["random-seed"]),
    seed: values.empty ? "empty" : "default",
  } satisfies MarketoSandboxOptions)
  console.log(welcome(sandbox))
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void sandbox.stop().then(() => console.log("The Marketo sandbox has stopped."))
    })
  }
}

function number(flag: string, text: string | undefined): number | undefined {
  const value = text === undefined ? undefined : Number(text)
  if (value !== undefined && !(value >= 0)) {
    throw new TypeError(`--${flag} must be a number, not "${text}"`)
  }
  return value
}

function welcome(sandbox: MarketoSandbox): string {
  const rows: [string, number | string, string][] = [
    ...[...sandbox.lists.values()].slice(0, 20).map(({ id, name }): [string, number, string] => ["list", id, name]),
    ...[...sandbox.campaigns.values()].map((campaign): [string, number, string] =>
      ["campaign", campaign.id, `${campaign.name} (${campaignState(campaign)})`]),
    ...[...sandbox.programs.values()].map(({ id, name, channel }): [string, number, string] =>
      ["program", id, `${name} (${channel})`]),
  ]
  return [
    "",
    "Marketo sandbox: a local stand-in, NOT Marketo. All data is in memory and made up.",
    "",
    `  Endpoint        ${sandbox.url}`,
    `  Client id       ${sandbox.clientId}`,
    `  Client secret   ${sandbox.clientSecret}`,
    `  Leads           ${sandbox.leads.size}`,
    `  Look inside     ${sandbox.url}/sandbox/state`,
    "",
    ...rows.map(([kind, id, name]) => `  ${kind.padEnd(10)}${String(id).padEnd(8)}${name}`),
    "",
    "Stop with Ctrl-C.",
  ].join("\n")
}

function campaignState({ type, active, requestable }: Campaign): string {
  return [type, active ? "active" : "inactive", ...(requestable ? [] : ["not requestable"])].join(", ")
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
