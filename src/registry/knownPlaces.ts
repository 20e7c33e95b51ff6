import { metresBetween, scaleAt } from '../geo/flatEarth.ts'
import type { KnownDoor, KnownHamlet, KnownPlaces } from '../locate/knownHouseholds.ts'
import type { IdCodec } from './id.ts'
import { doorOf, hamletOf } from './key.ts'
import type { LineHousehold, LinePlace, LineReader } from './lineStore.ts'
import {
  comparedStreet,
  hamletLines,
  linesAround,
  linesBeginning,
  placeOf,
  streetLines,
} from './streetLine.ts'

/** Homes of each kind that are answered at most. */
const MOST_DOORS = 16
/** Households that stand for a hamlet: of so many the middle is known to some metres. */
const MOST_OF_HAMLET = 32

/**
 * What the registry knows of streets and hamlets.
 * @param before milliseconds since 1970: only by the households that have stood so since before then, as a job of that time
 * has to see them.
 */
export function knownPlaces(store: LineReader, ids: IdCodec, before?: number): KnownPlaces {
  return {
    async onStreet(communeCode, street, houseNumber, each) {
      const place = placeOf({ houseNumber })
      const name = comparedStreet(street)
      if (!place || !name) return []
      const limit = Math.max(0, Math.min(each, MOST_DOORS))
      const homes = await store.along(communeCode, linesAround(street, place), limit, before)
      // Another street can have the same hash.
      return homes
        .filter(({ parts }) => comparedStreet(parts.street) === name)
        .map((home) => doorAt(home, ids))
    },
    async hasHomes(communeCode, name) {
      const lines = 'street' in name ? streetLines(name.street) : hamletLines(name.hamlet)
      return (await store.placesAlong(communeCode, lines, 1, before)).length > 0
    },
    async numbersBeginning(communeCode, street, digits, limit) {
      const name = comparedStreet(street)
      if (!name || !(digits > 0)) return []
      const most = Math.max(0, Math.min(limit, MOST_DOORS))
      const homes = await store.along(communeCode, linesBeginning(street, digits), most, before)
      return homes
        .filter(({ parts }) => comparedStreet(parts.street) === name)
        .map((home) => ({ home, place: placeOf(home.parts)! }))
        .sort((a, b) => a.place.number - b.place.number || a.place.next - b.place.next || a.home.n - b.home.n)
        .slice(0, most)
        .map(({ home }) => ids.idOf(home.n))
    },
    async hamlet(communeCode, hamlet) {
      const name = hamletOf(hamlet)
      if (!name) return null
      const some = await store.placesAlong(communeCode, hamletLines(hamlet), MOST_OF_HAMLET, before)
      return middleOf(some.filter(({ parts }) => !parts.street && hamletOf(parts.hamlet) === name))
    },
  }
}

const doorAt = ({ n, parts, formerCommuneCode, point, access }: LineHousehold, ids: IdCodec): KnownDoor => ({
  id: ids.idOf(n),
  door: doorOf(parts).split('/'),
  formerCommuneCode,
  point,
  access,
})

function middleOf(homes: readonly LinePlace[]): KnownHamlet | null {
  if (homes.length === 0) return null
  const lats = Float64Array.from(homes, ({ lat }) => lat)
  const lons = Float64Array.from(homes, ({ lon }) => lon)
  const middle = { lat: quantile(lats, 0.5), lon: quantile(lons, 0.5) }
  const scale = scaleAt(middle.lat)
  const distances = Float64Array.from(homes, (home) => metresBetween(middle, home, scale))
  return { ...middle, radius: Math.round(quantile(distances, 0.9)), households: homes.length }
}

const quantile = (values: Float64Array, share: number) =>
  values.sort()[Math.min(values.length - 1, Math.floor(values.length * share))]!
