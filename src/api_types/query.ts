/* eslint-disable @typescript-eslint/no-explicit-any -- Looker's API leaves the shape of these options open. */

/** A query as Looker's API describes it. */
export interface Query {
  can: { [key: string]: boolean }
  id: number
  model: string
  view: string
  fields: string[] | null
  pivots: string[] | null
  fill_fields: string[] | null
  filters: { [key: string]: string } | null
  filter_expression: string | null
  sorts: string[] | null
  limit: string | null
  column_limit: string | null
  total: boolean | null
  row_total: string | null
  subtotals: string[] | null
  vis_config: { [key: string]: any } | null
  filter_config: { [key: string]: any } | null
  visible_ui_sections: string | null
  slug: string
  dynamic_fields: string | null
  client_id: string | null
  share_url: string
  expanded_share_url: string
  url: string
  query_timezone: string | null
  has_table_calculations: boolean
}

/** The parts of a query that can be written through Looker's API. */
export interface RequestQuery {
  model?: string
  view?: string
  fields?: string[] | null
  pivots?: string[] | null
  fill_fields?: string[] | null
  filters?: { [key: string]: string } | null
  filter_expression?: string | null
  sorts?: string[] | null
  limit?: string | null
  column_limit?: string | null
  total?: boolean | null
  row_total?: string | null
  subtotals?: string[] | null
  vis_config?: { [key: string]: any } | null
  filter_config?: { [key: string]: any } | null
  visible_ui_sections?: string | null
  dynamic_fields?: string | null
  client_id?: string | null
  query_timezone?: string | null
}
