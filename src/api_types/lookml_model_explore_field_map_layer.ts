/** The kind of file a map layer is drawn from. */
export enum LookmlModelExploreFieldMapLayerFormat {
  Topojson = "topojson",
  VectorTileRegion = "vector_tile_region",
}

/** The map that a field's values are drawn on. */
export interface LookmlModelExploreFieldMapLayer {
  url: string
  name: string
  feature_key: string | null
  property_key: string | null
  property_label_key: string | null
  projection: string | null
  format: LookmlModelExploreFieldMapLayerFormat
  extents_json_url: string | null
  max_zoom_level: number | null
  min_zoom_level: number | null
}

/** No part of it can be written through Looker's API. */
export type RequestLookmlModelExploreFieldMapLayer = Record<string, never>
