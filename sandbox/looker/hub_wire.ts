/** The messages between Looker and a hub, in the wire's own names; see `docs/action-api.md`. */

export type TextInputs = Record<string, string>

export interface ActionParameter {
  name: string
  label: string
  required: boolean
  sensitive: boolean
  description?: string
}

export interface ActionDefinition {
  name: string
  label: string
  description?: string
  form_url: string | null
  url: string
  params: ActionParameter[]
  required_fields: unknown[]
  supported_action_types: string[]
  supported_formats?: string[]
  supported_formattings?: string[]
  supported_visualization_formattings?: string[]
  supported_download_settings: string[]
  uses_oauth: boolean
  delegate_oauth: boolean
  icon_data_uri: string | null
  token_url?: string
}

export interface ActionList {
  label: string
  integrations: ActionDefinition[]
}

export interface FormField {
  name: string
  label?: string
  description?: string
  type?: string
  default?: string
  required?: boolean
  options?: Array<{ name: string, label: string }>
}

/** A form contains either fields or an error. */
export interface ActionFormAnswer {
  fields?: FormField[]
  error?: unknown
  state?: unknown
}

export interface ExecuteAnswer {
  looker: {
    success: boolean
    message?: string
    refresh_query: boolean
    validation_errors: Record<string, string>
    state?: unknown
    error?: unknown
    webhookId?: string
  }
}

export interface HubAnswer<Body> {
  status: number
  /** Newlines that came before the document to keep the connection alive. */
  keepAliveNewlines: number
  /** The id that this call carried. */
  webhookId: string
  body: Body
}

export interface Attachment {
  /** `text/csv`, `application/json`, or with `;base64` at its end. */
  mimetype: string
  extension: string
  data: string
}

export interface ScheduledPlan {
  scheduled_plan_id: number | null
  title: string
  type: string
  url: string
  query_id: number
  query: Record<string, unknown>
  filters_differ_from_look: boolean
  download_url: string | null
  async_callback_url: string | null
}

export interface ExecuteOptions {
  /** `query` when absent. */
  type?: "query" | "cell" | "dashboard"
  /** The values that the administrator has filled in. */
  params?: TextInputs
  /** The values that the person who schedules has filled in. */
  formParams?: TextInputs
  /** The format chosen in Looker's form, which travels among `form_params`. */
  format?: string
  /** One-time URL of the result, for actions that stream. */
  downloadUrl?: string
  /** The result itself, for actions that do not. */
  attachment?: Attachment
  /** Overrides parts of the plan that is sent. */
  scheduledPlan?: Partial<ScheduledPlan>
}
