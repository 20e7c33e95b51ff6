import type { NameIndex, Sense } from '../gazetteer/names.ts'

/**
 * How well two named units stand together, 0 to 1: 1 = the one lay in the other at one date, less when their dates differ
 * (a former district beside a current commune), 0 = they have nothing to do with each other.
 */
export function districtFits(commune: Sense, district: Sense, index: NameIndex): number {
  const named = district.district ? [district.district] : district.earlierDistrict!.successors
  const own = district.district !== null
  if (commune.former)
    // An older district asks for the commune of its own time first.
    return named.includes(commune.former.district) ? (own ? 1 : 0.75) : 0
  if (commune.earlier) {
    const { earlier } = commune
    if (earlier.district === (district.district ?? district.earlierDistrict)) return 1
    if (named.some((one) => one === earlier.district)) return 0.9
    return earlier.successors.some((former) => named.includes(former.district)) ? 0.85 : 0
  }
  return index.formerDistrictsOf(commune.current!).some((one) => named.includes(one)) ? 0.7 : 0
}

export function provinceFits(unit: Sense, province: Sense, index: NameIndex): number {
  const former =
    unit.former?.province ??
    unit.earlier?.province ??
    unit.district?.province ??
    unit.earlierDistrict?.province
  if (former) {
    if (province.formerProvince === former) return 1
    return province.currentProvince === index.currentOf(former) ? 0.9 : 0
  }
  const { current } = unit
  if (province.currentProvince === current!.province) return 1
  const { formerProvince } = province
  return formerProvince && index.formerProvincesOf(current!).includes(formerProvince) ? 0.8 : 0
}
