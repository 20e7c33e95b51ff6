import type { CurrentCommune, District, Gazetteer, Province } from './types.ts'

/** How provinces and districts of the two eras hang together, read off the communes' relation. */
export interface Eras {
  /** The current province that a former one became part of. */
  currentOf(former: Province): Province
  /** The former provinces and districts whose communes a current commune took over. */
  formerProvincesOf(commune: CurrentCommune): readonly Province[]
  formerDistrictsOf(commune: CurrentCommune): readonly District[]
  /** The communes of today in what was a district, the one that took most of its communes first. Never empty. */
  communesOf(district: District): readonly DistrictShare[]
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
  const shares = new Map<District, Map<CurrentCommune, number>>()
  for (const commune of gazetteer.communes) {
    const formers = commune.sources.map(({ former }) => former)
    provincesOf.set(commune, [...new Set(formers.map(({ province }) => province))])
    districtsOf.set(commune, [...new Set(formers.map(({ district }) => district))])
    for (const { province, district, successors } of formers) {
      currentOf.set(province, commune.province)
      const taken = shares.get(district) ?? new Map<CurrentCommune, number>()
      shares.set(district, taken.set(commune, (taken.get(commune) ?? 0) + 1 / successors.length))
    }
  }
  const communesOf = new Map<District, readonly DistrictShare[]>()
  for (const district of gazetteer.districts) {
    const { becameCommune } = district
    const taken = becameCommune ? [[becameCommune, 1] as const] : [...(shares.get(district) ?? [])]
    communesOf.set(
      district,
      taken.map(([commune, formers]) => ({ commune, formers })).sort((a, b) => b.formers - a.formers),
    )
  }
  return {
    currentOf: (former) => currentOf.get(former)!,
    formerProvincesOf: (commune) => provincesOf.get(commune)!,
    formerDistrictsOf: (commune) => districtsOf.get(commune)!,
    communesOf: (district) => communesOf.get(district)!,
  }
}
