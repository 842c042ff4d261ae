import { setTimeout as wait } from "timers/promises"

import "../scripts/gone_reader"
import { disagreements } from "./demo/accounts"
import { DemoArguments, HELP, readArguments, wholeNumber } from "./demo/arguments"
import { curlLines } from "./demo/curl_lines"
import { deliver, FORMAT } from "./demo/delivery"
import { HubProcess } from "./demo/hub_process"
import { showActions, showColumns, showForm, showMessage, showOutcome, showRowReport } from "./demo/pages"
import { prepareMarketo } from "./demo/scenario"
import { clearStage, setStage, Stage } from "./demo/stage"
import { count, Terminal } from "./demo/terminal"
import { leadQueryResult } from "./looker/lead_rows"

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2))
  if (wanted.help) {
    process.stdout.write(HELP)
    return 0
  }
  const terminal = new Terminal()
  terminal.title("Start a Marketo sandbox, the hub and a stand-in for Looker")
  // From here on an interruption ends the demo properly, so that no hub is left running.
  const interrupted = interruption()
  const stage = await setStage(wanted.speed)
  try {
    const played = play(terminal, stage, wanted)
    const exitCode = await Promise.race([played, interrupted])
    if (exitCode === "interrupted") {
      terminal.endProgress()
      terminal.line("Interrupted.")
      terminal.silence()
      return 130
    }
    if (wanted.keep) {
      terminal.line()
      terminal.line(terminal.styled("bold", "Everything keeps running. Ctrl-C ends it."))
      await interrupted
      terminal.line()
    }
    return exitCode
  } catch (error) {
    terminal.endProgress()
    // If the hub has died, its connections break before the report of its end arrives.
    await wait(200)
    throw new Error(explained(error as Error, stage.hub), { cause: error })
  } finally {
    await clearStage(stage)
  }
}

async function play(terminal: Terminal, stage: Stage, { rowCount, speed, keep }: DemoArguments): Promise<number> {
  const { marketo, looker, hub, client } = stage
  const scenario = prepareMarketo(marketo.store, rowCount)
  terminal.figures([
    ["Marketo sandbox", marketo.url, `${count(marketo.store.leads.size)} leads; its time runs ${speed} times as fast`],
    ["Looker stand-in", looker.url],
    ["Action Hub", hub.url, `compiled code, process ${hub.processId}`],
  ])

  terminal.title("Ask the hub for its actions")
  await showActions(terminal, client)

  terminal.title("Fetch the Marketo form")
  const params = { url: marketo.url, clientID: marketo.clientId, clientSecret: marketo.clientSecret }
  const formParams = { lookupField: "email", subaction: "addList", campaignId: String(scenario.list.id) }
  await showForm(terminal, client, params, formParams)

  terminal.title(`Send ${count(rowCount)} rows, to be added to list ${scenario.list.id} "${scenario.list.name}"`)
  showColumns(terminal)
  const delivery = await deliver(terminal, stage, scenario, { rowCount, params, formParams })

  terminal.title("The outcome")
  showOutcome(terminal, delivery)
  showMessage(terminal, delivery.answer)
  await showRowReport(terminal, delivery.answer)

  const wrong = disagreements(rowCount, scenario, delivery)
  terminal.line()
  if (wrong.length > 0) {
    terminal.line(terminal.styled("red", "The numbers do not add up:"))
    wrong.forEach((sentence) => terminal.line(`- ${sentence}`))
  } else {
    terminal.line(terminal.styled("green", "The hub's message agrees with the Marketo sandbox's own record."))
    terminal.line("A failure is correct here. A run succeeds only if no row was skipped, and two people are in the")
    terminal.line("sandbox twice, on purpose, so Marketo cannot decide which lead is meant. All others are written.")
  }

  if (keep) {
    terminal.title("Try it by hand")
    const publishUrl = looker.offer("/publish", (parameters) =>
      leadQueryResult({ rowCount: wholeNumber("rows", parameters.get("rows") ?? "100", 0, 1_000_000) }))
    for (const { title, command } of
      curlLines({ hubUrl: hub.url, client, params, formParams, format: FORMAT, publishUrl })) {
      terminal.line()
      terminal.line(terminal.styled("dim", `# ${title}`))
      process.stdout.write(`${command}\n`)
    }
  }
  return wrong.length > 0 ? 1 : 0
}

/** Returns a message with the error and the end of the hub's log, where the reason usually is. */
function explained(error: Error, { ending, log }: HubProcess): string {
  const hubEnded = ending === undefined ? "" : ` The hub ${ending}.`
  const lastWords = log === "" ? "" : `\n\nThe end of the hub's log:\n${log}`
  return `The demo could not be finished: ${error.message.replace(/\.$/, "")}.${hubEnded}${lastWords}`
}

/** Settles when somebody presses Ctrl-C or the process is asked to end. */
async function interruption(): Promise<"interrupted"> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve("interrupted"))
    process.once("SIGTERM", () => resolve("interrupted"))
  })
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode
  },
  (error: Error) => {
    process.stderr.write(`\n${error.message}\n`)
    process.exitCode = 1
  },
)
