import { nameIndex } from '../gazetteer/names.ts'
import { once } from '../gazetteer/once.ts'
import type { CurrentCommune, District, Gazetteer, Province } from '../gazetteer/types.ts'

/** A point and the metres from it within which everything of the unit lies; degrees WGS 84. */
export interface Extent {
  readonly lat: number
  readonly lon: number
  readonly accuracy: number
}

/** Metres from the inside point of a commune to the corner of its box: no house of it lies farther. */
export const communeRadius = ({ bbox, inside }: CurrentCommune): number => radius(bbox, inside)

const extentsIn = once((gazetteer: Gazetteer) =>
  once((province: Province): Extent => extentOf(communesOf(province, gazetteer))),
)

/** The inside point of the commune in the middle of a current province, and how far the province reaches from there. */
export const provinceExtent = (province: Province, gazetteer: Gazetteer): Extent =>
  extentsIn(gazetteer)(province)

const districtExtentsIn = once((gazetteer: Gazetteer) =>
  once((district: District): Extent & { province: Province } => {
    const communes = nameIndex(gazetteer)
      .communesOf(district)
      .map(({ commune }) => commune)
    return { ...extentOf(communes), province: communes[0]!.province }
  }),
)

/** The same for the communes of today in what was a district, with their province. */
export const districtExtent = (district: District, gazetteer: Gazetteer): Extent & { province: Province } =>
  districtExtentsIn(gazetteer)(district)

const communesOf = (province: Province, { communes }: Gazetteer): CurrentCommune[] =>
  communes.filter((commune) => commune.province === province)

function extentOf(communes: readonly CurrentCommune[]): Extent {
  const lat = median(communes.map(({ inside }) => inside.lat))
  const lon = median(communes.map(({ inside }) => inside.lon))
  const from = ({ inside }: CurrentCommune) => Math.hypot(inside.lat - lat, inside.lon - lon)
  const { inside } = communes.reduce((best, commune) => (from(commune) < from(best) ? commune : best))
  const accuracy = Math.max(...communes.map(({ bbox }) => radius(bbox, inside)))
  return { lat: inside.lat, lon: inside.lon, accuracy }
}

// The mean would follow an archipelago out to sea.
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Metres from a point to the farthest corner of a box. */
function radius(
  [west, south, east, north]: CurrentCommune['bbox'],
  { lat, lon }: { lat: number; lon: number },
): number {
  const northing = Math.max(north - lat, lat - south) * 111_000
  const easting = Math.max(east - lon, lon - west) * 111_000 * Math.cos((lat * Math.PI) / 180)
  return Math.round(Math.hypot(northing, easting))
}
