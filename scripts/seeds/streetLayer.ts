import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { writeLine } from '../../src/gazetteer/streetLayer/seedLine.ts'
import { readStreet } from '../../src/gazetteer/streetLayer/streetName.ts'
import { ADDRESSES, waysOfMap } from './streetsOsm.ts'
import { readCsv } from './table.ts'

/** The rows of osm/ways.csv: every named way that can have addresses, with its line. */
export const layerWays = (): CsvRow[] =>
  waysOfMap().map(({ properties, geometry }) => ({
    name: oneLine(properties.name),
    other_names: names(properties.alt_name),
    highway: properties.highway,
    line: writeLine(geometry.coordinates),
  }))

/** The rows of osm/houses.csv: every house number; the street only where what stands in its field says one. */
export function layerHouses(): CsvRow[] {
  const rows = new Map<string, CsvRow>()
  for (const row of ADDRESSES.flatMap((name) => readCsv(`streets/${name}.csv`))) {
    const number = oneLine(row['housenumber'] ?? '')
    // people leave anything in this field: "ks", "DT"
    if (!/\d/.test(number) || number.length > 40) continue
    const written = oneLine(row['street'] ?? '')
    const street = written.length <= 100 && readStreet(written, () => false) ? written : ''
    const house = { number, street, lat: row['lat']!, lon: row['lon']! }
    // an object stands in more than one of the sources
    rows.set(Object.values(house).join('|'), house)
  }
  return [...rows.values()]
}

/** The rows of osm/places.csv. */
export const layerPlaces = (): CsvRow[] =>
  readCsv('streets/places_osm_hcmc2018.csv').map(({ place, name, lat, lon }) => ({
    kind: place!,
    name: oneLine(name!),
    lat: lat!,
    lon: lon!,
  }))

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
const names = (text = '') => text.split(';').map(oneLine).filter(Boolean).join(';')
