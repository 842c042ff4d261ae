import { IntegrationParam, RequestIntegrationParam } from "./integration_param"
import { IntegrationRequiredField } from "./integration_required_field"

/** The kinds of data that an action can receive. */
export enum IntegrationSupportedActionTypes {
  Cell = "cell",
  Query = "query",
  Dashboard = "dashboard",
}

/** The way an action gets its data: pushed with the request, or fetched from a URL. */
export enum IntegrationSupportedDownloadSettings {
  Push = "push",
  Url = "url",
}

/** The documents that Looker can make of a result. */
export enum IntegrationSupportedFormats {
  Txt = "txt",
  Csv = "csv",
  InlineJson = "inline_json",
  Json = "json",
  JsonLabel = "json_label",
  JsonDetail = "json_detail",
  JsonDetailLiteStream = "json_detail_lite_stream",
  Xlsx = "xlsx",
  Html = "html",
  WysiwygPdf = "wysiwyg_pdf",
  AssembledPdf = "assembled_pdf",
  WysiwygPng = "wysiwyg_png",
  CsvZip = "csv_zip",
}

/** The form of values: rendered for people, or unformatted. */
export enum IntegrationSupportedFormattings {
  Formatted = "formatted",
  Unformatted = "unformatted",
}

/** The visualization's options, applied to the result or not. */
export enum IntegrationSupportedVisualizationFormattings {
  Apply = "apply",
  Noapply = "noapply",
}

/** An action as Looker stores it after reading a hub's list. */
export interface Integration {
  can: { [key: string]: boolean }
  id: string
  integration_hub_id: number
  label: string
  description: string | null
  enabled: boolean
  params: IntegrationParam[]
  supported_formats: IntegrationSupportedFormats[]
  supported_action_types: IntegrationSupportedActionTypes[]
  supported_formattings: IntegrationSupportedFormattings[]
  supported_visualization_formattings: IntegrationSupportedVisualizationFormattings[]
  supported_download_settings: IntegrationSupportedDownloadSettings[]
  icon_url: string | null
  uses_oauth: boolean | null
  required_fields: IntegrationRequiredField[]
  delegate_oauth: boolean | null
  installed_delegate_oauth_targets: number[]
}

/** The parts of an action that can be written through Looker's API. */
export interface RequestIntegration {
  enabled?: boolean
  params?: RequestIntegrationParam[]
  installed_delegate_oauth_targets?: number[]
}
