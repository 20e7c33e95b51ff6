import { once } from '../gazetteer/once.ts'
import type { House, Street, StreetHit, StreetLayers } from '../gazetteer/streetLayer/types.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import { type Anchor, mappedAnchors } from './door/anchors.ts'
import { type Numbering, numberingOf } from './door/numbering.ts'
import { type NumberEstimate, numberAt } from './numberAt.ts'

/** A street beside a point. */
export interface NearStreet extends Pick<StreetHit, 'street' | 'side' | 'metres' | 'lat' | 'lon'> {
  /** The number that a house at the point should have; null when nothing tells it. */
  readonly number: NumberEstimate | null
  /** How sure it is that a house at the point is numbered along this street, 0 to 1. */
  readonly confidence: number
}

/** A mapped house number at a point. */
export interface NearHouse {
  readonly house: House
  readonly metres: number
}

/** Streets that are answered, of so many ways that are looked at. */
const MOST_STREETS = 3
const MOST_WAYS = 12
/** Metres by which points and middle lines are off: two streets are told apart by more. */
const LOOSE = 8
/** Metres at which a street is as likely as not the one of a house. */
const HALF = 60
/** A street less likely than this is not answered beside another. */
const LEAST = 0.15
/** Metres from a mapped house within which a point is at it. */
const AT_HOUSE = 20

/**
 * The streets along which a house at a point (degrees WGS 84) can be numbered, likeliest first: one where it is clear, several
 * where the point lies between them. Confidence falls with the distance and with every other street as near.
 */
export function nearStreets(gazetteer: Gazetteer, lat: number, lon: number, metres: number): NearStreet[] {
  const layers = gazetteer.streetLayers
  const hits: StreetHit[] = []
  for (const hit of layers.nearestStreets(lat, lon, metres, MOST_WAYS)) {
    const isNew = !hits.some(({ street }) => sameName(street, hit.street))
    if (isNew) hits.push(hit)
  }
  const weights = hits.map((hit) => 1 / (hit.metres + LOOSE) ** 3)
  const sum = weights.reduce((a, b) => a + b, 0)
  return hits
    .map((hit, i) => ({ hit, share: weights[i]! / sum }))
    .filter(({ share }, i) => i === 0 || share >= LEAST)
    .slice(0, MOST_STREETS)
    .map(({ hit: { street, side, metres, along, lat, lon }, share }) => {
      const { anchors, numbering } = numbersOf(layers).of(street)
      return {
        street,
        side,
        metres,
        lat,
        lon,
        number: numberAt(along, side, anchors, numbering),
        confidence: share * (1 / (1 + (metres / HALF) ** 2)),
      }
    })
}

/** The mapped houses at a point, nearest first. */
export const nearHouses = (
  { streetLayers }: Gazetteer,
  lat: number,
  lon: number,
  limit: number,
): NearHouse[] =>
  streetLayers
    .housesNear(lat, lon, AT_HOUSE, limit)
    // What says no street may be of another one.
    .filter(({ house }) => house.street && house.tie !== 'near')

/** Two carriageways, or two ways that do not hang together, of one street; alleys by their numbers too. */
const sameName = (a: Street, b: Street) =>
  plain(a.key) === plain(b.key) && a.alley?.numbers.join('/') === b.alley?.numbers.join('/')
/** Maps of cities have "Nguyễn Huệ Boulevard" beside "Nguyễn Huệ". */
const plain = (key: string) => key.replace(/ (boulevard|avenue|street|road)$/, '')

/** Streets whose numbers are remembered. */
const MOST_REMEMBERED = 1000

interface Numbers {
  readonly anchors: readonly Anchor[]
  readonly numbering: Numbering | null
}

/** The known numbers of streets. */
class NumberMemo {
  readonly #known = new Map<string, Numbers>()
  readonly #streets: StreetLayers
  constructor(streets: StreetLayers) {
    this.#streets = streets
  }

  of(street: Street): Numbers {
    const key = `${street.layer.head.name} ${street.whole}`
    const known = this.#known.get(key)
    if (known) return known
    const anchors = mappedAnchors(street, this.#streets)
    const made = { anchors, numbering: numberingOf(anchors) }
    if (this.#known.size >= MOST_REMEMBERED) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(key, made)
    return made
  }
}

const numbersOf = once((streets: StreetLayers) => new NumberMemo(streets))
