import { CustomService } from "../setup/custom_services"
import { Lead } from "../instance/lead_store"
import { Store } from "../instance/store"

/** Returns true if the API user may see the lead, which lives in a partition that the user's workspaces can see. */
export function seesLead(service: CustomService, store: Store, lead: Lead): boolean {
  return service.partitions === undefined
    || service.partitions.includes(store.partitions.get(lead.partitionId)?.name ?? "")
}

/** Returns the lead, unless it does not exist or is invisible to the API user. */
export function visibleLead(service: CustomService, store: Store, leadId: number): Lead | undefined {
  const lead = store.leads.get(leadId)
  return lead && seesLead(service, store, lead) ? lead : undefined
}
