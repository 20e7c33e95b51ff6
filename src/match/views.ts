import type { CurrentCommune, FormerCommune, Province, Unit } from '../gazetteer/types.ts'
import type { CommuneView, CurrentReading, FormerPlace, UnitView } from './types.ts'

/** A unit with only what the outside is promised. */
export function viewUnit({ code, name, fullName, type }: Unit): UnitView {
  return { code, name, fullName, type }
}

export function viewCommune(commune: CurrentCommune): CommuneView {
  return { ...viewUnit(commune), postcode: commune.postcode }
}

export function viewCurrent(province: Province, commune: CurrentCommune | null): CurrentReading {
  return { province: viewUnit(province), commune: commune && viewCommune(commune) }
}

export function viewFormer(former: FormerCommune): FormerPlace {
  return {
    province: viewUnit(former.province),
    district: viewUnit(former.district),
    commune: viewUnit(former),
  }
}
