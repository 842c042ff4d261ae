import { DataWebhookPayloadAttachment } from "./data_webhook_payload_attachment"
import { DataWebhookPayloadScheduledPlan } from "./data_webhook_payload_scheduled_plan"

/** The kind of data that a run got: one cell, a query's result, or a dashboard. */
export enum DataWebhookPayloadType {
  Cell = "cell",
  Query = "query",
  Dashboard = "dashboard",
}

/** The body that Looker posts to an action's execute and form addresses. */
export interface DataWebhookPayload {
  type: DataWebhookPayloadType | null
  scheduled_plan: DataWebhookPayloadScheduledPlan | null
  attachment: DataWebhookPayloadAttachment | null
  /** The action's settings, its per-user state, and for a cell its value. */
  data: { [key: string]: string } | null
  form_params: { [key: string]: string } | null
  /** Only for the token address of an OAuth action of version 2. */
  state: string | null
}

/** No part of it can be written through Looker's API. */
export type RequestDataWebhookPayload = Record<string, never>
