import { once } from '../gazetteer/once.ts'
import type {
  CurrentCommune,
  District,
  EarlierCommune,
  EarlierDistrict,
  FormerCommune,
  Province,
  Unit,
} from '../gazetteer/types.ts'
import type { CommuneView, CurrentReading, FormerPlace, FormerUnitView, UnitView } from './types.ts'

/** A view of something immutable, made once and frozen: answers share it. */
function shared<T extends object, View extends object>(make: (of: T) => View): (of: T) => View {
  return once((of) => Object.freeze(make(of)))
}

/** A unit with only what the outside is promised. */
export const viewUnit = shared(
  ({ code, name, fullName, type }: Unit): UnitView => ({ code, name, fullName, type }),
)

/** A unit gone before June 2025. */
export const viewEarlier = shared(
  ({ code, name, fullName, type }: District | EarlierDistrict | EarlierCommune): FormerUnitView => ({
    code,
    name,
    fullName,
    type,
  }),
)

export const viewCommune = shared(
  ({ code, name, fullName, type, postcode }: CurrentCommune): CommuneView => ({
    code,
    name,
    fullName,
    type,
    postcode,
  }),
)

export const viewFormer = shared(
  (former: FormerCommune): FormerPlace => ({
    province: viewUnit(former.province),
    district: viewUnit(former.district),
    commune: viewUnit(former),
  }),
)

export function viewCurrent(province: Province, commune: CurrentCommune | null): CurrentReading {
  return { province: viewUnit(province), commune: commune && viewCommune(commune) }
}
