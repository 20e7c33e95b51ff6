import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OSM_LICENCE, OSM_NOTICE } from './streetLayer/shippedHead.ts'
import { numberKey, streetKeys } from './streetsKey.ts'
import type { StreetTables } from './streetsTables.ts'

const FORMAT = 3
/** The built files: the second holds only what comes from OpenStreetMap, and says so. */
const FILES = { names: 'streets.json', osm: 'streets-osm.json' } as const
const MAGIC = 'vpostcode-streets'

/** Parallel lists, one entry a key; a cell with several values separates them by ";" (names) or a blank. */
export interface StreetNames {
  keys: string[]
  /** The spellings of the key, the most frequent first. */
  names: string[]
  /** Codes of former districts. */
  districts: string[]
  /** Codes of the former communes that a list has for a street or hamlet, by its key. */
  wards: Record<string, string>
}
export interface StreetRuns {
  keys: string[]
  names: string[]
  /** "code:metres:addresses" of each commune, most metres first. */
  communes: string[]
  /** "number:code:metres:addresses" of each number of the street in each commune, in the order of the numbers. */
  numbers: string[]
  /** "code:former:metres" of each current commune and former commune in it, by the key of the street. */
  formers: Record<string, string>
  /** "number:code:former" of each number of the street, in the order of the numbers. */
  formerNumbers: Record<string, string>
  /** The core of each split commune that has one, by its code. */
  cores: Record<string, string>
  /** Latitude, longitude and spread (metres) of a former commune within a current one, by "former current". */
  grounds: Record<string, readonly [number, number, number]>
}

/** Writes DIR/streets.json and DIR/streets-osm.json. */
export function writeStreets(dir: string, version: string, tables: StreetTables): void {
  const write = (file: string, head: object, columns: object) =>
    writeFileSync(
      join(dir, file),
      JSON.stringify({ magic: MAGIC, format: FORMAT, version, ...head, ...columns }),
    )
  write(FILES.names, {}, names(tables))
  write(FILES.osm, { attribution: `${OSM_NOTICE}, ${OSM_LICENCE}` }, runs(tables))
}

/** The bytes of both files, read at once so that a later build cannot mix with this one. Decoded by `decodeStreets`. */
export function readStreets(dir: string): { names: Buffer; osm: Buffer } {
  const read = (file: string) => {
    try {
      return readFileSync(join(dir, file))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw new Error(`the streets ${join(dir, file)} cannot be read (${code}): run "npm run build"`)
    }
  }
  return { names: read(FILES.names), osm: read(FILES.osm) }
}

/** Throws when a file is broken, of another format or of another build than `version`. */
export function decodeStreets<T extends StreetNames | StreetRuns>(bytes: Buffer, version: string): T {
  const found = JSON.parse(bytes.toString('utf8')) as T & { magic: string; format: number; version: string }
  if (found.magic !== MAGIC || found.format !== FORMAT || found.version !== version)
    throw new Error('the built streets are not of this gazetteer: run "npm run build"')
  return found
}

function names(tables: StreetTables): StreetNames {
  const byKey = new Map<string, { names: Map<string, number>; districts: string[] }>()
  for (const { former_district_code, names } of tables.streets)
    for (const name of names!.split(';')) {
      const key = streetKeys(name)[0]!
      const street = byKey.get(key) ?? { names: new Map<string, number>(), districts: [] }
      byKey.set(key, street)
      street.names.set(name, (street.names.get(name) ?? 0) + 1)
      street.districts.push(former_district_code!)
    }
  const usualFirst = (names: Map<string, number>) => [...names].sort(([, a], [, b]) => b - a)
  return {
    keys: [...byKey.keys()],
    names: [...byKey.values()].map((street) =>
      usualFirst(street.names)
        .map(([name]) => name)
        .join(';'),
    ),
    districts: [...byKey.values()].map((street) => street.districts.join(' ')),
    wards: wards(tables),
  }
}

function runs(tables: StreetTables): StreetRuns {
  const byKey = new Map<string, { name: string; communes: Run[]; numbers: Run[] }>()
  for (const { name, number, commune_code, metres, addresses } of tables['osm/streets']) {
    const key = streetKeys(name!)[0]!
    const street = byKey.get(key) ?? { name: name!, communes: [], numbers: [] }
    byKey.set(key, street)
    const text = `${commune_code}:${metres}:${addresses}`
    // addresses decide only between equal lengths
    const rank = Number(metres) + Number(addresses) / 1e6
    if (number) street.numbers.push({ text: `${numberKey(number)}:${text}`, rank })
    else street.communes.push({ text, rank })
  }
  const streets = [...byKey.values()]
  return {
    keys: [...byKey.keys()],
    names: streets.map(({ name }) => name),
    communes: streets.map(({ communes }) => joined(communes.sort((a, b) => b.rank - a.rank))),
    numbers: streets.map(({ numbers }) =>
      joined(
        numbers.sort((a, b) => Number.parseInt(a.text, 10) - Number.parseInt(b.text, 10) || b.rank - a.rank),
      ),
    ),
    ...formers(tables),
    cores: Object.fromEntries(
      tables['osm/split-communes'].map((row) => [row['former_code']!, row['core_commune_code']!]),
    ),
    grounds: Object.fromEntries(
      tables['osm/former-grounds'].map((row) => [
        `${row['former_code']} ${row['commune_code']}`,
        [Number(row['lat']), Number(row['lon']), Number(row['spread_metres'])] as const,
      ]),
    ),
  }
}

function wards(tables: StreetTables): Record<string, string> {
  const codes = new Map<string, string[]>()
  for (const { former_code, names } of tables['former-streets'])
    for (const name of names!.split(';')) append(codes, streetKeys(name)[0]!, former_code!)
  return cells(codes)
}

function formers(tables: StreetTables): Pick<StreetRuns, 'formers' | 'formerNumbers'> {
  const streets = new Map<string, string[]>()
  const numbers = new Map<string, string[]>()
  for (const { name, number, commune_code, former_code, metres } of tables['osm/former-streets']) {
    const key = streetKeys(name!)[0]!
    if (number) append(numbers, key, `${numberKey(number)}:${commune_code}:${former_code}`)
    else append(streets, key, `${commune_code}:${former_code}:${metres}`)
  }
  for (const list of numbers.values()) list.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  return { formers: cells(streets), formerNumbers: cells(numbers) }
}

function append(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}
const cells = (lists: Iterable<readonly [string, readonly string[]]>) =>
  Object.fromEntries([...lists].map(([key, list]) => [key, list.join(' ')]))

interface Run {
  readonly text: string
  readonly rank: number
}
const joined = (runs: readonly Run[]) => runs.map(({ text }) => text).join(' ')
