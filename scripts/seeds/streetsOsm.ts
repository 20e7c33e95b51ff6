import type { CsvRow } from '../../src/gazetteer/csv.ts'
import type { Spellings } from '../../src/gazetteer/spellings.ts'
import { BRIDGE, NO_ADDRESSES_THERE } from '../../src/gazetteer/streetLayer/collect.ts'
import { readStreet, type WrittenStreet } from '../../src/gazetteer/streetLayer/streetName.ts'
import { numberKey } from '../../src/gazetteer/streetsKey.ts'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import { readCsv, readJson } from './table.ts'

const WAYS = ['streets_osm_hcmc2018_1', 'streets_osm_hcmc2018_2', 'streets_osm_hanoi_inner']
export const ADDRESSES = ['osm-addresses-hcmc-2018', 'osm-addresses-hanoi', 'osm-pois-hanoi']
const STEP_METRES = 10
/** Shorter ends in a commune are the noise of borders. */
const LEAST_METRES = 5

type Way = {
  properties: { name: string; alt_name?: string; highway: string }
  geometry: { coordinates: [lon: number, lat: number][] }
}
/** Code of the commune that holds a point, '' outside the country. */
export type CommuneAt = (lat: number, lon: number) => string
interface Presence {
  street: WrittenStreet
  commune: string
  metres: number
  addresses: number
}

/** A way of the map with the streets that its names say. */
export interface NamedWay {
  readonly streets: readonly WrittenStreet[]
  readonly line: readonly [lon: number, lat: number][]
}
/** A mapped address; `number` is of its alley or its house, '' when it has none. Degrees WGS 84. */
export interface StreetAddress {
  readonly street: WrittenStreet
  readonly number: string
  readonly lat: number
  readonly lon: number
}

/** Everything on the map that names a street. */
export function readMap(nationwide: Spellings): { ways: NamedWay[]; addresses: StreetAddress[] } {
  const isKnown = (key: string) => nationwide.has(key)
  const mapped = new Set<string>()
  let unnamed = 0
  const ways = waysOfMap().map(({ properties, geometry }) => {
    const names = [properties.name, ...(properties.alt_name?.split(';') ?? [])]
    const streets = new Map<string, WrittenStreet>()
    for (const name of names) {
      const street = readStreet(name, isKnown)
      if (street && !(BRIDGE.test(name) && !isKnown(street.key)))
        streets.set(`${street.key}|${street.number}`, street)
    }
    if (streets.size === 0) unnamed++
    for (const { key } of streets.values()) mapped.add(key)
    return { streets: [...streets.values()], line: geometry.coordinates }
  })
  let strange = 0
  const addresses = ADDRESSES.flatMap((name) => readCsv(`streets/${name}.csv`)).flatMap((row) => {
    if (row['street'] === '') return []
    const street = readStreet(row['street']!, isKnown)
    // "a", "1A Hai Ba Trung": people leave anything in this field
    if (!street || !(mapped.has(street.key) || isKnown(street.key))) {
      strange++
      return []
    }
    const number =
      street.number || (/^\d+[A-Z]?(?=$|[^A-Z\d])/.exec(row['housenumber']!.toUpperCase())?.[0] ?? '')
    return [{ street, number, lat: Number(row['lat']), lon: Number(row['lon']) }]
  })
  console.log(`osm streets: ${unnamed} ways and ${strange} addresses name no street`)
  return { ways, addresses }
}

/** The rows of osm/streets.csv: how far each street runs in each commune and how many addresses it has there. */
export function osmStreets(
  { ways, addresses }: ReturnType<typeof readMap>,
  communeAt: CommuneAt,
  spellings: Spellings,
): CsvRow[] {
  const found = new Map<string, Presence>()
  const at = (street: WrittenStreet, number: string, commune: string): Presence => {
    const key = `${street.key}|${numberKey(number)}|${commune}`
    const presence = found.get(key) ?? { street: { ...street, number }, commune, metres: 0, addresses: 0 }
    found.set(key, presence)
    return presence
  }
  // what runs along or stands in an alley belongs to its street too
  const places = (street: WrittenStreet, commune: string) =>
    (street.number ? ['', street.number] : ['']).map((number) => at(street, number, commune))

  for (const { streets, line } of ways) {
    const runs = metresByCommune(line, communeAt)
    for (const street of streets) {
      spellings.add(street.key, street.name)
      for (const [commune, metres] of runs)
        for (const place of places(street, commune)) place.metres += metres
    }
  }
  for (const { street, number, lat, lon } of addresses) {
    const commune = communeAt(lat, lon)
    if (!commune) continue
    spellings.add(street.key, street.name)
    for (const place of places({ ...street, number }, commune)) place.addresses++
  }

  return [...found.values()]
    .filter(({ metres, addresses }) => metres >= LEAST_METRES || addresses > 0)
    .map(({ street, commune, metres, addresses }) => ({
      name: spellings.best(street.key),
      number: street.number,
      commune_code: commune,
      metres: String(Math.round(metres)),
      addresses: String(addresses),
    }))
}

export function waysOfMap(): Way[] {
  return WAYS.flatMap((name) => readJson<{ features: Way[] }>(`streets/${name}.geojson`).features).filter(
    ({ properties }) => !NO_ADDRESSES_THERE.test(properties.highway),
  )
}

/** The middles of the equal steps, of about `metres` each, that a line is made of. */
export function* stepsOf(
  line: readonly [lon: number, lat: number][],
  metres: number,
): Generator<{ lat: number; lon: number; metres: number }> {
  for (let i = 1; i < line.length; i++) {
    const [[fromLon, fromLat], [toLon, toLat]] = [line[i - 1]!, line[i]!]
    const scale = scaleAt(fromLat)
    const length = Math.hypot((toLon - fromLon) * scale.x, (toLat - fromLat) * scale.y) * 1e6
    const steps = Math.ceil(length / metres)
    for (let step = 0; step < steps; step++) {
      const part = (step + 0.5) / steps
      yield {
        lat: fromLat + (toLat - fromLat) * part,
        lon: fromLon + (toLon - fromLon) * part,
        metres: length / steps,
      }
    }
  }
}

/** Metres of a line inside each commune, measured in steps of about ten metres. */
function metresByCommune(line: NamedWay['line'], communeAt: CommuneAt): Map<string, number> {
  const runs = new Map<string, number>()
  for (const { lat, lon, metres } of stepsOf(line, STEP_METRES)) {
    const commune = communeAt(lat, lon)
    if (commune) runs.set(commune, (runs.get(commune) ?? 0) + metres)
  }
  return runs
}
