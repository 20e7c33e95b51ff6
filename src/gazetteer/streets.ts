import { decodeStreets, readStreets, type StreetNames, type StreetRuns } from './streetsFile.ts'
import { numberKey, streetKeys } from './streetsKey.ts'
import type { CurrentCommune, District, Gazetteer, StreetInCommune } from './types.ts'

type StreetLookups = Pick<
  Gazetteer,
  'streetNames' | 'communesOfStreet' | 'nearestNumber' | 'districtsOfStreet' | 'coreOf'
>

const NOWHERE: readonly never[] = Object.freeze([])

/** The streets in the folder of the built gazetteer: read at once, decoded when first asked for. */
export function loadStreets(
  dir: string,
  version: string,
  communeByCode: ReadonlyMap<string, CurrentCommune>,
  districtByCode: ReadonlyMap<string, District>,
): StreetLookups {
  const bytes = readStreets(dir)
  const names = once(() => indexed(decodeStreets<StreetNames>(bytes.names, version)))
  const osm = once(() => indexed(decodeStreets<StreetRuns>(bytes.osm, version)))
  const allNames = once(() =>
    Object.freeze([...new Set([...names().names.flatMap((name) => name.split(';')), ...osm().names])]),
  )
  const inCommune = ([code, metres, addresses]: string[]): StreetInCommune => ({
    commune: communeByCode.get(code!)!,
    metres: Number(metres),
    addresses: Number(addresses),
  })
  const osmRow = (name: string) => first(streetKeys(name), (key) => osm().rowOf.get(key))
  const numbersOf = (row: number) => listed(osm().numbers[row]!)
  return {
    get streetNames() {
      return allNames()
    },
    communesOfStreet(name, number) {
      const { communes } = osm()
      const row = osmRow(name)
      if (row === undefined) return NOWHERE
      if (number === undefined) return listed(communes[row]!).map((cells) => inCommune(cells))
      const wanted = numberKey(number)
      return numbersOf(row)
        .filter(([at]) => at === wanted)
        .map(([, ...cells]) => inCommune(cells))
    },
    nearestNumber(name, number, among) {
      const row = osmRow(name)
      const wanted = leading(numberKey(number))
      if (row === undefined || Number.isNaN(wanted)) return null
      let best: { number: number; commune: CurrentCommune } | null = null
      for (const [at, code] of numbersOf(row)) {
        const found = leading(at!)
        if (found % 2 !== wanted % 2) continue
        const commune = communeByCode.get(code!)!
        if (!among.includes(commune)) continue
        if (!best || Math.abs(found - wanted) < Math.abs(best.number - wanted))
          best = { number: found, commune }
      }
      return best
    },
    coreOf: ({ code }) => communeByCode.get(osm().cores[code] ?? '') ?? null,
    districtsOfStreet(name) {
      const { rowOf, districts } = names()
      const row = first(streetKeys(name), (key) => rowOf.get(key))
      return row === undefined ? NOWHERE : districts[row]!.split(' ').map((code) => districtByCode.get(code)!)
    },
  }
}

function indexed<T extends { keys: string[] }>(columns: T): T & { rowOf: Map<string, number> } {
  return { ...columns, rowOf: new Map(columns.keys.map((key, row) => [key, row])) }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function first<A, B>(items: readonly A[], find: (item: A) => B | undefined): B | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** The entries of a cell, each cut into its parts. */
const listed = (cell: string) => (cell === '' ? [] : cell.split(' ').map((entry) => entry.split(':')))

const leading = (number: string) => Number.parseInt(number, 10)
