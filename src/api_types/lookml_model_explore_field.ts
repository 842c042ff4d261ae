import { LookmlModelExploreFieldEnumeration } from "./lookml_model_explore_field_enumeration"
import { LookmlModelExploreFieldMapLayer } from "./lookml_model_explore_field_map_layer"
import { LookmlModelExploreFieldMeasureFilters } from "./lookml_model_explore_field_measure_filters"
import { LookmlModelExploreFieldSqlCase } from "./lookml_model_explore_field_sql_case"
import { LookmlModelExploreFieldTimeInterval } from "./lookml_model_explore_field_time_interval"

/** The alignment of a field's values in their column. */
export enum LookmlModelExploreFieldAlign {
  Left = "left",
  Right = "right",
}

/** The category of a field. */
export enum LookmlModelExploreFieldCategory {
  Parameter = "parameter",
  Filter = "filter",
  Measure = "measure",
  Dimension = "dimension",
}

/** The ways to fill the gaps between a field's values. */
export enum LookmlModelExploreFieldFillStyle {
  Enumeration = "enumeration",
  Range = "range",
}

/** The types of user attributes that can filter a field. */
export enum LookmlModelExploreFieldUserAttributeFilterTypes {
  AdvancedFilterString = "advanced_filter_string",
  AdvancedFilterNumber = "advanced_filter_number",
  AdvancedFilterDatetime = "advanced_filter_datetime",
  String = "string",
  Number = "number",
  Datetime = "datetime",
  RelativeUrl = "relative_url",
  Yesno = "yesno",
  Zipcode = "zipcode",
}

/** The day that weeks begin on. */
export enum LookmlModelExploreFieldWeekStartDay {
  Monday = "monday",
  Tuesday = "tuesday",
  Wednesday = "wednesday",
  Thursday = "thursday",
  Friday = "friday",
  Saturday = "saturday",
  Sunday = "sunday",
}

/** A LookML field as Looker's API describes it. Results carry parts of it: see `Hub.Field`. */
export interface LookmlModelExploreField {
  align: LookmlModelExploreFieldAlign
  can_filter: boolean
  category: LookmlModelExploreFieldCategory | null
  default_filter_value: string | null
  description: string | null
  enumerations: LookmlModelExploreFieldEnumeration[] | null
  error: string | null
  field_group_label: string | null
  field_group_variant: string | null
  fill_style: LookmlModelExploreFieldFillStyle | null
  fiscal_month_offset: number
  has_allowed_values: boolean
  hidden: boolean
  is_filter: boolean
  is_fiscal: boolean
  is_numeric: boolean
  is_timeframe: boolean
  is_turtle: boolean
  can_turtle: boolean
  turtle_dimension: string | null
  can_time_filter: boolean
  time_interval: LookmlModelExploreFieldTimeInterval | null
  label: string
  label_from_parameter: string | null
  label_short: string
  lookml_link: string | null
  map_layer: LookmlModelExploreFieldMapLayer | null
  measure: boolean
  name: string
  strict_value_format: boolean
  parameter: boolean
  permanent: boolean | null
  primary_key: boolean
  project_name: string | null
  requires_refresh_on_sort: boolean
  scope: string
  sortable: boolean
  source_file: string
  source_file_path: string
  sql: string | null
  sql_case: LookmlModelExploreFieldSqlCase[] | null
  filters: LookmlModelExploreFieldMeasureFilters[] | null
  suggest_dimension: string
  suggest_explore: string
  suggestable: boolean
  suggestions: string[] | null
  tags: string[]
  type: string
  user_attribute_filter_types: LookmlModelExploreFieldUserAttributeFilterTypes[]
  value_format: string | null
  view: string
  view_label: string
  dynamic: boolean
  week_start_day: LookmlModelExploreFieldWeekStartDay
}

/** No part of it can be written through Looker's API. */
export type RequestLookmlModelExploreField = Record<string, never>
