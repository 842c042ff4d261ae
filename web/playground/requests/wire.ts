/** What Looker and a hub say to each other, as far as the page shows it; see docs/action-api.md. */

export type Texts = Record<string, string>

/** A setting that an administrator makes for an action. */
export interface ActionParameter {
  name: string
  label: string
  required: boolean
  sensitive: boolean
  description?: string
  per_user?: boolean
  user_attribute_name?: string
}

export interface ActionDefinition {
  name: string
  label: string
  description?: string
  form_url: string | null
  params: ActionParameter[]
  required_fields?: { tag?: string, any_tag?: string[], all_tags?: string[] }[]
  supported_action_types: string[]
  /** Absent: all. */
  supported_formats?: string[]
  supported_formattings?: string[]
  supported_visualization_formattings?: string[]
  supported_download_settings: string[]
  uses_oauth: boolean
  delegate_oauth: boolean
  icon_data_uri: string | null
}

export interface FormField {
  name: string
  label?: string
  description?: string
  /** A line of text if absent. */
  type?: string
  default?: string
  required?: boolean
  /** The form is asked for anew when it changes. */
  interactive?: boolean
  options?: { name: string, label: string }[]
  /** Of a message. */
  value?: string
  /** Of a login. */
  oauth_url?: string
}

/** What Looker keeps for a person until the next request. */
export interface ActionState {
  data?: string
  refresh_time?: number
}

/** A form has fields, or an error in their place. */
export interface FormAnswer {
  fields?: FormField[]
  state?: ActionState
  error?: unknown
}

export interface LookerAnswer {
  success: boolean
  message?: string
  refresh_query?: boolean
  validation_errors?: Texts
  state?: ActionState
  error?: { http_code?: number, status_code?: string, message?: string }
  webhookId?: string
}

export const ACTION_TYPES = ["query", "cell", "dashboard"] as const
export type ActionType = typeof ACTION_TYPES[number]

/** Returns what is kept of an answer's state: without one nothing changes, and one without data clears it. */
export function keptState(kept: string | undefined, state: ActionState | null | undefined): string | undefined {
  return state === undefined || state === null ? kept : state.data
}
