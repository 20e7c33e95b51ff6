import type { LayerSink } from '../streetLayer/types.ts'
import type { Tags } from './block.ts'

/** The classes of ways that an address can be in. Others are being built (construction, proposed) or no way (platform, corridor). */
const HIGHWAYS = new Set(
  'motorway motorway_link trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link unclassified residential living_street pedestrian service track road busway footway path cycleway bridleway steps'.split(
    ' ',
  ),
)
/** Kinds of places below the commune. City, town and suburb are units, which the gazetteer has; nobody lives at a locality. */
const PLACES = new Set(['village', 'hamlet', 'isolated_dwelling', 'neighbourhood', 'quarter', 'allotments'])
/** What a way may be called, the first that is there is its name. */
const NAMES = ['name', 'name:vi', 'official_name', 'alt_name', 'loc_name', 'short_name', 'old_name']
/** A letter more than OpenStreetMap's own bound of a value: what is longer is counted as broken by who takes it. */
const MOST_TEXT = 256

/** The keys of all tags that are read. */
export const KEYS: ReadonlySet<string> = new Set([
  ...NAMES,
  'highway',
  'place',
  'addr:housenumber',
  'addr:street',
])

/** What an object of the map is to us; a building can be a named place and have a house number. */
export interface Meaning {
  readonly way: { name: string; otherNames: string[]; highway: string } | null
  readonly house: { number: string; street: string | null } | null
  readonly place: { kind: string; name: string } | null
}

/** Reads the tags of a line or area (`isLine`) or of a point; null when they mean nothing to us. */
export function meaningOf(tags: Tags, isLine: boolean): Meaning | null {
  const highway = isLine ? tags.get('highway') : undefined
  const kind = tags.get('place')
  const number = textOf(tags, 'addr:housenumber')
  const names = HIGHWAYS.has(highway ?? '') || PLACES.has(kind ?? '') ? namesOf(tags) : []
  const [name, ...otherNames] = names
  const meaning = {
    way: name && highway && HIGHWAYS.has(highway) ? { name, otherNames, highway } : null,
    house: number ? { number, street: textOf(tags, 'addr:street') } : null,
    place: name && kind && PLACES.has(kind) ? { kind, name } : null,
  }
  return meaning.way || meaning.house || meaning.place ? meaning : null
}

function namesOf(tags: Tags): string[] {
  const names = new Set<string>()
  for (const key of NAMES)
    for (const name of textOf(tags, key)?.split(';') ?? []) if (name.trim()) names.add(name.trim())
  return [...names]
}

function textOf(tags: Tags, key: string): string | null {
  const value = tags
    .get(key)
    ?.slice(0, 2 * MOST_TEXT)
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return value ? value.slice(0, MOST_TEXT) : null
}

/**
 * Gives an object of one or more pieces to the layer, each latitude, longitude, latitude, longitude ... in degrees WGS 84.
 * House and place of a line or area are the middle of the box around it.
 */
export function put(
  sink: LayerSink,
  id: string,
  { way, house, place }: Meaning,
  pieces: readonly number[][],
): void {
  if (way)
    for (const [at, points] of pieces.entries())
      if (points.length > 2) sink.way({ id: at === 0 ? id : `${id}-${at + 1}`, ...way, points })
  if (pieces.length === 0 || !(house || place)) return
  const [lat, lon] = middle(pieces)
  if (house) sink.house({ id, ...house, lat, lon })
  if (place) sink.place({ id, ...place, lat, lon })
}

function middle(pieces: readonly number[][]): [lat: number, lon: number] {
  let [south, west, north, east] = [90, 180, -90, -180]
  for (const points of pieces)
    for (let i = 0; i < points.length; i += 2) {
      south = Math.min(south, points[i]!)
      north = Math.max(north, points[i]!)
      west = Math.min(west, points[i + 1]!)
      east = Math.max(east, points[i + 1]!)
    }
  return [(south + north) / 2, (west + east) / 2]
}
