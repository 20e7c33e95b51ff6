import type { Gazetteer } from '../../gazetteer/types.ts'
import { CORE_LENGTH } from '../key.ts'
import type { RegistryReader, StoredHousehold } from '../store.ts'
import { isCleared } from './cleared.ts'
import { LIKELY, type Likeness, likeness, type Seen, see } from './likeness.ts'
import type { Doubt } from './store.ts'
import { type StreetNames, streetNames } from './streetNames.ts'

/** Degrees of a square of about 22 m, in which and beside which one looks for the same place. */
const SQUARE = 0.0002
/** More homes than this at one spot (1 m): a point given to all of a tower or hamlet. */
const CROWD = 4
/** Homes of one door number in a commune that are compared with each other; beyond it only those of like streets' first. */
const MOST_OF_A_DOOR = 400
/** Pairs that one household can stand in. */
const MOST_A_HOUSEHOLD = 10

/** Households that a pair can be made of. */
const takesPart = ({ status }: StoredHousehold) => status === 'provisional' || status === 'verified'

/**
 * Likely duplicates among the households of a commune, and between them and those of the communes that share a split
 * former commune with it. `households` are all of the commune.
 */
export async function findDuplicates(
  store: Pick<RegistryReader, 'sameCore' | 'households'>,
  households: readonly StoredHousehold[],
  communeCode: string,
  gazetteer: Gazetteer,
): Promise<Doubt[]> {
  const seen = households.filter(takesPart).map(see)
  const commune = gazetteer.commune(communeCode) ?? null
  const names = seen
    .flatMap(({ street, building, hamlet }) => [street, building || (street ? '' : hamlet)])
    .filter((name) => name !== '')
  const streets = streetNames(names, gazetteer, commune)
  const found = new Pairs(streets)
  const squares = squaresOf(seen)
  for (const pair of sameDoors(seen, streets)) found.look(...pair)
  for (const pair of samePlaces(seen, squares)) found.look(...pair)
  for (const pair of await acrossSplits(store, seen, gazetteer)) found.look(...pair)
  return found.doubts()
}

class Pairs {
  readonly #streets: StreetNames
  readonly #found = new Map<string, Doubt>()

  constructor(streets: StreetNames) {
    this.#streets = streets
  }

  look(one: Seen, two: Seen): void {
    const [a, b] = one.household.n < two.household.n ? [one, two] : [two, one]
    const pair = `${a.household.n} ${b.household.n}`
    if (this.#found.has(pair) || isCleared(a.household, 'duplicate', b.household.n)) return
    const like: Likeness | null = likeness(a, b, this.#streets)
    if (like && like.score >= LIKELY)
      this.#found.set(pair, { kind: 'duplicate', n: a.household.n, other: b.household.n, ...like })
  }

  /** The likeliest first; of one household no more than a person wants to see. */
  doubts(): Doubt[] {
    const count = new Map<number, number>()
    const room = (n: number | null) => {
      const times = (count.get(n!) ?? 0) + 1
      count.set(n!, times)
      return times <= MOST_A_HOUSEHOLD
    }
    return [...this.#found.values()]
      .sort((a, b) => b.score - a.score || a.n - b.n || a.other! - b.other!)
      .filter(({ n, other }) => room(n) && room(other))
  }
}

/** Pairs of the same door and flat at like streets. */
function* sameDoors(seen: readonly Seen[], streets: StreetNames): Generator<[Seen, Seen]> {
  const doors = new Map<string, Seen[]>()
  for (const one of seen)
    if (one.named) push(doors, [one.door, one.unit, one.block, one.floor].join('|'), one)
  for (const homes of doors.values()) {
    if (homes.length < 2) continue
    const roads = new Map<string, Seen[]>()
    for (const home of homes.slice(0, MOST_OF_A_DOOR))
      push(roads, home.street || home.building || home.hamlet, home)
    for (const [name, ours] of roads) {
      yield* pairsOf(ours, ours)
      const like = name === '' ? [...roads.keys()] : streets.near(name)
      for (const other of like)
        if (other !== name && roads.has(other)) yield* pairsOf(ours, roads.get(other)!)
    }
  }
}

function* pairsOf(ours: readonly Seen[], theirs: readonly Seen[]): Generator<[Seen, Seen]> {
  for (const [i, one] of ours.entries())
    for (const other of ours === theirs ? ours.slice(i + 1) : theirs) yield [one, other]
}

type Squares = Map<number, Seen[]>
const rowOf = (lat: number) => Math.floor(lat / SQUARE)
const squareOf = (row: number, column: number) => row * 1_000_000 + column

/** Homes by the square of their point; marks those at crowded spots, which stand in none. */
function squaresOf(seen: readonly Seen[]): Squares {
  const spots = new Map<string, Seen[]>()
  for (const one of seen) {
    const { point } = one.household
    if (point) push(spots, `${point.lat.toFixed(5)} ${point.lon.toFixed(5)}`, one)
  }
  const squares: Squares = new Map()
  for (const homes of spots.values()) {
    for (const home of homes) {
      home.crowded = homes.length > CROWD
      const { lat, lon } = home.household.point!
      if (!home.crowded) push(squares, squareOf(rowOf(lat), rowOf(lon)), home)
    }
  }
  return squares
}

/** Pairs in the same square or in neighbouring ones that may be one home. */
function* samePlaces(seen: readonly Seen[], squares: Squares): Generator<[Seen, Seen]> {
  for (const one of seen) {
    const { point, n } = one.household
    if (!point || one.crowded) continue
    const [row, column] = [rowOf(point.lat), rowOf(point.lon)]
    for (let r = row - 1; r <= row + 1; r++)
      for (let c = column - 1; c <= column + 1; c++)
        for (const other of squares.get(squareOf(r, c)) ?? []) if (other.household.n > n) yield [one, other]
  }
}

/** Pairs of the same house in communes that took over parts of one former commune. */
async function acrossSplits(
  store: Pick<RegistryReader, 'sameCore' | 'households'>,
  seen: readonly Seen[],
  gazetteer: Gazetteer,
): Promise<[Seen, Seen][]> {
  const wanted = new Map<number, Seen[]>()
  for (const one of seen) {
    if (!one.named) continue
    const { key } = one.household
    for (const code of siblingsOf(one.household, gazetteer)) {
      const there = code.padStart(6, '0') + key.slice(6)
      for (const { n } of await store.sameCore(there, CORE_LENGTH, MOST_A_HOUSEHOLD)) push(wanted, n, one)
    }
  }
  const others = await store.households([...wanted.keys()])
  return others
    .filter(takesPart)
    .flatMap((other) => wanted.get(other.n)!.map((one): [Seen, Seen] => [one, see(other)]))
}

/** The other communes of today in which a household of this former commune, or of these former communes, may stand. */
function siblingsOf({ communeCode, formerCommuneCode }: StoredHousehold, gazetteer: Gazetteer): Set<string> {
  const former = formerCommuneCode === null ? undefined : gazetteer.formerCommune(formerCommuneCode)
  const formers = former ? [former] : (gazetteer.commune(communeCode)?.sources ?? []).map((one) => one.former)
  const codes = formers.flatMap(({ successors }) => successors.map(({ current }) => current.code))
  return new Set(codes.filter((code) => code !== communeCode))
}

function push<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
