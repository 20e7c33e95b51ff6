import type { CsvRow } from '../../src/gazetteer/csv.ts'
import type { Spellings } from '../../src/gazetteer/spellings.ts'
import { numberKey } from '../../src/gazetteer/streetsKey.ts'
import type { Tables } from '../../src/gazetteer/tables.ts'
import { scaleAt } from '../../src/geo/flatEarth.ts'
import { fold } from '../../src/text/tokens.ts'
import { FormerGround } from './formerGround.ts'
import type { NamedPlace } from './streetsCores.ts'

import { type CommuneAt, type readMap, stepsOf } from './streetsOsm.ts'
import { groupBy } from './table.ts'

/** What a place that bears a commune's name says of where that commune lay; see `Witness`. */
const WEIGHTS: Record<NamedPlace['kind'], number> = { centre: 3, office: 2, address: 1 }
/** A stretch of a street that is named after a commune ("Tân Thới Nhất 13B"), and of one that a list has in one ward only. */
const NAMED_AFTER = 0.3
const LISTED = 0.03
const STEP_METRES = 30
/** A mapped address says as much as this many metres of street. */
const ADDRESS_METRES = 20
/** Smaller shares are noise. */
const LEAST_SHARE = 0.05

interface Found {
  readonly name: string
  readonly number: string
  readonly commune: string
  readonly metres: Map<string, number>
}

/**
 * The rows of osm/former-streets.csv and osm/former-grounds.csv: through which former communes the streets of a commune run, as far as places and
 * streets near by tell. Of a number (alley or house) only the likeliest is told.
 * @param wards the former communes that a list has for the key of a street.
 */
export function formerStreets(
  { ways, addresses }: ReturnType<typeof readMap>,
  places: readonly NamedPlace[],
  wards: ReadonlyMap<string, ReadonlySet<string>>,
  tables: Tables,
  communeAt: CommuneAt,
  spellings: Spellings,
): { runs: CsvRow[]; grounds: CsvRow[] } {
  const edges = tables.successions.filter((row) => row['former_code'] !== '')
  const sourcesOf = codesBy(edges, 'current_code', 'former_code')
  const ground = new FormerGround(codesBy(edges, 'former_code', 'current_code'))
  for (const { code, kind, lat, lon } of places) ground.add({ code, lat, lon, weight: WEIGHTS[kind] })

  const namedAfter = namesakes(tables, sourcesOf)
  const steps = ways.map(({ line }) =>
    [...stepsOf(line, STEP_METRES)].map((step) => ({ ...step, commune: communeAt(step.lat, step.lon) })),
  )
  ways.forEach(({ streets }, i) => {
    for (const { lat, lon, commune } of steps[i]!) {
      const sources = sourcesOf.get(commune) ?? []
      for (const { key } of streets) {
        const listed = sources.filter((code) => wards.get(key)?.has(code))
        const after = namedAfter(commune, key)
        if (after) ground.add({ code: after, lat, lon, weight: NAMED_AFTER })
        else if (listed.length === 1) ground.add({ code: listed[0]!, lat, lon, weight: LISTED })
      }
    }
  })

  const found = new Map<string, Found>()
  const add = (key: string, number: string, commune: string, at: Map<string, number>, metres: number) => {
    const id = `${key}|${numberKey(number)}|${commune}`
    const entry = found.get(id) ?? { name: spellings.best(key), number, commune, metres: new Map() }
    found.set(id, entry)
    for (const [code, share] of at) entry.metres.set(code, (entry.metres.get(code) ?? 0) + share * metres)
  }
  const grounds = new Grounds()
  ways.forEach(({ streets }, i) => {
    for (const { lat, lon, commune, metres } of steps[i]!) {
      const sources = sourcesOf.get(commune) ?? []
      if (sources.length === 1) grounds.add(sources[0]!, commune, { lat, lon, weight: metres })
      if (sources.length < 2) continue
      const at = ground.at(commune, lat, lon)
      for (const [code, share] of at)
        if (share >= LEAST_GROUND) grounds.add(code, commune, { lat, lon, weight: metres * share * share })
      for (const { key, number } of streets)
        for (const one of number ? ['', number] : ['']) add(key, one, commune, at, metres)
    }
  })
  for (const { street, number, lat, lon } of addresses) {
    const commune = communeAt(lat, lon)
    if ((sourcesOf.get(commune)?.length ?? 0) < 2) continue
    const at = ground.at(commune, lat, lon)
    for (const one of number ? ['', number] : ['']) add(street.key, one, commune, at, ADDRESS_METRES)
  }
  return { runs: [...found.values()].flatMap(rowsOf), grounds: grounds.rows() }
}

/** A point of a street belongs to the ground of a former commune from this share on. */
const LEAST_GROUND = 0.4
/** Metres of street; less of a former commune tells nothing of where it lay. */
const LEAST_OF_A_GROUND = 300

/** Where the streets of former communes lie within the present ones: middle and spread. */
class Grounds {
  private readonly sums = new Map<string, { weight: number; lat: number; lon: number; squares: number }>()

  add(former: string, commune: string, { lat, lon, weight }: { lat: number; lon: number; weight: number }) {
    const key = `${former},${commune}`
    const sum = this.sums.get(key) ?? { weight: 0, lat: 0, lon: 0, squares: 0 }
    this.sums.set(key, sum)
    const scale = scaleAt(lat)
    sum.weight += weight
    sum.lat += weight * lat
    sum.lon += weight * lon
    sum.squares += weight * ((lat * scale.y) ** 2 + (lon * scale.x) ** 2)
  }

  /** The rows of osm/former-grounds.csv. */
  rows(): CsvRow[] {
    return [...this.sums].flatMap(([key, sum]) => {
      if (sum.weight < LEAST_OF_A_GROUND) return []
      const [former, commune] = key.split(',') as [string, string]
      const [lat, lon] = [sum.lat / sum.weight, sum.lon / sum.weight]
      const scale = scaleAt(lat)
      const squares = sum.squares / sum.weight - ((lat * scale.y) ** 2 + (lon * scale.x) ** 2)
      return {
        former_code: former,
        commune_code: commune,
        lat: lat.toFixed(4),
        lon: lon.toFixed(4),
        spread_metres: String(Math.round(Math.sqrt(Math.max(0, squares)) * 1e6)),
      }
    })
  }
}

function rowsOf({ name, number, commune, metres }: Found): CsvRow[] {
  const sum = [...metres.values()].reduce((total, one) => total + one, 0)
  const shares = [...metres]
    .map(([code, one]) => ({ code, share: one / sum, metres: Math.round(one) }))
    .sort((a, b) => b.share - a.share || (a.code < b.code ? -1 : 1))
  return (number ? shares.slice(0, 1) : shares)
    .filter(({ share, metres }) => share >= LEAST_SHARE && metres > 0)
    .map(({ code, metres }) => ({
      name,
      number,
      commune_code: commune,
      former_code: code,
      metres: String(metres),
    }))
}

/** The former commune of a current one that a street is named after: "Thạnh Xuân 25", "TX 25". */
function namesakes(tables: Tables, sourcesOf: ReadonlyMap<string, readonly string[]>) {
  const names = new Map(tables['former-communes'].map((row) => [row['code']!, fold(row['name']!)]))
  const forms = new Map<string, Map<string, string>>()
  const formsOf = (commune: string) => {
    const known = forms.get(commune)
    if (known) return known
    const made = new Map<string, string>()
    for (const code of sourcesOf.get(commune) ?? []) {
      const name = names.get(code)!
      if (/\d/.test(name)) continue
      made.set(name, code)
      const initials = name.replace(/(\S)\S* ?/g, '$1')
      if (initials.length > 1 && !ROAD.test(initials)) made.set(initials, code)
    }
    forms.set(commune, made)
    return made
  }
  return (commune: string, key: string) => {
    const before = /^(\D+?) ?\d+[a-z]?$/.exec(key)?.[1]
    return before === undefined ? undefined : formsOf(commune).get(before)
  }
}
/** Initials that stand for a kind of road. */
const ROAD = /^(?:dt|ql|tl|hl|dh|lt)$/

function codesBy(edges: readonly CsvRow[], key: string, value: string): Map<string, string[]> {
  return new Map(
    [...groupBy([...edges], (row) => row[key]!)].map(([code, rows]) => [
      code,
      rows.map((row) => row[value]!),
    ]),
  )
}
