import type { NameIndex } from '../gazetteer/names.ts'
import { once } from '../gazetteer/once.ts'
import { importedLayers } from '../gazetteer/streetLayer/shippedHead.ts'
import type { StreetLayers } from '../gazetteer/streetLayer/types.ts'
import type { CurrentCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import type { Components } from '../parse/types.ts'
import { hearStreet } from './hints.ts'
import { byBelief, type Outcome } from './outcomes.ts'

/**
 * Where a line can lie that stops at a province and names a street: every commune of it in which the map or the lists have a
 * street of that name, best first; the house number is heard. Of a listed district without a mapped street each commune
 * counts by the part of the district that it took. Beliefs add up to that of the outcome; empty for a line that stops
 * elsewhere, and for a street that nobody knows in the province.
 */
export function communesOfStreet(
  outcome: Outcome,
  components: Components,
  index: NameIndex,
  gazetteer: Gazetteer,
): readonly Outcome[] {
  if (!components.street || !stopsAtProvince(outcome)) return []
  const street = knownAs(components.street, gazetteer)
  const likely = [...knownIn(street, outcome.province, index, gazetteer)].map(
    ([commune, belief]): Outcome => ({ ...outcome, commune, belief }),
  )
  hearStreet(likely, { ...components, street }, gazetteer)
  const sum = likely.reduce((total, { belief }) => total + belief, 0)
  for (const one of likely) one.belief *= outcome.belief / sum
  return likely.sort(byBelief)
}

/**
 * A line that stops at a province lies in the one commune of it that has the street: mapped there and nowhere else, and
 * listed in no district but that around it (right for 84 of 84 such houses of hcmc-points.csv without their wards; of those
 * that no list has 2 of 4).
 */
export function hearOnlyStreet(
  outcomes: readonly Outcome[],
  components: Components | null,
  index: NameIndex,
  gazetteer: Gazetteer,
): void {
  const street = components?.street
  if (!street) return
  for (const outcome of outcomes) {
    if (!stopsAtProvince(outcome)) continue
    const [commune, ...others] = knownIn(street, outcome.province, index, gazetteer).keys()
    if (!commune || others.length > 0) continue
    const isMapped = gazetteer.communesOfStreet(street).some((there) => there.commune === commune)
    const listed = gazetteer
      .districtsOfStreet(street)
      .filter(({ province }) => index.currentOf(province) === outcome.province)
    if (!isMapped || listed.length === 0) continue
    outcome.commune = commune
    outcome.decidedByStreet = true
  }
}

/** Whether a map or the list of streets has the street in the commune, or in a district that it was made from. */
export function isStreetOf(name: string, commune: CurrentCommune, gazetteer: Gazetteer): boolean {
  if (gazetteer.communesOfStreet(name).some((there) => there.commune === commune)) return true
  if (importedLayers(gazetteer.streetLayers).some((layer) => layer.streetsNamed(name, commune).length > 0))
    return true
  const districts = gazetteer.districtsOfStreet(name)
  return commune.sources.some(({ former }) => districts.includes(former.district))
}

/** Names that are remembered; then all are forgotten. */
const MOST_REMEMBERED = 20_000

const knownNames = once((gazetteer: Gazetteer) =>
  once((streetLayers: StreetLayers) => {
    const known = new Map<string, boolean>()
    const imported = importedLayers(streetLayers)
    return (name: string): boolean => {
      let is = known.get(name)
      if (is === undefined) {
        is =
          gazetteer.districtsOfStreet(name).length > 0 ||
          gazetteer.communesOfStreet(name).length > 0 ||
          imported.some((layer) => layer.streetsNamed(name).length > 0)
        if (known.size >= MOST_REMEMBERED) known.clear()
        known.set(name, is)
      }
      return is
    }
  }),
)

/** Whether a list or a map, also an imported one, has a street of this name anywhere. */
export const isStreet = (name: string, gazetteer: Gazetteer): boolean =>
  knownNames(gazetteer)(gazetteer.streetLayers)(name)

const LANE = /^(?:ngõ|ngách|hẻm|kiệt)\s+(?=\D)/i

/** A lane that nobody knows by the street whose name it bears: "ngõ Hàng Bông" leaves Hàng Bông. */
export function knownAs(street: string, gazetteer: Gazetteer): string {
  const parent = street.normalize('NFC').replace(LANE, '')
  return parent !== street && !isStreet(street, gazetteer) ? parent : street
}

/** Where a street is mapped, also by imported layers. */
export const mappedStreets = (
  street: string,
  gazetteer: Gazetteer,
): readonly { readonly commune: CurrentCommune }[] => [
  ...gazetteer.communesOfStreet(street),
  ...gazetteer.streetLayers.streetsNamed(street),
]

const stopsAtProvince = ({ reading, commune }: Outcome): boolean =>
  !commune && !reading.commune && !reading.district

/** The communes that have a street of this name: 1 for a mapped one, for those of a listed district the part that they took. */
function knownIn(
  street: string,
  province: Province,
  index: NameIndex,
  gazetteer: Gazetteer,
): ReadonlyMap<CurrentCommune, number> {
  const known = new Map<CurrentCommune, number>()
  for (const { commune } of mappedStreets(street, gazetteer))
    if (commune.province === province) known.set(commune, 1)
  const onMap = new Set(known.keys())
  for (const district of gazetteer.districtsOfStreet(street)) {
    if (index.currentOf(district.province) !== province) continue
    const taken = index.communesOf(district)
    if (taken.some(({ commune }) => onMap.has(commune))) continue
    const sum = taken.reduce((total, { formers }) => total + formers, 0)
    for (const { commune, formers } of taken) known.set(commune, (known.get(commune) ?? 0) + formers / sum)
  }
  return known
}
