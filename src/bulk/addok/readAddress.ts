import type { Gazetteer } from '../../gazetteer/types.ts'
import { metresBetween } from '../../geo/flatEarth.ts'
import { communeOfFilters, type ReadPlace, readPlaces, type SearchFilters } from '../../locate/search.ts'
import type { PreparedRow, RowFields } from '../../pipeline/row.ts'
import { prepareRow } from '../../pipeline.ts'

type Point = { lat: number; lon: number }

/** What a geocoder makes of an address before it asks the registry. */
export interface ReadSearch extends Pick<PreparedRow, 'understanding' | 'rejected' | 'issues'> {
  /** Best first. */
  readonly found: readonly ReadPlace[]
}

/**
 * The readings of an address that pass the filters; `near` decides among those of an ambiguous one. Where none passes of a
 * text that is not sure, the filter is taken for a part of the address: "Lê Lợi" with the postcode of Bến Thành is the
 * street there, not a commune of that name.
 */
export function readAddress(
  fields: RowFields,
  filters: SearchFilters,
  near: Point | null,
  gazetteer: Gazetteer,
): ReadSearch {
  const first = read(fields, filters, near, gazetteer)
  const { found, understanding } = first
  if (found.length > 0 || (understanding && understanding.grade <= 'B')) return first
  const { citycode, postcode = understanding?.components.postcode } = filters
  const commune = communeOfFilters({ citycode, postcode }, gazetteer)
  if (!commune) return first
  const inside = { ...fields, commune: commune.fullName, province: commune.province.fullName }
  const second = read(inside, filters, near, gazetteer)
  return second.found.length > 0 ? second : first
}

function read(
  fields: RowFields,
  filters: SearchFilters,
  near: Point | null,
  gazetteer: Gazetteer,
): ReadSearch {
  // Each reading looks for its own.
  const prepared = prepareRow(fields, gazetteer, { door: false })
  const { understanding, rejected, issues } = prepared
  const found = readPlaces(prepared, gazetteer, filters)
  return {
    found: near && understanding?.grade === 'C' ? nearestFirst(found, near) : found,
    understanding,
    rejected,
    issues,
  }
}

/** Metres at which being near counts half. */
const NEAR = 20_000

/** Candidates with their confidence weighed by the distance. */
function nearestFirst(found: readonly ReadPlace[], near: Point): ReadPlace[] {
  const weight = ({ place }: ReadPlace) => place.score / (1 + metresBetween(near, place) / NEAR)
  return [...found].sort((a, b) => weight(b) - weight(a))
}
