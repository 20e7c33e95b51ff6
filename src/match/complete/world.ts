import { nameIndex } from '../../gazetteer/names.ts'
import { atOnce, inSlices } from '../../gazetteer/slices.ts'
import { importedLayers } from '../../gazetteer/streetLayer/shippedHead.ts'
import { streetKeys } from '../../gazetteer/streetsKey.ts'
import type { CurrentCommune, District, Gazetteer, Province } from '../../gazetteer/types.ts'
import { nameKey } from '../../text/nameList.ts'
import type { Syllables } from '../../text/syllables.ts'
import { fold } from '../../text/tokens.ts'
import { type PlaceFame, placeFame } from './fame.ts'
import type { NamedUnits } from './namedUnits.ts'
import { indexStreets, type StreetIndex, type StreetLine } from './streetIndex.ts'
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

/** Worlds by gazetteer, with the version of the street layers whose names they have. */
const made = new WeakMap<Gazetteer, { world: World; version: string; isOld: boolean }>()

/** The names of a gazetteer, made on first use; after an import of streets made anew beside what goes on. */
export function worldOf(gazetteer: Gazetteer): World {
  const known = made.get(gazetteer) ?? atOnce(remake(gazetteer))
  if (!known.isOld && known.version !== gazetteer.streetLayers.version) {
    known.isOld = true
    void inSlices(remake(gazetteer))
  }
  return known.world
}

function* remake(gazetteer: Gazetteer) {
  const { version } = gazetteer.streetLayers
  const known = { world: yield* makeWorld(gazetteer), version, isOld: false }
  made.set(gazetteer, known)
  return known
}

function* makeWorld(gazetteer: Gazetteer): Generator<undefined, World> {
  const index = nameIndex(gazetteer)
  const lines = yield* streetLines(gazetteer)
  const fame = yield* placeFame(gazetteer, index, lines)
  const { communes, districts, provinces } = gazetteer
  const number = new Map(provinces.map((province, i) => [province, fame.places + i]))
  return {
    gazetteer,
    fame,
    syllables: index.syllables,
    units: yield* indexUnits(index, fame),
    streets: yield* indexStreets(lines, fame),
    named: new Map(),
    size: fame.places + provinces.length,
    provinceNumber: (province) => number.get(province)!,
    provinceOf: Int32Array.from([
      ...communes.map(({ province }) => number.get(province)!),
      ...districts.map(({ province }) => number.get(index.currentOf(province))!),
    ]),
  }
}

/** The streets of lists and of all layers; those of the shipped layer are in the list of the map. */
function* streetLines(gazetteer: Gazetteer): Generator<undefined, StreetLine[]> {
  const lines: StreetLine[] = []
  gazetteer.eachStreet((folded, names, place, metres) => lines.push({ folded, names, place, metres }))
  for (const layer of importedLayers(gazetteer.streetLayers))
    for (let i = 0; i < layer.nameCount; i++) {
      if (i % 200 === 0) yield
      const { key, name, streets } = layer.nameAt(i)
      const names = [name.replace(STREET_WORD, '')]
      for (const { alley, commune, metres } of streets)
        if (!alley && key) lines.push({ folded: key, names, place: commune, metres })
    }
  return lines
}
/** Left out of names where it is not needed, as in the lists. */
const STREET_WORD = /^(?:đường|phố)\s+(?!số\s|\d)/i

/** A street of a commune as the lists or the map write it; undefined when they do not have it there. */
export function streetIn(gazetteer: Gazetteer, commune: CurrentCommune, name: string): string | undefined {
  const world = worldOf(gazetteer)
  const number = world.fame.numberOf(commune)
  const around = world.fame.around[number]!
  const isHere = (place: number) => place === number || around.includes(place)
  for (const key of streetKeys(name)) {
    const found = spelled(world, key, isHere)
    if (found !== undefined) return found
  }
  return undefined
}

/** A street, by its key, that the list of a district before July 2025 has. */
export function streetInDistrict(gazetteer: Gazetteer, district: District, key: string): string | undefined {
  const world = worldOf(gazetteer)
  const number = world.fame.numberOf(district)
  return spelled(world, key, (place) => place === number)
}

/** Whether a commune of a district before July 2025 had this name. */
export function isCommuneOf(gazetteer: Gazetteer, district: District, name: string): boolean {
  const { units } = worldOf(gazetteer)
  const [from, before] = units.names.rows(nameKey(fold(name)))
  return units.units
    .slice(from, before)
    .some((named) => named.some(({ sense }) => sense.former?.district === district))
}

/** How the name of a key is written, where one of its places is wanted. */
function spelled({ streets }: World, key: string, isWanted: (place: number) => boolean): string | undefined {
  const [from, before] = streets.names.rows(nameKey(key))
  for (let row = from; row < before; row++) {
    const places = streets.places.items.subarray(streets.places.starts[row]!, streets.places.starts[row + 1]!)
    if (streets.folded[row] === key && places.some(isWanted)) return streets.spellings[row]![0]
  }
  return undefined
}
