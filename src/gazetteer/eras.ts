import type {
  CurrentCommune,
  District,
  EarlierDistrict,
  FormerCommune,
  Gazetteer,
  Province,
} from './types.ts'

/** How provinces and districts of the two eras hang together, read off the communes' relation. */
export interface Eras {
  /** The current province that a former one became part of. */
  currentOf(former: Province): Province
  /** The former provinces and districts whose communes a current commune took over. */
  formerProvincesOf(commune: CurrentCommune): readonly Province[]
  formerDistrictsOf(commune: CurrentCommune): readonly District[]
  /** The communes of today in what was a district, the one that took most of its communes first. Never empty. */
  communesOf(district: District | EarlierDistrict): readonly DistrictShare[]
}

/** What a commune of today took of a district: a number of former communes, where one was split the parts of it. */
export interface DistrictShare {
  readonly commune: CurrentCommune
  readonly formers: number
}

export function readEras(gazetteer: Gazetteer): Eras {
  const currentOf = new Map<Province, Province>()
  const provincesOf = new Map<CurrentCommune, Province[]>()
  const districtsOf = new Map<CurrentCommune, District[]>()
  for (const commune of gazetteer.communes) {
    const formers = commune.sources.map(({ former }) => former)
    provincesOf.set(commune, [...new Set(formers.map(({ province }) => province))])
    districtsOf.set(commune, [...new Set(formers.map(({ district }) => district))])
    for (const { province } of formers) currentOf.set(province, commune.province)
  }
  const formersOf = new Map<District, FormerCommune[]>()
  for (const former of gazetteer.formerCommunes)
    formersOf.set(former.district, [...(formersOf.get(former.district) ?? []), former])
  const communesOf = new Map<District | EarlierDistrict, readonly DistrictShare[]>()
  for (const district of gazetteer.districts)
    communesOf.set(
      district,
      district.becameCommune
        ? [{ commune: district.becameCommune, formers: 1 }]
        : sharesOf(formersOf.get(district) ?? []),
    )
  for (const earlier of gazetteer.earlierDistricts) {
    const { communes, successors } = earlier
    const formers = communes.length > 0 ? communes : successors.flatMap((one) => formersOf.get(one)!)
    communesOf.set(earlier, sharesOf(formers))
  }
  return {
    currentOf: (former) => currentOf.get(former)!,
    formerProvincesOf: (commune) => provincesOf.get(commune)!,
    formerDistrictsOf: (commune) => districtsOf.get(commune)!,
    communesOf: (district) => communesOf.get(district)!,
  }
}

function sharesOf(formers: readonly FormerCommune[]): DistrictShare[] {
  const shares = new Map<CurrentCommune, number>()
  for (const { successors } of formers)
    for (const { current } of successors)
      shares.set(current, (shares.get(current) ?? 0) + 1 / successors.length)
  return [...shares].map(([commune, formers]) => ({ commune, formers })).sort((a, b) => b.formers - a.formers)
}
