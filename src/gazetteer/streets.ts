import { formerStreetFinder } from './formerStreets.ts'
import { decodeStreets, readStreets, type StreetNames, type StreetRuns } from './streetsFile.ts'
import { numberKey, streetKeys } from './streetsKey.ts'
import type { CurrentCommune, District, FormerCommune, Gazetteer, StreetInCommune } from './types.ts'

type StreetLookups = Pick<
  Gazetteer,
  | 'streetNames'
  | 'communesOfStreet'
  | 'nearestNumber'
  | 'districtsOfStreet'
  | 'eachStreet'
  | 'coreOf'
  | 'groundOf'
  | 'formerStreet'
>

const NOWHERE: readonly never[] = Object.freeze([])

/** The streets in the folder of the built gazetteer: read at once, decoded when first asked for. */
export function loadStreets(
  dir: string,
  version: string,
  communeByCode: ReadonlyMap<string, CurrentCommune>,
  districtByCode: ReadonlyMap<string, District>,
  formerByCode: ReadonlyMap<string, FormerCommune>,
): StreetLookups {
  const bytes = readStreets(dir)
  const names = once(() => indexed(decodeStreets<StreetNames>(bytes.names, version)))
  const osm = once(() => indexed(decodeStreets<StreetRuns>(bytes.osm, version)))
  const allNames = once(() =>
    Object.freeze([...new Set([...names().names.flatMap((name) => name.split(';')), ...osm().names])]),
  )
  const inCommune = ([code, metres, addresses]: string[]): StreetInCommune =>
    Object.freeze({
      commune: communeByCode.get(code!)!,
      metres: Number(metres),
      addresses: Number(addresses),
    })
  const communesIn = remembered((row) => Object.freeze(listed(osm().communes[row]!).map(inCommune)))
  const numbersIn = remembered((row) =>
    listed(osm().numbers[row]!).map(([key, ...cells]) => ({
      key: key!,
      number: leading(key!),
      place: inCommune(cells),
    })),
  )
  const osmRow = (name: string) => first(streetKeys(name), (key) => osm().rowOf.get(key))
  return {
    get streetNames() {
      return allNames()
    },
    communesOfStreet(name, number) {
      const row = osmRow(name)
      if (row === undefined) return NOWHERE
      if (!number) return communesIn(row)
      const wanted = numberKey(number)
      return numbersIn(row).flatMap(({ key, place }) => (key === wanted ? [place] : []))
    },
    nearestNumber(name, number, among) {
      const row = osmRow(name)
      const wanted = leading(numberKey(number))
      if (row === undefined || Number.isNaN(wanted)) return null
      let best: { number: number; commune: CurrentCommune } | null = null
      for (const { number: found, place } of numbersIn(row)) {
        if (found % 2 !== wanted % 2 || !among.includes(place.commune)) continue
        if (!best || Math.abs(found - wanted) < Math.abs(best.number - wanted))
          best = { number: found, commune: place.commune }
      }
      return best
    },
    formerStreet: formerStreetFinder(names, osm, (code) => formerByCode.get(code)!),
    coreOf: ({ code }) => communeByCode.get(osm().cores[code] ?? '') ?? null,
    groundOf(former, commune) {
      const found = osm().grounds[`${former.code} ${commune.code}`]
      return found ? { lat: found[0], lon: found[1], spread: found[2] } : null
    },
    eachStreet(visit) {
      const lists = names()
      for (const [row, key] of lists.keys.entries()) {
        const spellings = lists.names[row]!.split(';')
        for (const code of lists.districts[row]!.split(' '))
          visit(key, spellings, districtByCode.get(code)!, 0)
      }
      const map = osm()
      for (const [row, key] of map.keys.entries())
        for (const [code, metres] of listed(map.communes[row]!))
          visit(key, [map.names[row]!], communeByCode.get(code!)!, Number(metres))
    },
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

/** Every row is cut up once, when it is first asked for. */
function remembered<T>(make: (row: number) => T): (row: number) => T {
  const made = new Map<number, T>()
  return (row) => {
    const known = made.get(row)
    if (known !== undefined) return known
    const fresh = make(row)
    made.set(row, fresh)
    return fresh
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
