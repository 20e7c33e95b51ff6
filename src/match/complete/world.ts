import { nameIndex } from '../../gazetteer/names.ts'
import { once } from '../../gazetteer/once.ts'
import { streetKeys } from '../../gazetteer/streetsKey.ts'
import type { CurrentCommune, Gazetteer, Province } from '../../gazetteer/types.ts'
import { nameKey } from '../../text/nameList.ts'
import type { Syllables } from '../../text/syllables.ts'
import { type PlaceFame, placeFame } from './fame.ts'
import type { NamedUnits } from './namedUnits.ts'
import { indexStreets, type StreetIndex } from './streetIndex.ts'
import { indexUnits, type UnitIndex } from './unitIndex.ts'

/** What is known of names that can be completed. */
export interface World {
  readonly gazetteer: Gazetteer
  readonly fame: PlaceFame
  readonly syllables: Syllables
  readonly units: UnitIndex
  readonly streets: StreetIndex
  /** Places and behind them the provinces of today, as numbers. */
  readonly size: number
  provinceNumber(province: Province): number
  /** What parts of the last queries named, see `sureUnits`. */
  readonly named: Map<string, NamedUnits>
  /** The current province of each place. */
  readonly provinceOf: Int32Array
}

/** The names of a gazetteer, made on first use. */
export const worldOf: (gazetteer: Gazetteer) => World = once((gazetteer) => {
  const index = nameIndex(gazetteer)
  const fame = placeFame(gazetteer, index, gazetteer.eachStreet)
  const { communes, districts, provinces } = gazetteer
  const number = new Map(provinces.map((province, i) => [province, fame.places + i]))
  return {
    gazetteer,
    fame,
    syllables: index.syllables,
    units: indexUnits(gazetteer, index, fame),
    streets: indexStreets(gazetteer.eachStreet, fame),
    named: new Map(),
    size: fame.places + provinces.length,
    provinceNumber: (province) => number.get(province)!,
    provinceOf: Int32Array.from([
      ...communes.map(({ province }) => number.get(province)!),
      ...districts.map(({ province }) => number.get(index.currentOf(province))!),
    ]),
  }
})

/** A street of a commune as the lists or the map write it; undefined when they do not have it there. */
export function streetIn(gazetteer: Gazetteer, commune: CurrentCommune, name: string): string | undefined {
  const { fame, streets } = worldOf(gazetteer)
  const number = fame.numberOf(commune)
  const around = fame.around[number]!
  for (const key of streetKeys(name)) {
    const row = streets.names.row(nameKey(key))
    if (row < 0) continue
    for (let at = streets.places.starts[row]!; at < streets.places.starts[row + 1]!; at++) {
      const place = streets.places.items[at]!
      if (place === number || around.includes(place)) return streets.spellings[row]![0]
    }
  }
  return undefined
}
