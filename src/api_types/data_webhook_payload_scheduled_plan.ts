import { Query } from "./query"

/** The kind of content that was scheduled. */
export enum DataWebhookPayloadScheduledPlanType {
  Look = "Look",
  Dashboard = "Dashboard",
}

/** The schedule, or the single send, that a run belongs to. */
export interface DataWebhookPayloadScheduledPlan {
  scheduled_plan_id: number | null
  title: string | null
  type: DataWebhookPayloadScheduledPlanType | null
  url: string | null
  query_id: number | null
  query: Query | null
  filters_differ_from_look: boolean
  /** The address of the result for a streaming action. It is good for one request within an hour. */
  download_url: string | null
  async_callback_url: string | null
}

/** No part of it can be written through Looker's API. */
export type RequestDataWebhookPayloadScheduledPlan = Record<string, never>
