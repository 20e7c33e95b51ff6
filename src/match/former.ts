import type { NameIndex, Sense } from '../gazetteer/names.ts'
import type { District, EarlierCommune, FormerCommune } from '../gazetteer/types.ts'
import type { Reading } from './readings.ts'
import type { FormerReading, Understanding } from './types.ts'
import { viewEarlier, viewFormer, viewUnit } from './views.ts'

/** The last day of the former units. */
export const LAST_DAY = '2025-06-30'

/**
 * The units before July 2025 that a reading names, missing levels filled from the same date; null when it names none.
 * @param through of several successors of an earlier commune the one meant; by default all are listed.
 */
export function readFormer(reading: Reading, through: FormerCommune | null = null): FormerReading | null {
  const { commune, district, province } = reading
  return formerOf(commune?.sense ?? null, district?.sense ?? null, province?.sense ?? null, through)
}

/** The same of the units that were named; null for a level that was not. */
export function formerOf(
  commune: Sense | null,
  district: Sense | null,
  province: Sense | null,
  through: FormerCommune | null = null,
): FormerReading | null {
  if (commune?.former) {
    const { province, district, commune: unit } = viewFormer(commune.former)
    return { province, district, commune: unit, asOf: LAST_DAY, successor: [] }
  }
  if (commune?.earlier) return readEarlier(commune.earlier, through)
  if (district?.district) return formerDistrict(district.district)
  if (district) {
    const gone = district.earlierDistrict!
    return {
      province: viewUnit(gone.province),
      district: viewEarlier(gone),
      commune: null,
      asOf: gone.asOf,
      successor: gone.successors.map((one) => ({
        province: viewUnit(one.province),
        district: viewUnit(one),
        commune: null,
      })),
    }
  }
  const former = province?.formerProvince
  if (former && !province.currentProvince && !commune)
    return { province: viewUnit(former), district: null, commune: null, asOf: LAST_DAY, successor: [] }
  return null
}

export const formerDistrict = (district: District): FormerReading => ({
  province: viewUnit(district.province),
  district: viewUnit(district),
  commune: null,
  asOf: LAST_DAY,
  successor: [],
})

/**
 * A commune gone before June 2025 with its district and province of that time.
 * @param through of several successors the one meant; by default all are listed.
 */
export function readEarlier(gone: EarlierCommune, through: FormerCommune | null = null): FormerReading {
  return {
    province: viewUnit(gone.province),
    district: viewEarlier(gone.district),
    commune: viewEarlier(gone),
    asOf: gone.asOf,
    successor: (through ? [through] : gone.successors).map(viewFormer),
  }
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
