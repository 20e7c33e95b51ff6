import { nameIndex } from '../gazetteer/names.ts'
import { once } from '../gazetteer/once.ts'
import type { CurrentCommune, District, Gazetteer, Province } from '../gazetteer/types.ts'
import { metresBetween } from '../geo/flatEarth.ts'

/** A point and the metres from it within which nine tenths of the unit lie; degrees WGS 84. */
export interface Extent {
  readonly lat: number
  readonly lon: number
  readonly accuracy: number
}

/** Of what a unit is made of: far reefs and the last islands do not count. */
const MOST_OF_IT = 0.9
/** Steps across the box of a commune, fine ones for islands; and the least points of that grid inside it that tell how it lies there. */
const GRIDS = [14, 32]
const LEAST = 20

/**
 * Metres from the inside point of a commune within which nine tenths of its area lie: a box would follow its islands out to
 * sea. Measured on a grid when it is first asked for.
 */
export const communeReach = (commune: CurrentCommune, gazetteer: Gazetteer): number =>
  reachesIn(gazetteer)(commune).metres

const reachesIn = once((gazetteer: Gazetteer) =>
  once((commune: CurrentCommune) => ({ metres: reachOf(commune, gazetteer) })),
)

function reachOf({ index, inside, bbox }: CurrentCommune, { boundaries }: Gazetteer): number {
  const [west, south, east, north] = bbox
  for (const steps of GRIDS) {
    const metres: number[] = []
    for (let row = 0; row < steps; row++)
      for (let column = 0; column < steps; column++) {
        const lat = south + ((row + 0.5) / steps) * (north - south)
        const lon = west + ((column + 0.5) / steps) * (east - west)
        if (boundaries.distanceTo(index, lat, lon, 0) === 0) metres.push(metresBetween(inside, { lat, lon }))
      }
    if (metres.length >= LEAST) return Math.round(mostOf(metres))
  }
  return radius(bbox, inside)
}

const mostOf = (metres: number[]): number =>
  metres.sort((a, b) => a - b)[Math.min(metres.length - 1, Math.floor(MOST_OF_IT * metres.length))]!

const extentsIn = once((gazetteer: Gazetteer) =>
  once((province: Province): Extent => extentOf(communesOf(province, gazetteer))),
)

/** The inside point of the commune in the middle of a current province, and how far nine tenths of its communes reach from there. */
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
  const accuracy = mostOf(communes.map(({ bbox }) => radius(bbox, inside)))
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
