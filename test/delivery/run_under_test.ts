import { ActionRequest, ActionResponse, ActionType } from "../../src/hub"
import { MarketoConfiguration, readConfiguration } from "../../src/actions/marketo/lib/configuration/configuration"
import { BatchSizes, QuotaShare } from "../../src/actions/marketo/lib/configuration/limits"
import { forgetConnections } from "../../src/actions/marketo/lib/api/connection"
import { MarketoTransaction } from "../../src/actions/marketo/marketo_transaction"
import { MarketoSandbox, MarketoSandboxOptions } from "../../sandbox/marketo/marketo_sandbox"
import { accountOf } from "../actions/marketo/support/account_of"

/** How much faster than Marketo's the clock of these runs goes: 20 s become 40 ms, 90 s become 180 ms. */
export const SPEED = 500

/** A row by Marketo's names; `undefined` leaves the cell out. */
export interface RowValues {
  [restName: string]: string | number | boolean | null | undefined
}

export interface RunOptions {
  rows: RowValues[]
  formParams: { [name: string]: string }
  batchSizes?: Partial<BatchSizes>
  share?: Partial<QuotaShare>
  params?: { [name: string]: string }
  document?: string
  stopSignal?: AbortSignal
  /** Speed of the clock; SPEED when absent. */
  speed?: number
  /** Runs beside others that share the quota: keeps what the process remembers of the instance. */
  isShared?: boolean
}

/** The parts of a failure message that the tests look at. */
export interface FailureMessage {
  skipped?: { [reason: string]: string[] }
  leadErrors?: FailureEntry[]
  membershipErrors?: FailureEntry[]
  requestErrors?: FailureEntry[]
  notSent?: { [reason: string]: string[] }
  rows: { [outcome: string]: number }
  membership?: { [figure: string]: string | number }[]
  notes?: string[]
  leftOut?: { [member: string]: number }
  dryRun?: boolean
}

export interface FailureEntry {
  code?: string
  message: string
  leads?: number
  lookupValues?: string[]
  leadIds?: number[]
  campaign?: string
  list?: string
}

/** Starts a sandbox whose window fits SPEED. */
export async function startSandbox(options: MarketoSandboxOptions = {}): Promise<MarketoSandbox> {
  return MarketoSandbox.start({ rateWindowMs: 20000 / SPEED, ...options })
}

/** Sends the rows through the action, in this process and with nothing remembered of earlier runs. */
export async function runAgainst(sandbox: MarketoSandbox, options: RunOptions): Promise<ActionResponse> {
  if (options.isShared !== true) {
    forgetConnections()
  }
  return new MarketoTransaction(configuration(options)).handleRequest(requestFor(sandbox, options))
}

export function configuration(options: Pick<RunOptions, "batchSizes" | "share" | "speed">): MarketoConfiguration {
  const usual = readConfiguration({})
  return {
    ...usual,
    allowedHosts: ["127.0.0.1"],
    sandboxSpeed: options.speed ?? SPEED,
    batchSizes: { ...usual.batchSizes, ...options.batchSizes },
    share: { ...usual.share, ...options.share },
  }
}

export function requestFor(sandbox: MarketoSandbox, options: RunOptions): ActionRequest {
  const request = new ActionRequest()
  request.type = ActionType.Query
  request.webhookId = "test-run"
  request.params = {
    url: sandbox.url, clientID: sandbox.clientId, clientSecret: sandbox.clientSecret, ...options.params,
  }
  request.formParams = options.formParams
  request.attachment = { dataBuffer: Buffer.from(options.document ?? documentOf(options.rows)) }
  if (options.stopSignal !== undefined) {
    Object.defineProperty(request, "stopSignal", { value: options.stopSignal, enumerable: false })
  }
  return request
}

/** A json_detail document with one tagged column for each name in the rows. */
export function documentOf(rows: RowValues[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const dimensions = names.map((name) => ({ name: `lead.${name}`, label: name, tags: [`marketo:${name}`] }))
  const data = rows.map((row) => Object.fromEntries(Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [`lead.${name}`, { value }])))
  return JSON.stringify({ fields: { dimensions, measures: [], table_calculations: [] }, data })
}

export function failureOf(response: ActionResponse): FailureMessage {
  if (response.success) {
    throw new Error(`The run succeeded: ${response.message}`)
  }
  return accountOf(response.message) as FailureMessage
}
