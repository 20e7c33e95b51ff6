import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import type { Gazetteer } from '../../src/gazetteer/types.ts'
import { metresBetween } from '../../src/geo/flatEarth.ts'
import { type FoundDoor, NOTHING_KNOWN } from '../../src/locate/door/findDoor.ts'
import { locateAddress } from '../../src/locate/door/locateAddress.ts'
import { leading, turnsOf, wayOf } from '../../src/locate/door/way.ts'
import type { KnownDoor } from '../../src/locate/knownHouseholds.ts'
import type { Understanding } from '../../src/match/types.ts'
import { understandText } from '../../src/match/understand.ts'
import { readCsv } from './context.ts'

/** An address whose true place is known, with what the engine makes of it. Degrees WGS 84. */
export interface LocatedRow {
  /** Row of its file, from 1. */
  readonly row: number
  readonly region: 'TP. Hồ Chí Minh' | 'Hà Nội' | 'Đà Nẵng' | 'elsewhere'
  readonly text: string
  readonly lat: number
  readonly lon: number
  readonly read: Understanding
  readonly door: FoundDoor
  /** From the answered to the true place. */
  readonly metres: number
}

/** The clean rows of hcmc-points.csv, as they are written: in former units. */
export function pointRows(gazetteer: Gazetteer): LocatedRow[] {
  return readCsv('hcmc-points.csv').flatMap((row, at) => {
    if (row['clean'] !== '1') return []
    const text = `${row['housenumber']} ${row['street']}, ${row['ward']}, ${row['district']}, TP. Hồ Chí Minh`
    return locatedRow({ row: at + 1, text, ...pointOf(row), province: '79' }, gazetteer)
  })
}

/** All rows of old-new-pairs.csv in the structure before July 2025: places anywhere in the country. */
export function pairRows(gazetteer: Gazetteer): LocatedRow[] {
  return readCsv('old-new-pairs.csv').flatMap((row, at) =>
    locatedRow(
      {
        row: at + 1,
        text: row['old_address']!,
        ...pointOf(row),
        province: row['new_province_code']!,
      },
      gazetteer,
    ),
  )
}

const pointOf = (row: Readonly<Record<string, string>>) => ({
  lat: Number(row['lat']),
  lon: Number(row['lon']),
})

const REGIONS: Record<string, LocatedRow['region']> = {
  '79': 'TP. Hồ Chí Minh',
  '01': 'Hà Nội',
  '48': 'Đà Nẵng',
}

/** Nothing for a text that names no commune: it has no point. */
function locatedRow(
  { province, ...row }: Pick<LocatedRow, 'row' | 'text' | 'lat' | 'lon'> & { readonly province: string },
  gazetteer: Gazetteer,
): LocatedRow[] {
  const read = understandText(row.text, gazetteer)
  const door = doorOf(read, gazetteer)
  if (!door) return []
  return [{ ...row, region: REGIONS[province] ?? 'elsewhere', read, door, metres: metresBetween(door, row) }]
}

function doorOf(read: Understanding, gazetteer: Gazetteer, doors: readonly KnownDoor[] = []) {
  const commune = gazetteer.commune(read.current?.commune?.code ?? '')
  const known = { ...NOTHING_KNOWN, doors }
  return commune ? locateAddress(read.components, commune, read.former, gazetteer, known) : null
}

/** The same rows once more, those of `registered` being households of the registry. */
export function amongRegistered(
  rows: readonly LocatedRow[],
  registered: readonly LocatedRow[],
  gazetteer: Gazetteer,
): LocatedRow[] {
  const streets = new Map<string, KnownDoor[]>()
  for (const { row, read, lat, lon } of registered) {
    const key = streetOf(read)
    const way = wayOf(read.components)
    if (!key || !way) continue
    const door: KnownDoor = {
      id: String(row),
      door: turnsOf(way).map((turn) => turn.toLowerCase()),
      formerCommuneCode: null,
      point: { lat, lon, accuracy: 10, source: 'given' },
      access: null,
    }
    const list = streets.get(key)
    if (list) list.push(door)
    else streets.set(key, [door])
  }
  return rows.map((row) => {
    const way = wayOf(row.read.components)
    const near = way ? neighbours(streets.get(streetOf(row.read)) ?? [], way.first) : []
    const door = doorOf(row.read, gazetteer, near)!
    return { ...row, door, metres: metresBetween(door, row) }
  })
}

function streetOf({ components, current }: Understanding): string {
  return components.street && current?.commune
    ? `${current.commune.code} ${streetKeys(components.street)[0]}`
    : ''
}

/** Of each kind, as a search asks the registry (KnownPlaces.onStreet). */
const EACH = 3

function neighbours(doors: readonly KnownDoor[], number: number): KnownDoor[] {
  const numbered = doors.map((door) => ({ door, at: leading(door.door[0]!) }))
  const nearest = (list: typeof numbered) =>
    list.sort((a, b) => Math.abs(a.at - number) - Math.abs(b.at - number)).slice(0, EACH)
  return [
    ...numbered.filter(({ at }) => at === number).slice(0, EACH),
    ...[0, 1].flatMap((parity) => {
      const side = numbered.filter(({ at }) => at % 2 === parity)
      return [
        ...nearest(side.filter(({ at }) => at < number)),
        ...nearest(side.filter(({ at }) => at > number)),
      ]
    }),
  ].map(({ door }) => door)
}
