import { metresBetween, scaleAt } from '../geo/flatEarth.ts'
import type { PointSource } from './types.ts'

interface LatLon {
  lat: number
  lon: number
}

const RANK: Record<PointSource, number> = { surveyed: 0, given: 1, mapped: 2, derived: 3 }

/** 0 is best: surveyed > given > mapped > derived. */
export const rank = (source: PointSource) => RANK[source]

/** Does a point of this source come before or beside one of the other? surveyed > given > mapped > derived. */
export const atLeastAsGood = (source: PointSource, other: PointSource) => RANK[source] <= RANK[other]

interface Spot extends LatLon {
  source?: PointSource
}

/**
 * Both points are known and more than `metres` apart. A point that the map has of a house number says nothing against another
 * one: the map may have the number in the wrong place.
 */
export const farApart = (a: Spot | null, b: Spot | null, metres: number) =>
  a !== null && b !== null && a.source !== 'mapped' && b.source !== 'mapped' && metresBetween(a, b) > metres

/** The box around a point that holds everything within `metres`. */
export function boxAround({ lat, lon }: LatLon, metres: number) {
  const scale = scaleAt(lat)
  const dLat = metres / scale.y / 1e6
  const dLon = metres / scale.x / 1e6
  return { south: lat - dLat, west: lon - dLon, north: lat + dLat, east: lon + dLon }
}
