import type { CurrentCommune, Gazetteer } from '../../gazetteer/types.ts'
import type { IdCodec } from '../id.ts'
import { hasActed } from '../life/persons.ts'
import type { RegistryReader, StoredHousehold } from '../store.ts'
import type { HouseholdParts, Place } from '../types.ts'
import type { SampledHousehold } from './store.ts'

/** What a checker is told of a household: nothing that the registry made of its address. */
export interface BlindHousehold {
  id: string
  round: number
  /** Its parts below the commune, as written. */
  address: string
  /** Where to look: the district of June 2025 that most of its commune of today came from, and the province. */
  area: string
  province: string
}

export function blind(
  household: StoredHousehold,
  { round }: Pick<SampledHousehold, 'round'>,
  ids: IdCodec,
  gazetteer: Gazetteer,
): BlindHousehold {
  return {
    id: ids.idOf(household.n),
    round,
    address: written(household.parts),
    area: areaOf(gazetteer.commune(household.communeCode)),
    province: gazetteer.province(household.provinceCode, 'current')?.fullName ?? '',
  }
}

/** One district: a list of several would often name one commune alone. */
function areaOf(commune: CurrentCommune | undefined): string {
  const shares = new Map<string, number>()
  for (const { former } of commune?.sources ?? [])
    shares.set(former.district.fullName, (shares.get(former.district.fullName) ?? 0) + 1)
  return [...shares].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0] ?? ''
}

/**
 * The first household of the communes' samples that waits for its check and that this person may check (see check.ts), null
 * when there is none.
 */
export async function nextToCheck(
  store: RegistryReader,
  ids: IdCodec,
  gazetteer: Gazetteer,
  { places, actor }: { places: readonly Place[]; actor: string },
): Promise<BlindHousehold | null> {
  for (const place of places)
    for (const sampled of await store.toCheck(place)) {
      if (hasActed(await store.history(sampled.n), actor)) continue
      const [household] = await store.households([sampled.n])
      return blind(household!, sampled, ids, gazetteer)
    }
  return null
}

const ALLEYS = { ngo: 'ngõ', ngach: 'ngách', hem: 'hẻm', kiet: 'kiệt' }

/** The parts in the order in which people write them: from the door to the street. */
function written(parts: HouseholdParts): string {
  const { name, unit, floor, block, building, houseNumber, alleys = [], street, group, hamlet } = parts
  // "130/20" says its alleys itself.
  const way = houseNumber?.includes('/')
    ? []
    : alleys.toReversed().map(({ kind, number }) => (kind ? `${ALLEYS[kind]} ${number}` : number))
  const door = [houseNumber && `số ${houseNumber}`, ...way, street].filter(Boolean).join(' ')
  return [name, unit, floor, block, building, door, group, hamlet].filter(Boolean).join(', ')
}
