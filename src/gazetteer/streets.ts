import { decodeStreets, readStreets, type StreetNames, type StreetRuns } from './streetsFile.ts'
import { alleyKey, streetKeys } from './streetsKey.ts'
import type { CurrentCommune, District, Gazetteer, StreetInCommune } from './types.ts'

type StreetLookups = Pick<Gazetteer, 'streetNames' | 'communesOfStreet' | 'districtsOfStreet'>

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
    Object.freeze([
      ...new Set([...names().names.flatMap((name) => name.split(';')), ...osm().names.filter(Boolean)]),
    ]),
  )
  const inCommune = (text: string): StreetInCommune => {
    const [code, metres, addresses] = text.split(':')
    return { commune: communeByCode.get(code!)!, metres: Number(metres), addresses: Number(addresses) }
  }
  return {
    get streetNames() {
      return allNames()
    },
    communesOfStreet(name, alley = '') {
      const { rowOf, communes } = osm()
      const suffix = alley && `/${alleyKey(alley)}`
      const row = first(streetKeys(name), (key) => rowOf.get(key + suffix))
      return row === undefined ? NOWHERE : communes[row]!.split(' ').map(inCommune)
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

function first<A, B>(items: readonly A[], find: (item: A) => B | undefined): B | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
