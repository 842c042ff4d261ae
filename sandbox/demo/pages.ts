import { HubClient } from "../looker/hub_client"
import { ActionDefinition, ExecuteAnswer, TextInputs } from "../looker/hub_wire"
import { sampleFields } from "../looker/lead_rows"
import { parsedMessage, skippedInMessage } from "./accounts"
import { ACTION, Delivery } from "./delivery"
import { count, Terminal } from "./terminal"

export async function showActions(terminal: Terminal, client: HubClient): Promise<void> {
  const { body } = await client.list()
  terminal.figures(body.integrations.map(({ name, label, description }: ActionDefinition) =>
    [name, label, description]))
  if (!body.integrations.some(({ name }) => name === ACTION)) {
    throw new Error(`The hub offers no action named ${ACTION}.`)
  }
}

export async function showForm(
  terminal: Terminal, client: HubClient, params: TextInputs, formParams: TextInputs,
): Promise<void> {
  const { body } = await client.form(ACTION, params, formParams)
  if (body.fields === undefined) {
    throw new Error(`The Marketo form holds an error instead of fields: ${JSON.stringify(body.error)}`)
  }
  terminal.figures(body.fields.map(({ name, label, type, options, required }) => {
    const kind = options === undefined ? type ?? "text" : `${type ?? "select"} of ${options.length}`
    const input = formParams[name]
    return [label ?? name, input === undefined ? "-" : input, `${kind}${required ? ", required" : ""}`]
  }))
}

export function showColumns(terminal: Terminal): void {
  const { dimensions, measures, table_calculations: calculations } = sampleFields()
  const columns = [...dimensions ?? [], ...measures ?? [], ...calculations ?? []]
  const marketoTags = columns.map(({ tags }) => (tags ?? []).filter((tag) => tag.startsWith("marketo:")).length)
  const feeding = marketoTags.filter((tags) => tags > 0).length
  const fedFields = marketoTags.reduce((total, tags) => total + tags, 0)
  terminal.line(`${columns.length} columns: ${feeding} with tags feed ${fedFields} Marketo fields, ` +
    `${columns.length - feeding} without are not sent.`)
}

export function showOutcome(terminal: Terminal, { answer, rowsRead, seconds, marketo }: Delivery): void {
  const reasons = Object.keys(skippedInMessage(answer.looker.message)).join("; ")
  const operations = Object.entries(marketo.callsByOperation)
    .map(([operation, calls]) => `${operation} ${calls}`).join(", ")
  const skipped = Object.values(marketo.skippedByCode).reduce((total, records) => total + records, 0)
  terminal.figures([
    ["Rows read", rowsRead],
    ["Leads created", marketo.leadsCreated],
    ["Leads updated", marketo.leadsUpdated],
    ["Leads skipped", skipped, reasons],
    ["List members before", marketo.membersBefore],
    ["List members after", marketo.membersAfter],
    ["API calls used", marketo.countedCalls, operations],
    ["Seconds", seconds.toFixed(1), `${count(Math.round(rowsRead / seconds))} rows a second`],
  ])
}

export function showMessage(terminal: Terminal, { looker }: ExecuteAnswer): void {
  terminal.line()
  terminal.line(`Looker would show ${looker.success ? "a success" : "a failure"} with this message:`)
  const show = (text: string) =>
    text.split("\n").forEach((line) => terminal.line(terminal.styled("cyan", `  ${line}`)))
  const message = looker.message ?? "(none)"
  const members = parsedMessage(message)
  show(members === undefined ? message : message.slice(0, message.lastIndexOf("\n")))
  if (members !== undefined) {
    terminal.line()
    terminal.line("Its last line is the account as JSON, for programs:")
    show(JSON.stringify(members, null, 2))
  }
}

/** Opens the report that the message links, as whoever sent would. */
export async function showRowReport(terminal: Terminal, { looker }: ExecuteAnswer): Promise<void> {
  const [link] = /https?:\/\/\S+\/reports\/\S+/.exec(looker.message ?? "") ?? []
  if (link === undefined) {
    throw new Error("The message has no link to the report of its rows.")
  }
  const report = await fetch(link)
  terminal.line()
  terminal.line(`The report that the message links (${report.headers.get("content-type")}):`)
  for (const line of (await report.text()).trim().split("\n")) {
    terminal.line(terminal.styled("cyan", `  ${line}`))
  }
}
