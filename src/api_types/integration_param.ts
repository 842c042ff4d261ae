/** One setting of an action as Looker stores it. */
export interface IntegrationParam {
  name: string
  label: string
  description: string
  required: boolean
  has_value: boolean
  value: string | null
  user_attribute_name: string | null
  sensitive: boolean
  per_user: boolean
  delegate_oauth_url: string | null
}

/** The parts of a setting that can be written through Looker's API. */
export interface RequestIntegrationParam {
  name?: string
  value?: string | null
  user_attribute_name?: string | null
}
