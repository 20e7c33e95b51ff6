import { metresBetween } from '../geo/flatEarth.ts'
import type { KnownDoor, KnownHamlet, KnownPlaces } from '../locate/knownHouseholds.ts'
import type { IdCodec } from './id.ts'
import { doorOf, streetOf, wordsOf } from './key.ts'
import type { LineHousehold, LineReader } from './lineStore.ts'
import { hamletLines, linesAround, placeOf } from './streetLine.ts'

/** Homes of each kind that are answered at most. */
const MOST_DOORS = 16
/** Households that stand for a hamlet: of so many the middle is known to some metres. */
const MOST_OF_HAMLET = 64

/** What the registry knows of streets and hamlets. */
export function knownPlaces(store: LineReader, ids: IdCodec): KnownPlaces {
  return {
    async onStreet(communeCode, street, houseNumber, each) {
      const place = placeOf({ houseNumber })
      const name = streetOf(street)
      if (!place || !name) return []
      const limit = Math.max(0, Math.min(each, MOST_DOORS))
      const doors: KnownDoor[] = []
      // Another street can have the same hash.
      for (const { lines, downwards } of linesAround(street, place))
        for (const home of await store.along(communeCode, lines, limit, downwards))
          if (streetOf(home.parts.street) === name) doors.push(doorAt(home, ids))
      return doors
    },
    async hamlet(communeCode, hamlet) {
      const name = wordsOf({ hamlet }).hamlet
      if (!name) return null
      const some = await store.along(communeCode, hamletLines(hamlet), MOST_OF_HAMLET, false)
      return middleOf(
        some.filter(({ parts }) => !parts.street && wordsOf({ hamlet: parts.hamlet }).hamlet === name),
      )
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

function middleOf(homes: readonly LineHousehold[]): KnownHamlet | null {
  if (homes.length === 0) return null
  const middle = {
    lat: quantile(
      homes.map(({ point }) => point.lat),
      0.5,
    ),
    lon: quantile(
      homes.map(({ point }) => point.lon),
      0.5,
    ),
  }
  const distances = homes.map(({ point }) => metresBetween(middle, point))
  return { ...middle, radius: Math.round(quantile(distances, 0.9)), households: homes.length }
}

const quantile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!
