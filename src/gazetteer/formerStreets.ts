import type { StreetNames, StreetRuns } from './streetsFile.ts'
import { numberKey, streetKeys } from './streetsKey.ts'
import type { CurrentCommune, FormerCommune, FormerShare, FormerStreet, FormerStreets } from './types.ts'

type FormerByCode = (code: string) => FormerCommune | undefined

/** The look-ups by commune. Tables are asked for when the first commune is; of a street only what is asked for is read. */
export function formerStreetsOf(
  names: () => StreetNames,
  osm: () => StreetRuns,
  formerByCode: FormerByCode,
): (commune: CurrentCommune) => FormerStreets | null {
  const known = new Map<CurrentCommune, FormerStreets | null>()
  const listed = listedCommunes(names)
  return (commune) => {
    let streets = known.get(commune)
    if (streets === undefined) {
      streets = read(commune, names(), osm(), listed(), formerByCode)
      known.set(commune, streets)
    }
    return streets
  }
}

/** The former communes that the list has. */
function listedCommunes(names: () => StreetNames): () => ReadonlySet<string> {
  let codes: Set<string> | undefined
  return () => {
    codes ??= new Set(Object.values(names().wards).flatMap((cell) => cell.split(' ')))
    return codes
  }
}

function read(
  commune: CurrentCommune,
  { wards }: StreetNames,
  { formers, formerNumbers, extents }: StreetRuns,
  listed: ReadonlySet<string>,
  formerByCode: FormerByCode,
): FormerStreets | null {
  const sources = new Set(commune.sources.map(({ former }) => former))
  const extent = sharesOf(entries(extents[commune.code]), formerByCode)
  if (sources.size < 2) return null
  if (extent.length === 0 && ![...sources].some(({ code }) => listed.has(code))) return null
  const streets = new Map<string, FormerStreet | null>()
  const inCommune = ([code]: string[]) => code === commune.code
  const readStreet = (name: string): FormerStreet | null => {
    for (const key of streetKeys(name)) {
      const inWards = (wards[key]?.split(' ') ?? []).map((code) => formerByCode(code)!)
      const runs = entries(formers[key]).filter(inCommune)
      const shares = sharesOf(
        runs.map(([, former, metres]) => [former!, metres!]),
        formerByCode,
      )
      const own = inWards.filter((former) => sources.has(former))
      if (own.length === 0 && shares.length === 0) continue
      const numbers = entries(formerNumbers[key])
        .filter(([, code]) => code === commune.code)
        .map(([number, , former]) => ({
          number: Number.parseInt(number!, 10),
          former: formerByCode(former!)!,
        }))
      return Object.freeze({ listed: own, shares, nearest: (number: string) => nearest(numbers, number) })
    }
    return null
  }
  return Object.freeze({
    extent,
    street(name: string) {
      let street = streets.get(name)
      if (street === undefined) {
        if (streets.size >= MOST_REMEMBERED) streets.clear()
        street = readStreet(name)
        streets.set(name, street)
      }
      return street
    },
  })
}

/** Names of streets remembered of one commune, as written; then all are forgotten. */
const MOST_REMEMBERED = 200

/** [former, metres] as shares, the largest first. */
function sharesOf(cells: readonly string[][], formerByCode: FormerByCode): readonly FormerShare[] {
  const sum = cells.reduce((total, [, metres]) => total + Number(metres), 0)
  return Object.freeze(
    cells
      .map(([code, metres]) => ({ former: formerByCode(code!)!, share: Number(metres) / sum }))
      .sort((a, b) => b.share - a.share),
  )
}

function nearest(
  numbers: readonly { readonly number: number; readonly former: FormerCommune }[],
  number: string,
) {
  const wanted = Number.parseInt(numberKey(number), 10)
  let best: (typeof numbers)[number] | null = null
  for (const one of numbers) {
    if (Number.isNaN(one.number) || one.number % 2 !== wanted % 2) continue
    if (!best || Math.abs(one.number - wanted) < Math.abs(best.number - wanted)) best = one
  }
  return best
}

const entries = (cell: string | undefined) => (cell ? cell.split(' ').map((entry) => entry.split(':')) : [])
