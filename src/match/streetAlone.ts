import type { NameIndex } from '../gazetteer/names.ts'
import type { Gazetteer } from '../gazetteer/types.ts'
import type { Components } from '../parse/types.ts'
import { type Decision, MOST_CANDIDATES } from './decide.ts'
import { ISSUES } from './issueCodes.ts'
import type { Outcome } from './outcomes.ts'
import type { Reading } from './readings.ts'
import { communesOfStreet, knownAs, mappedStreets } from './streetCommunes.ts'
import type { Candidate, Issue } from './types.ts'
import { viewCurrent } from './views.ts'

/** Belief in the province of a line that names none: never sure. */
const BELIEF = 0.85
const NOTHING_NAMED: Reading = { commune: null, district: null, inDistrict: 0, province: null, points: 0 }

/**
 * The answer to a line that names a house or alley of a street and no unit, when streets of that name are known in one
 * province only ("ngõ 165 Cầu Giấy"): that province, with the communes that have the street to choose from (of 242 such houses
 * of hcmc-points.csv all lie in it). Null where several provinces have one, and for a street that nobody knows; a street alone
 * may be a person's name.
 */
export function streetAlone(components: Components, index: NameIndex, gazetteer: Gazetteer): Decision | null {
  const { name, building, houseNumber, alleys } = components
  // "Trường Hoàng Diệu": words of a place that nobody knows.
  if (!components.street || name || building || !(houseNumber || alleys)) return null
  const street = knownAs(components.street, gazetteer)
  const provinces = new Set([
    ...mappedStreets(street, gazetteer).map(({ commune }) => commune.province),
    ...gazetteer.districtsOfStreet(street).map((district) => index.currentOf(district.province)),
  ])
  const [province, ...others] = provinces
  if (!province || others.length > 0) return null
  const stop: Outcome = {
    reading: NOTHING_NAMED,
    province,
    commune: null,
    former: null,
    belief: BELIEF,
    decidedByPoint: false,
  }
  const candidates = [stop, ...communesOfStreet(stop, components, index, gazetteer)].map(
    ({ commune, belief }): Candidate => ({
      current: viewCurrent(province, commune),
      former: null,
      confidence: Math.round(belief * 1000) / 1000,
      reason: 'of-street',
    }),
  )
  const missing = (part: 'commune' | 'province', used: string | null): Issue => {
    const code = `${part}-missing` as const
    return { code, part, given: null, used, severity: ISSUES[code][0] }
  }
  return {
    reading: null,
    era: 'unknown',
    former: null,
    current: viewCurrent(province, null),
    candidates: candidates.slice(0, MOST_CANDIDATES),
    grade: 'C',
    confidence: BELIEF,
    issues: [missing('commune', null), missing('province', province.fullName)],
  }
}
