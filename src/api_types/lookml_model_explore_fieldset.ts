import { LookmlModelExploreField } from "./lookml_model_explore_field"

/** The fields of an explore or a result, by kind. */
export interface LookmlModelExploreFieldset {
  dimensions: LookmlModelExploreField[] | null
  measures: LookmlModelExploreField[] | null
  filters: LookmlModelExploreField[] | null
  parameters: LookmlModelExploreField[] | null
}

/** No part of it can be written through Looker's API. */
export type RequestLookmlModelExploreFieldset = Record<string, never>
