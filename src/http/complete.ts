import { nameIndex } from '../gazetteer/names.ts'
import type { CurrentCommune, District, FormerCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import { communePlace, labelOf, type Place, placeWithin, provincePlace } from '../locate/place.ts'
import { communeOfFilters, fits, readPlaces, type SearchFilters } from '../locate/search.ts'
import { completionsOf, type UnitCompletion } from '../match/completions.ts'
import { LAST_DAY } from '../match/former.ts'
import type { FormerReading, Understanding } from '../match/types.ts'
import { viewFormer, viewUnit } from '../match/views.ts'
import { prepareRow } from '../pipeline.ts'

/** A place that is offered while somebody types. */
export interface Offer {
  readonly place: Place
  /** What was typed of a unit before July 2025 stands in it with the unit of today. */
  readonly label: string
  /** How well the text was understood that names it; null for what it could become. */
  readonly grade: Understanding['grade'] | null
}

/** A number in front of the street that is being typed. */
const HOUSE = /^(?:số\s+)?\d\S*\s+(?=\D)/i

/**
 * What a text can become whose last word may be unfinished: streets of the commune that it names or that the filters name,
 * else units whose names begin with what stands behind its last comma. `score` = how much of the name was typed.
 */
export function complete(text: string, filters: SearchFilters, limit: number, gazetteer: Gazetteer): Offer[] {
  const cut = text.lastIndexOf(',')
  const head = text.slice(0, Math.max(0, cut)).trim()
  const tail = text.slice(cut + 1).trim()
  const before = head ? prepareRow({ address: head }, gazetteer) : null
  const commune = communeOfFilters(filters, gazetteer) ?? communeOf(before, gazetteer)
  const offers: Offer[] = []
  if (commune) offers.push(...streetsIn(commune, tail, limit, gazetteer))
  else if (head) offers.push(...streetsBefore(head, text, limit, gazetteer))
  const street = before?.understanding?.components.street
  const province = before?.understanding?.current?.province.code
  if (!commune) offers.push(...unitsFor(tail, street, province, limit, gazetteer))
  return offers.filter(({ place }) => fits(place, filters))
}

/** The one commune that a text names. */
function communeOf(read: ReturnType<typeof prepareRow> | null, gazetteer: Gazetteer): CurrentCommune | null {
  const found = read ? readPlaces(read, gazetteer) : []
  return found.length === 1 ? found[0]!.place.commune : null
}

function streetsIn(commune: CurrentCommune, text: string, limit: number, gazetteer: Gazetteer): Offer[] {
  const typed = text.replace(HOUSE, '')
  return completionsOf(gazetteer)
    .streets(commune, typed, limit)
    .map((name) =>
      offer(placeWithin(commune, 'street', name, null, typed.length / Math.max(typed.length, name.length))),
    )
}

/** Streets in front of the commune: "hàng tr, hoàn kiếm". */
function streetsBefore(head: string, text: string, limit: number, gazetteer: Gazetteer): Offer[] {
  const first = head.split(',', 1)[0]!
  const rest = text.slice(text.indexOf(',') + 1)
  const communes = readPlaces(prepareRow({ address: rest }, gazetteer), gazetteer).slice(0, MOST_COMMUNES)
  return communes.flatMap(({ place: { commune } }) =>
    commune ? streetsIn(commune, first, limit, gazetteer) : [],
  )
}
const MOST_COMMUNES = 5

function unitsFor(
  text: string,
  street: string | undefined,
  provinceCode: string | undefined,
  limit: number,
  gazetteer: Gazetteer,
): Offer[] {
  const completions = completionsOf(gazetteer)
  const inProvince = ({ unit }: UnitCompletion) =>
    !provinceCode || communesOf(unit, gazetteer).some(({ province }) => province.code === provinceCode)
  const withStreet = (found: UnitCompletion) =>
    communesOf(found.unit, gazetteer).some((commune) => completions.streetIn(commune, street!)) &&
    inProvince(found)
  if (!street)
    return completions.units(text, limit, inProvince).flatMap((found) => offersOf(found, gazetteer))
  const here = completions.units(text, limit, withStreet)
  const units = here.length > 0 ? here : completions.units(text, limit, inProvince)
  return units.flatMap(({ unit, share }) =>
    communesOf(unit, gazetteer)
      .filter((commune) => here.length === 0 || completions.streetIn(commune, street))
      .map((commune) =>
        offer(placeWithin(commune, 'street', completions.streetIn(commune, street) ?? street, null, share)),
      ),
  )
}

/** The communes of today of a unit; none for a province. */
function communesOf(unit: UnitCompletion['unit'], gazetteer: Gazetteer): readonly CurrentCommune[] {
  if ('inside' in unit) return [unit]
  if ('successors' in unit) return unit.successors.map(({ current }) => current)
  if ('becameCommune' in unit)
    return nameIndex(gazetteer)
      .communesOf(unit)
      .map(({ commune }) => commune)
  return []
}

function offersOf({ unit, share }: UnitCompletion, gazetteer: Gazetteer): Offer[] {
  if ('inside' in unit) return [offer(communePlace(unit, null, share))]
  if ('successors' in unit || 'becameCommune' in unit) {
    const former = 'successors' in unit ? formerCommune(unit) : formerDistrict(unit)
    const name = 'successors' in unit ? `${unit.fullName}, ${unit.district.fullName}` : unit.fullName
    return communesOf(unit, gazetteer).map((commune) => ({
      place: communePlace(commune, former, share),
      label: `${name} (nay ${commune.fullName}), ${commune.province.fullName}`,
      grade: null,
    }))
  }
  return [offer(provincePlace(unit as Province, null, share, gazetteer))]
}

export const offer = (place: Place, grade: Offer['grade'] = null): Offer => ({
  place,
  label: labelOf(place),
  grade,
})

const formerCommune = (unit: FormerCommune): FormerReading => ({
  ...viewFormer(unit),
  asOf: LAST_DAY,
  successor: [],
})

const formerDistrict = (unit: District): FormerReading => ({
  province: viewUnit(unit.province),
  district: viewUnit(unit),
  commune: null,
  asOf: LAST_DAY,
  successor: [],
})
