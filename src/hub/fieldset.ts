import { LookmlModelExploreField } from "../api_types/lookml_model_explore_field"
import { LookmlModelExploreFieldset } from "../api_types/lookml_model_explore_fieldset"

/** A field of a result. Only its name is certain; even `tags` may be missing. */
export type Field = Partial<LookmlModelExploreField> & { name: string }

/** The fields of a result, by kind. */
export interface Fieldset extends LookmlModelExploreFieldset {
  table_calculations: Field[] | null
}

/**
 * Returns all fields of a result in one list: dimensions, measures, filters, parameters, table calculations. Kinds that
 * are absent or null are skipped.
 */
export function allFields(fields: Fieldset): Field[] {
  const kinds = [fields.dimensions, fields.measures, fields.filters, fields.parameters, fields.table_calculations]
  return ([] as Field[]).concat(...kinds.map((kind: Field[] | null | undefined) => kind ?? []))
}
