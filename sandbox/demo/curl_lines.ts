import { executePayload, HubClient } from "../looker/hub_client"
import { TextInputs } from "../looker/hub_wire"

export interface CurlSubjects {
  hubUrl: string
  client: HubClient
  params: TextInputs
  formParams: TextInputs
  format: string
  /** The address at which a POST publishes a new result and answers with its one-time URL. */
  publishUrl: string
}

/**
 * Returns shell commands that repeat the demo's steps by hand: list, form, and a run of 100 rows. Each can be repeated.
 */
export function curlLines(subjects: CurlSubjects): Array<{ title: string, command: string }> {
  const { hubUrl, client, params, formParams, format, publishUrl } = subjects
  const headers = Object.entries(client.headers("by-hand"))
    .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`).join(" ")
  const form = { type: "query", data: params, form_params: formParams }
  const downloadUrl = "$DOWNLOAD_URL"
  const execute = JSON.stringify(executePayload({ params, formParams, format, downloadUrl }))
  // The shell inserts the URL: the quotes end before it and begin again after it.
  const [before, after] = execute.split(downloadUrl)
  const action = `${hubUrl}/actions/marketo`
  return [
    { title: "The list of actions", command: `curl -s -X POST ${headers} ${quoted(`${hubUrl}/`)}` },
    {
      title: "The Marketo form",
      command: `curl -s ${headers} -d ${quoted(JSON.stringify(form))} ${quoted(`${action}/form`)}`,
    },
    {
      title: "A run with 100 rows (a query result's URL works once, so each run publishes a new one)",
      command: `DOWNLOAD_URL=$(curl -s -X POST ${quoted(`${publishUrl}?rows=100`)}); ` +
        `curl -s ${headers} -d ${quoted(before)}"$DOWNLOAD_URL"${quoted(after)} ${quoted(`${action}/execute`)}`,
    },
  ]
}

/** Returns the text as one word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`
}
