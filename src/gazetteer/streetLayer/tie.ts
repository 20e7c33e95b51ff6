import { scaleAt } from '../../geo/flatEarth.ts'
import type { AlleyTree } from './alleyTree.ts'
import { NONE, type TIES } from './arrays.ts'
import { chainKey } from './chain.ts'
import type { Door } from './collect.ts'
import type { StreetPiece } from './pieces.ts'
import type { Foot } from './segments.ts'

/** A row of the houses; `street` is NONE when it is tied to none. */
export interface TiedHouse {
  readonly number: string
  readonly chain: readonly string[]
  readonly x: number
  readonly y: number
  readonly commune: number
  readonly street: number
  readonly tie: (typeof TIES)[number]
  readonly foot: Foot | null
}

/** A house stands at most this far from the street that its address says, and from its alley (metres). */
const SAID_REACH = 400
const ALLEY_REACH = 80
/** A house that says no street is guessed to be of one this near (metres). */
const NEAR_REACH = 30
/** The same number twice within this is one house mapped twice (metres). */
const SAME_HOUSE = 10
/** The same in millionths of a degree of longitude, at least. */
const SAME_HOUSE_X = 11 * SAME_HOUSE

/** Ties house numbers to streets and alleys, and leaves out those that are mapped twice. */
export function tieHouses(
  doors: readonly Door[],
  pieces: readonly StreetPiece[],
  tree: AlleyTree,
  watch: (share: number) => void,
): TiedHouse[] {
  const houses = doors.map((door, at) => {
    if (at % 1000 === 0) watch(at / doors.length)
    return tie(door, pieces, tree)
  })
  const byNumber = new Map<string, TiedHouse[]>()
  return houses
    .sort((a, b) => a.x - b.x || a.y - b.y)
    .filter((house) => {
      const key = `${house.street}|${chainKey(house.chain)}`
      const others = byNumber.get(key)
      // Those before it stand west of it: the nearest last.
      for (let at = (others?.length ?? 0) - 1; at >= 0 && house.x - others![at]!.x <= SAME_HOUSE_X; at--)
        if (metresBetween(house, others![at]!) <= SAME_HOUSE) return false
      if (others) others.push(house)
      else byNumber.set(key, [house])
      return true
    })
}

function tie(door: Door, pieces: readonly StreetPiece[], tree: AlleyTree): TiedHouse {
  const { number, x, y, commune, street } = door
  const own = number
    .toUpperCase()
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const made = (chain: readonly string[], how: TiedHouse['tie'], foot: Foot | null): TiedHouse => ({
    number,
    chain,
    x,
    y,
    commune,
    street: foot?.street ?? NONE,
    tie: foot ? how : null,
    foot,
  })
  if (street) {
    const chain = within(street.chain, own)
    for (let depth = chain.length - 1; depth >= 0; depth--) {
      const rows = tree.rowsOf(street.key, chain.slice(0, depth))
      const reach = depth > 0 && depth > street.chain.length ? ALLEY_REACH : SAID_REACH
      const foot = rows && tree.nearest(x, y, reach, rows)
      if (foot) return made(chain, 'said', foot)
    }
    if (street.key) return made(chain, null, null)
  }
  if (own.length > 1) {
    const outer = own.slice(0, -1).map((_, at) => chainKey(own.slice(0, at + 1)))
    const foot = tree.nearestOf(x, y, ALLEY_REACH, (row) => {
      const { alley } = pieces[row]!
      return alley !== null && outer.includes(chainKey(alley.numbers))
    })
    return made(own, 'alley', foot)
  }
  // southern houses in alleys say so in their number
  const foot = tree.nearestOf(x, y, NEAR_REACH, (row) => pieces[row]!.alley?.kind !== 'hem')
  const alley = foot && pieces[foot.street]!.alley
  return made(alley ? within(alley.numbers, own) : own, 'near', foot)
}

/** The numbers of an alley and a house in it, which may repeat them: 18 Bis and 28, 448 and 448/3. */
function within(alley: readonly string[], own: readonly string[]): string[] {
  const repeats = own.length > alley.length && chainKey(own.slice(0, alley.length)) === chainKey(alley)
  return repeats ? [...own] : [...alley, ...own]
}

function metresBetween(a: { x: number; y: number }, b: { x: number; y: number }): number {
  const scale = scaleAt(a.y / 1e6)
  return Math.hypot((a.x - b.x) * scale.x, (a.y - b.y) * scale.y)
}
