import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { listed, type Tables } from '../../src/gazetteer/tables.ts'
import { fold } from '../../src/text/tokens.ts'
import { splitType } from './names.ts'
import { groupBy, readCsv } from './table.ts'

/** The health station and the offices of a commune stand in it. */
const OF_A_COMMUNE = /(?:trạm y tế|ubnd|công an) +((?:phường|xã|thị trấn) +[^(]+)/i
const SETTLEMENT = /^(?:neighbourhood|suburb|quarter|village|town)$/
/** Metres: the border of two communes is not drawn better than this. */
const BORDER_METRES = 150

type Kind = 'centre' | 'office' | 'address'
interface Place {
  readonly name: string
  readonly kind: Kind
  readonly lat: number
  readonly lon: number
}
/** A mapped place that bears the name of a commune of before July 2025 in which it lies. Degrees WGS 84. */
export interface NamedPlace {
  /** Of June 2025. */
  readonly code: string
  readonly kind: Kind
  readonly lat: number
  readonly lon: number
}
/** Codes of the communes within `metres` of a point, nearest first. */
type CommunesWithin = (lat: number, lon: number, metres: number) => string[]

/** The mapped places named after a former commune that went, at least in part, to a commune near by. */
export function namedPlaces(tables: Tables, communesWithin: CommunesWithin): NamedPlace[] {
  const sources = groupBy(tables.successions, (row) => row['current_code']!)
  // a commune of 2018 that was merged into one of June 2025 tells of that
  const names = groupBy(
    [
      ...tables['former-communes'].map((row) => ({ name: fold(row['name']!), code: row['code']! })),
      ...tables['earlier-communes']
        .filter((row) => listed(row['successors']!).length === 1)
        .map((row) => ({ name: fold(row['name']!), code: row['successors']! })),
    ],
    ({ name }) => name,
  )
  return places().flatMap(({ name, kind, lat, lon }) => {
    const near = new Set(
      communesWithin(lat, lon, BORDER_METRES).flatMap((code) =>
        sources.get(code)!.map((row) => row['former_code']!),
      ),
    )
    const wanted = fold(splitType(name).name)
    const meant = new Set((names.get(wanted) ?? []).map(({ code }) => code).filter((code) => near.has(code)))
    const [code] = meant
    return meant.size === 1 ? [{ code: code!, kind, lat, lon }] : []
  })
}

/** The rows of osm/split-communes.csv: where the places lie that are named after a commune that was split. */
export function splitCores(
  tables: Tables,
  places: readonly NamedPlace[],
  communesWithin: CommunesWithin,
): CsvRow[] {
  const split = new Set(
    tables.successions.filter((row) => row['share'] === 'part').map((row) => row['former_code']!),
  )
  const sources = groupBy(tables.successions, (row) => row['current_code']!)
  const located = places.filter(({ code }) => split.has(code))
  return [...groupBy(located, ({ code }) => code)].flatMap(([code, spots]) => {
    const [core] = communesWithin(median(spots.map(({ lat }) => lat)), median(spots.map(({ lon }) => lon)), 0)
    const isPart = (sources.get(core ?? '') ?? []).some((row) => row['former_code'] === code)
    return isPart ? [{ former_code: code, core_commune_code: core!, places: String(spots.length) }] : []
  })
}

function places(): Place[] {
  const read = (file: string, kind: Kind, name: (row: CsvRow) => string | undefined): Place[] =>
    readCsv(`streets/${file}.csv`).flatMap((row) => {
      const text = name(row)
      return text ? [{ name: text, kind, lat: Number(row['lat']), lon: Number(row['lon']) }] : []
    })
  return [
    ...read('places_osm_hcmc2018', 'centre', (row) => (SETTLEMENT.test(row['place']!) ? row['name'] : '')),
    ...read('osm-addresses-hcmc-2018', 'address', (row) => row['ward']),
    ...read('osm-pois-hanoi', 'address', (row) => row['subdistrict']),
    ...read('osm-pois-hanoi', 'office', (row) => OF_A_COMMUNE.exec(row['name']!)?.[1]),
    ...read('osm-addresses-hcmc-2018', 'office', (row) => OF_A_COMMUNE.exec(row['name']!)?.[1]),
  ]
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
