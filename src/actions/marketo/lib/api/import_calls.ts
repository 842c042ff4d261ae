import { MarketoError } from "../errors"
import { Upload } from "./call"
import { MarketoCaller } from "./caller"
import { OPERATIONS } from "./operations"

/** How a file is imported. */
export interface ImportOptions {
  lookupField: string
  /** A static list that all leads of the file join. */
  listId?: string
  /** Where leads are created. */
  partitionName?: string
}

/** How far Marketo is with a file. */
export interface ImportState {
  status: "Queued" | "Importing" | "Complete" | "Failed"
  /** Marketo's own words. */
  message: string
  /** Leads that were imported; undefined where Marketo does not say. The others likewise. */
  processed?: number
  failed?: number
  withWarning?: number
}

const STATUSES: ImportState["status"][] = ["Queued", "Importing", "Complete", "Failed"]

/** The calls of Marketo's bulk import of leads. Every method throws as MarketoCaller.send does. */
export class ImportCalls {
  constructor(private readonly caller: MarketoCaller) {}

  /** Hands a file over; returns the number by which Marketo knows it. Not repeated if it may have been taken. */
  async create(upload: Upload, options: ImportOptions): Promise<string> {
    const { lookupField, listId, partitionName } = options
    const envelope = await this.caller.send<{ batchId?: unknown, importId?: unknown }>({
      operation: OPERATIONS.importLeads,
      query: { format: "csv", lookupField, listId, partitionName },
      upload,
      answerTimeoutMs: this.caller.connection.pace.importAnswerTimeoutMs,
    })
    const [taken] = envelope.result ?? []
    const id = textOf(taken?.batchId) || textOf(taken?.importId)
    if (!/^\d+$/.test(id)) {
      throw new MarketoError("unavailable", "Marketo took a file and did not return the number of its import.", {
        requestId: envelope.requestId, maybeExecuted: true, maybeRunning: true,
      })
    }
    return id
  }

  /** Returns how far a file is. */
  async state(id: string): Promise<ImportState> {
    const envelope = await this.caller.send<{ [member: string]: unknown }>({ operation: OPERATIONS.getImport, id })
    const said = (envelope.result ?? [])[0] ?? {}
    const status = STATUSES.find((each) => each.toLowerCase() === textOf(said.status).trim().toLowerCase())
    if (status === undefined) {
      throw new MarketoError("unavailable", `Marketo gave the status "${textOf(said.status)}", which is in none of ` +
        "its documents.")
    }
    if (![id, ""].includes(textOf(said.batchId))) {
      throw new MarketoError("unavailable", `Marketo answered about another import, ${textOf(said.batchId)}.`)
    }
    return {
      status,
      message: textOf(said.message),
      processed: countOf(said.numOfLeadsProcessed), failed: countOf(said.numOfRowsFailed),
      withWarning: countOf(said.numOfRowsWithWarning),
    }
  }

  /** Returns the text of the file that has the rows which failed, with Marketo's reasons. */
  async failures(id: string): Promise<string> {
    return this.file(OPERATIONS.getImportFailures, id)
  }

  /** Likewise, of the rows that were imported with a warning. */
  async warnings(id: string): Promise<string> {
    return this.file(OPERATIONS.getImportWarnings, id)
  }

  private async file(operation: (typeof OPERATIONS)["getImportFailures"], id: string): Promise<string> {
    const envelope = await this.caller.send<unknown>({ operation, id, wantsFile: true })
    const [text] = envelope.result ?? []
    if (typeof text !== "string") {
      throw new MarketoError("unavailable", "Marketo's answer is not the file that was asked for.")
    }
    return text
  }
}

function countOf(value: unknown): number | undefined {
  const count = typeof value === "number" || typeof value === "string" && value !== "" ? Number(value) : NaN
  return Number.isInteger(count) && count >= 0 ? count : undefined
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : ""
}
