import type { LayerHead, StreetLayer, StreetLayers } from './types.ts'

/** What holds of every extract of OpenStreetMap. */
export const OSM_LICENCE = 'ODbL 1.0, opendatacommons.org/licenses/odbl/1-0'
export const OSM_NOTICE = '(c) OpenStreetMap contributors'

/** The file of the shipped layer, in the folder of the built gazetteer. */
export const SHIPPED_LAYER = 'streets-osm.layer'

/** What the shipped layer says of itself. An imported layer of its name takes its place. */
export const SHIPPED_HEAD: LayerHead = {
  name: 'osm-hcmc-hanoi',
  source: 'OpenStreetMap: Ho Chi Minh City and surroundings 2018, inner Ha Noi 2023-25',
  date: '2018 to 2025',
  licence: OSM_LICENCE,
  notice: OSM_NOTICE,
}

/** The layers whose names are in no list: by their source, for an imported one may bear the name of the shipped one. */
export const importedLayers = ({ layers }: StreetLayers): readonly StreetLayer[] =>
  layers.filter(({ head }) => head.source !== SHIPPED_HEAD.source)
