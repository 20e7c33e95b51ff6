import type { CurrentCommune, District, Gazetteer, Province } from './types.ts'

/** How provinces and districts of the two eras hang together, read off the communes' relation. */
export interface Eras {
  /** The current province that a former one became part of. */
  currentOf(former: Province): Province
  /** The former provinces and districts whose communes a current commune took over. */
  formerProvincesOf(commune: CurrentCommune): readonly Province[]
  formerDistrictsOf(commune: CurrentCommune): readonly District[]
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
  return {
    currentOf: (former) => currentOf.get(former)!,
    formerProvincesOf: (commune) => provincesOf.get(commune)!,
    formerDistrictsOf: (commune) => districtsOf.get(commune)!,
  }
}
