import {
  DataWebhookPayloadScheduledPlan,
  DataWebhookPayloadScheduledPlanType,
} from "../api_types/data_webhook_payload_scheduled_plan"
import { Query } from "../api_types/query"

/** The schedule, or the single send, that a request belongs to. */
export interface ActionScheduledPlan {
  scheduledPlanId?: number | null
  title?: string | null
  type?: DataWebhookPayloadScheduledPlanType | null
  url?: string | null
  queryId?: string | number | null
  query?: Query | null
  filtersDifferFromLook?: boolean
  /** The address of the result. It is good for one request within an hour. */
  downloadUrl?: string | null
  asyncCallbackUrl?: string | null
}

export function readScheduledPlan(sent: DataWebhookPayloadScheduledPlan): ActionScheduledPlan {
  return {
    scheduledPlanId: sent.scheduled_plan_id,
    title: sent.title,
    type: sent.type,
    url: sent.url,
    queryId: sent.query_id,
    query: sent.query,
    filtersDifferFromLook: sent.filters_differ_from_look,
    downloadUrl: sent.download_url,
    asyncCallbackUrl: sent.async_callback_url,
  }
}
