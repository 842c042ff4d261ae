import { Call, Operation, Reason, World } from "../calls/api_reply"
import { Lead } from "../instance/lead_store"
import { inputOf, numberFrom } from "../calls/request_input"
import { sentText } from "../instance/sent_text"

const PATH = "/rest/v1/leads/partitions.json"

export const PARTITION_OPERATIONS: Operation[] = [
  {
    name: "browsePartitions", method: "GET", path: PATH, family: "leadDatabase", latency: "read",
    permissions: ["Read-Only Lead", "Read-Write Lead"], body: "none",
    begin: (call, { store }) => ({ commit: () => ({ result: [...store.partitions.values()]
      .filter(({ name }) => call.service.partitions === undefined || call.service.partitions.includes(name)) }) }),
  },
  {
    name: "movePartition", method: "POST", path: PATH, family: "leadDatabase", latency: "list",
    permissions: ["Read-Write Lead"], body: "json",
    begin: (call, world) => {
      const records = inputOf(call, world) as ({ id?: unknown, partitionName?: unknown } | null)[]
      const moves = records.map((record) =>
        ({ id: numberFrom(record?.id ?? null), partitionName: sentText(record?.partitionName) }))
      return { commit: () => ({ result: moves.map(({ id, partitionName }) => {
        const lead = world.store.leads.get(id)
        const reason = lead ? moveLead(lead, partitionName, call, world) : { code: "1004", message: "Lead not found" }
        return reason ? { id, status: "skipped", reasons: [reason] } : { id, status: "updated" }
      }) }) }
    },
  },
]

function moveLead(lead: Lead, partitionName: string, call: Call, { store, now }: World): Reason | undefined {
  const partition = store.partitionByName(partitionName)
  const visible = call.service.partitions
  if (!partition || (visible && !visible.includes(partitionName))) {
    return { code: "1008", message: `Access denied to partition '${partitionName}'` }
  }
  lead.partitionId = partition.id
  lead.updatedAt = now()
  return undefined
}
