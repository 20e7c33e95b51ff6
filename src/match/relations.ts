import type { Sense } from '../gazetteer/names.ts'

/**
 * How well two named units stand together, 0 to 1: 1 = the one lay in the other at one date, less when their dates differ
 * (a former district beside a current commune), 0 = they have nothing to do with each other.
 */
export function districtFits(commune: Sense, district: Sense): number {
  const named = district.districts
  if (commune.former)
    // An older district asks for the commune of its own time first.
    return named.includes(commune.former.district) ? (district.district ? 1 : 0.75) : 0
  if (commune.earlier) {
    const { earlier } = commune
    if (earlier.district === (district.district ?? district.earlierDistrict)) return 1
    if (named.some((one) => one === earlier.district)) return 0.9
    return meet(commune.districts, named) ? 0.85 : 0
  }
  return meet(commune.districts, named) ? 0.7 : 0
}

export function provinceFits(unit: Sense, province: Sense): number {
  const { currentProvince, formerProvince } = province
  if (unit.current) {
    if (currentProvince === unit.nowIn) return 1
    return formerProvince && unit.wasIn.includes(formerProvince) ? 0.8 : 0
  }
  if (formerProvince === unit.wasIn[0]) return 1
  return currentProvince === unit.nowIn ? 0.9 : 0
}

/** Whether two short lists have something in common. */
export function meet<T>(some: readonly T[], others: readonly T[]): boolean {
  for (const one of some) if (others.includes(one)) return true
  return false
}
