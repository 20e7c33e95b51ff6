import type { NameIndex } from '../gazetteer/names.ts'
import type { FormerCommune } from '../gazetteer/types.ts'
import type { Reading } from './readings.ts'
import type { FormerReading, Understanding } from './types.ts'
import { viewFormer, viewUnit } from './views.ts'

/** The last day of the former units. */
export const LAST_DAY = '2025-06-30'

/**
 * The units before July 2025 that a reading names, missing levels filled from the same date; null when it names none.
 * @param through of several successors of an earlier commune the one meant; by default all are listed.
 */
export function readFormer(reading: Reading, through: FormerCommune | null = null): FormerReading | null {
  const { commune, district, province } = reading
  if (commune?.sense.former) return { ...viewFormer(commune.sense.former), asOf: LAST_DAY, successor: [] }
  if (commune?.sense.earlier) {
    const { earlier } = commune.sense
    const name = earlier.districtName
    return {
      province: viewUnit(earlier.province),
      district: earlier.district
        ? viewUnit(earlier.district)
        : { code: '', name, fullName: name, type: 'huyen' },
      commune: {
        code: earlier.code ?? '',
        name: earlier.name,
        fullName: earlier.fullName,
        type: earlier.type ?? 'xa',
      },
      asOf: earlier.asOf,
      successor: (through ? [through] : earlier.successors).map(viewFormer),
    }
  }
  if (district) {
    const { sense } = district
    const known = sense.district
    return {
      province: viewUnit((known ?? sense.earlierDistrict!).province),
      district: known
        ? viewUnit(known)
        : {
            code: '',
            name: sense.earlierDistrict!.name,
            fullName: sense.earlierDistrict!.fullName,
            type: sense.types[0] ?? 'huyen',
          },
      commune: null,
      asOf: known ? LAST_DAY : null,
      successor: known
        ? []
        : sense.earlierDistrict!.successors.map((one) => ({
            province: viewUnit(one.province),
            district: viewUnit(one),
            commune: null,
          })),
    }
  }
  const former = province?.sense.formerProvince
  if (former && !province.sense.currentProvince && !commune)
    return { province: viewUnit(former), district: null, commune: null, asOf: LAST_DAY, successor: [] }
  return null
}

/** Which units the line speaks in. A province that kept its name says nothing of the era. */
export function eraOf(reading: Reading, index: NameIndex): Understanding['era'] {
  const { commune, district, province } = reading
  const onlyFormerProvince = province !== null && province.sense.currentProvince === null
  if (commune?.sense.current) return district || onlyFormerProvince ? 'mixed' : 'current'
  if (commune) {
    const own = (commune.sense.former ?? commune.sense.earlier!).province
    const newName = province !== null && province.sense.formerProvince !== own
    return newName && index.currentOf(own).name !== own.name ? 'mixed' : 'former'
  }
  if (district || onlyFormerProvince) return 'former'
  return 'unknown'
}
