import { ApiError, Call, Operation, Reason, Work, World } from "../calls/api_reply"
import { Lead, LeadValues } from "../instance/lead_store"
import { badValueMessage, checkValue } from "../instance/lead_values"
import { seesLead } from "../calls/lead_visibility"
import { forcedReason } from "../faults/record_faults"
import { bodyObject, inputOf } from "../calls/request_input"
import { sentText } from "../instance/sent_text"
import { Action, ACTIONS, Upsert } from "../instance/upsert"
import { UpsertsInProcess } from "../ledger/upserts_in_process"

interface CheckedRecord {
  lookupValue: unknown
  values: LeadValues
  reason: Reason | undefined
}

/** One element of the answer. */
export type SyncOutcome =
  | { id: number, status: "created" | "updated" }
  | { status: "skipped", reasons: Reason[] }

export const SYNC_LEADS: Operation = {
  name: "syncLeads", method: "POST", path: "/rest/v1/leads.json", family: "leadDatabase", latency: "sync",
  permissions: ["Read-Write Lead"], body: "json", begin: beginSync,
}

function beginSync(call: Call, world: World): Work {
  const body = bodyObject(call)
  const upsert = upsertFrom(body, world)
  const input = inputOf(call, world)
  if (world.knobs.unknownField === "response") {
    refuseUnknownFields(input, world)
  }
  return upsertWork(call, world, upsert, input)
}

/** Checks everything about the call as a whole. Throws 1003, 1006 or 1011. */
export function upsertFrom(body: Record<string, unknown>, { store, knobs }: World): Upsert {
  const action = (body.action ?? "createOrUpdate") as Action
  if (!ACTIONS.includes(action)) {
    throw new ApiError("1003", `Invalid value '${String(action)}' for 'action'. Allowed: ${ACTIONS.join(", ")}`)
  }
  const wanted = body.lookupField || "email"
  const lookupField = typeof wanted === "string" ? store.schema.field(wanted) : undefined
  if (!lookupField) {
    throw new ApiError("1006", `Lookup field '${sentText(wanted)}' not found`)
  }
  if (!lookupField.searchable || lookupField.restName === "leadPartitionId") {
    throw new ApiError("1011", `Field '${lookupField.restName}' not supported`)
  }
  if (lookupField.restName === "id" && !takesId(action, knobs)) {
    throw new ApiError("1003", `Lookup field 'id' cannot be used with action '${action}'`)
  }
  // The partition matters for these two actions only. The others ignore it.
  const partitionName = action === "createOnly" || action === "createOrUpdate"
    ? body.partitionName as string | undefined : undefined
  if (partitionName !== undefined && !store.partitionByName(partitionName)) {
    throw new ApiError("1003", `Partition '${String(partitionName)}' not found`)
  }
  return { action, lookupField: lookupField as Upsert["lookupField"], partitionName }
}

/**
 * Returns true if the action accepts `id`. It belongs to updateOnly; createOrUpdate accepts it if recordings are
 * believed instead of the documents.
 */
function takesId(action: Action, { idWithCreateOrUpdate }: World["knobs"]): boolean {
  return action === "updateOnly" || (action === "createOrUpdate" && idWithCreateOrUpdate === "update")
}

/** Returns the look-up at the call's start and the writes at its end. Between them another call may do the same. */
export function upsertWork(call: Call, world: World, upsert: Upsert, input: unknown[]): Work {
  const { store, ledger } = world
  const records = input.map((record, position) => checkRecord(record, position, upsert, call, world))
  const lookupName = upsert.lookupField.restName
  const keys = upsert.action === "createDuplicate" ? []
    : records.filter((record) => !record.reason).map((record) => store.leads.key(record.lookupValue))
  const inProcess = UpsertsInProcess.of(ledger)
  inProcess.enter(lookupName, keys, { action: upsert.action, call: call.entry.sequence, at: world.now() },
    (key) => store.leads.find(lookupName, key).length > 0)
  let matches: number[][] = []
  return {
    lookUp: () => {
      matches = records.map((record) => record.reason || upsert.action === "createDuplicate"
        ? [] : store.leads.find(lookupName, record.lookupValue))
    },
    commit: () => {
      inProcess.leave(lookupName, keys)
      const createdHere = new Map<string, number>()
      return { result: records.map((record, index) =>
        writeRecord(record, matches[index], createdHere, upsert, call, world)) }
    },
  }
}

function checkRecord(sent: unknown, position: number, upsert: Upsert, call: Call, world: World): CheckedRecord {
  const { knobs, store } = world
  const lookupName = upsert.lookupField.restName
  const checked: CheckedRecord = { lookupValue: undefined, values: {}, reason: forcedReason(call, position, sent) }
  const refuse = (code: string, message: string): CheckedRecord => {
    checked.reason ??= { code, message }
    return checked
  }
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) {
    return refuse("1003", "Invalid record: an object is required")
  }
  const record = sent as Record<string, unknown>
  const lookupValue = record[lookupName]
  if (upsert.action !== "createDuplicate") {
    if (lookupValue === undefined || lookupValue === null || sentText(lookupValue).trim() === "") {
      return refuse("1003", `Value for lookup field '${lookupName}' not found`)
    }
    checked.lookupValue = lookupValue
  }
  for (const restName in record) {
    const field = store.schema.field(restName)
    if (!field) {
      return refuse("1006", `Field '${restName}' not found`)
    }
    const value = checkValue(field, record[restName], knobs)
    if (restName === "id" && (lookupName !== "id" || value.kind === "bad")) {
      if (value.kind === "bad" || upsert.action !== "updateOnly") {
        return refuse("1003", badValueMessage(restName, record[restName], knobs))
      }
    } else if (field.readOnly) {
      if (knobs.readOnlyField === "skip") {
        return refuse("1003", badValueMessage(restName, record[restName], knobs))
      }
    } else if (field.company && knobs.companyFields === "refuse") {
      return refuse("1021", "Company update not allowed")
    } else if (value.kind === "bad") {
      return refuse("1003", badValueMessage(restName, record[restName], knobs))
    } else if (restName !== "id") {
      checked.values[restName] = value.value
    }
  }
  // A number key in another spelling ("0090") is the same key.
  checked.lookupValue = checked.values[lookupName] ?? checked.lookupValue
  return checked
}

function writeRecord(record: CheckedRecord, matches: number[], createdHere: Map<string, number>, upsert: Upsert,
  call: Call, world: World): SyncOutcome {
  if (record.reason) {
    return { status: "skipped", reasons: [record.reason] }
  }
  const { store, knobs } = world
  const key = upsert.action === "createDuplicate" ? undefined : store.leads.key(record.lookupValue)
  const createdId = key !== undefined && knobs.sameKeyInCall === "createThenUpdate" ? createdHere.get(key) : undefined
  const found = matches.length === 0 && createdId !== undefined ? [createdId] : matches
  if (found.length > 1) {
    return skipped("1007", "Multiple lead match lookup criteria")
  }
  if (found.length === 1 && upsert.action === "createOnly") {
    return skipped("1005", "Lead already exists")
  }
  const lead = found.length === 1 ? store.leads.get(found[0]) : undefined
  if (lead) {
    return updateLead(lead, record, upsert, call, world)
  }
  if (found.length === 1 || upsert.action === "updateOnly" || upsert.lookupField.restName === "id") {
    return skipped("1004", "Lead not found")
  }
  const id = createLead(record, upsert, call, world)
  if (key !== undefined) {
    createdHere.set(key, id)
  }
  return { id, status: "created" }
}

function updateLead(lead: Lead, record: CheckedRecord, upsert: Upsert, call: Call, world: World): SyncOutcome {
  const { store, ledger } = world
  const partition = store.partitions.get(lead.partitionId)?.name ?? ""
  if (!seesLead(call.service, store, lead)) {
    return skipped("1008", `Access denied to partition '${partition}'`)
  }
  if (upsert.partitionName !== undefined && upsert.partitionName !== partition) {
    return skipped("1010", "Partition update not allowed")
  }
  store.leads.update(lead, record.values)
  ledger.recordLead(lead.id, "updated", world.now(), call.entry.sequence)
  return { id: lead.id, status: "updated" }
}

function createLead(record: CheckedRecord, upsert: Upsert, call: Call, { store, ledger, now }: World): number {
  const lookupField = upsert.lookupField.restName
  const others = upsert.action === "createDuplicate" ? [] : store.leads.find(lookupField, record.lookupValue)
  const lead = store.addLead(record.values, { partition: upsert.partitionName })
  const at = now()
  ledger.recordLead(lead.id, "created", at, call.entry.sequence)
  if (others.length > 0) {
    ledger.duplicates.push({ lookupField, lookupValue: String(record.lookupValue), leadId: lead.id, others, at,
      call: call.entry.sequence })
  }
  return lead.id
}

function refuseUnknownFields(input: unknown[], { store }: World) {
  for (const record of input) {
    const unknown = Object.keys(record ?? {}).find((restName) => !store.schema.field(restName))
    if (unknown !== undefined) {
      throw new ApiError("1006", `Field '${unknown}' not found`)
    }
  }
}

function skipped(code: string, message: string): SyncOutcome {
  return { status: "skipped", reasons: [{ code, message }] }
}
