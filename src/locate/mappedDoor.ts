import type { AlleyKind, House, Street } from '../gazetteer/streetLayer/types.ts'
import { streetKeys } from '../gazetteer/streetsKey.ts'
import type { Alley, Components } from '../match/types.ts'
import { encodeVpostcode } from '../vpostcode/vpostcode.ts'
import { accuracyOf } from './door/accuracy.ts'
import type { Place } from './place.ts'

/**
 * The numbers of a house from the street, its own last, as people write them there: "34/15" in a hẻm, "15 ngõ 34" in a ngõ.
 * @param kind of the alley that the house stands in; null where none is known.
 */
export function writtenDoor(
  turns: readonly string[],
  kind: AlleyKind | null,
): Pick<Components, 'houseNumber' | 'alleys'> {
  if (turns.length < 2 || (kind !== 'ngo' && kind !== 'ngach')) return { houseNumber: turns.join('/') }
  const [outer, ...inner] = turns.slice(0, -1)
  const alleys: Alley[] = [{ kind: 'ngo', number: outer! }]
  if (inner.length > 0) alleys.push({ kind: 'ngach', number: [outer, ...inner].join('/') })
  return { houseNumber: turns.at(-1)!, alleys }
}

/** The same of a mapped house, with the street that it is numbered along; null for one that says none. */
export function doorOfHouse({ chain, street }: House): Components | null {
  return street && { ...writtenDoor(chain, street.alley?.kind ?? null), street: streetOf(street) }
}

/** A place with the point of a mapped house, which is a known place. */
export const atHouse = (place: Place, { lat, lon, chain, street, number, commune, layer }: House): Place => ({
  ...place,
  type: 'housenumber',
  lat,
  lon,
  accuracy: accuracyOf('house', 0),
  precision: 'building',
  vpostcode: encodeVpostcode(commune.postcode, lat, lon),
  door: {
    turns: chain,
    access: street?.alley?.mouth ?? null,
    evidence: [{ kind: 'house', text: number, layer: layer.head.name }],
  },
})

/** What the street of an alley is called, of a street itself its name. */
export function streetOf(street: Street): string {
  let at = street
  while (at.alley?.parent) at = at.alley.parent
  if (!at.alley || !street.key) return at.name
  // No parent is mapped: the name of the alley ends with it.
  const words = street.name.split(' ')
  const from = words.findIndex((_, i) => streetKeys(words.slice(i).join(' '))[0] === street.key)
  return from < 0 ? street.name : words.slice(from).join(' ')
}
