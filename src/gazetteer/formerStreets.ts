import type { StreetNames, StreetRuns } from './streetsFile.ts'
import { numberKey, streetKeys } from './streetsKey.ts'
import type { CurrentCommune, FormerCommune, FormerShare, FormerStreet, Gazetteer } from './types.ts'

type FormerByCode = (code: string) => FormerCommune
/** Cells by the key of a street. */
type Tables = Record<'wards' | 'formers' | 'formerNumbers', ReadonlyMap<string, string>>
interface FormerNumber {
  readonly number: number
  readonly former: FormerCommune
}

/** Streets remembered of one commune, as written; then all of it are forgotten. */
const MOST_REMEMBERED = 200

/** The look-up of `Gazetteer.formerStreet`; the tables are asked for with the first street. */
export function formerStreetFinder(
  names: () => StreetNames,
  osm: () => StreetRuns,
  formerByCode: FormerByCode,
): Gazetteer['formerStreet'] {
  const known = new Map<CurrentCommune, Map<string, FormerStreet | null>>()
  let tables: Tables | undefined
  return (name, commune) => {
    if (commune.sources.length < 2) return null
    let streets = known.get(commune)
    if (!streets || streets.size >= MOST_REMEMBERED) {
      streets = new Map()
      known.set(commune, streets)
    }
    let street = streets.get(name)
    if (street === undefined) {
      tables ??= {
        // maps, since a street can be called "constructor"
        wards: new Map(Object.entries(names().wards)),
        formers: new Map(Object.entries(osm().formers)),
        formerNumbers: new Map(Object.entries(osm().formerNumbers)),
      }
      street = find(name, commune, tables, formerByCode)
      streets.set(name, street)
    }
    return street
  }
}

function find(
  name: string,
  commune: CurrentCommune,
  { wards, formers, formerNumbers }: Tables,
  formerByCode: FormerByCode,
): FormerStreet | null {
  for (const key of streetKeys(name)) {
    const listed = (wards.get(key)?.split(' ') ?? [])
      .map(formerByCode)
      .filter((former) => commune.sources.some((source) => source.former === former))
    const shares = sharesOf(
      entries(formers.get(key))
        .filter(([code]) => code === commune.code)
        .map(([, former, metres]) => ({ former: formerByCode(former!), metres: Number(metres) })),
    )
    if (listed.length === 0 && shares.length === 0) continue
    const numbers = entries(formerNumbers.get(key)).flatMap(([number, code, former]) =>
      code === commune.code ? [{ number: Number.parseInt(number!, 10), former: formerByCode(former!) }] : [],
    )
    return Object.freeze({ listed, shares, nearest: (number: string) => nearest(numbers, number) })
  }
  return null
}

function sharesOf(runs: readonly { former: FormerCommune; metres: number }[]): readonly FormerShare[] {
  const sum = runs.reduce((total, { metres }) => total + metres, 0)
  return runs.map(({ former, metres }) => ({ former, share: metres / sum })).sort((a, b) => b.share - a.share)
}

function nearest(numbers: readonly FormerNumber[], number: string): FormerNumber | null {
  const wanted = Number.parseInt(numberKey(number), 10)
  let best: FormerNumber | null = null
  for (const one of numbers)
    if (
      one.number % 2 === wanted % 2 &&
      (!best || Math.abs(one.number - wanted) < Math.abs(best.number - wanted))
    )
      best = one
  return best
}

const entries = (cell: string | undefined) => (cell ? cell.split(' ').map((entry) => entry.split(':')) : [])
