import type { CurrentCommune, Gazetteer, Province } from '../gazetteer/types.ts'
import { understandText } from '../match/understand.ts'
import type { CoverageReader } from '../registry/coverage/store.ts'
import { UsageError } from './exit.ts'

/** A province of today by its two-digit code or its name. Throws UsageError. */
function readProvince(text: string, gazetteer: Gazetteer): Province {
  const trimmed = text.trim()
  const byCode = /^\d{1,2}$/.test(trimmed)
    ? gazetteer.province(trimmed.padStart(2, '0'), 'current')
    : undefined
  if (byCode) return byCode
  const { current } = understandText(trimmed.slice(0, 100), gazetteer, { era: 'current' })
  const named = current && !current.commune ? gazetteer.province(current.province.code, 'current') : undefined
  if (!named) throw new UsageError(`"${text}" is no province of today: give its two-digit code or its name`)
  return named
}

/** A commune of today by its five-digit code. Throws UsageError. */
function readCommune(text: string, gazetteer: Gazetteer): CurrentCommune {
  const commune = /^\d{1,5}$/.test(text.trim()) ? gazetteer.commune(text.trim().padStart(5, '0')) : undefined
  if (!commune) throw new UsageError(`"${text}" is no five-digit code of a commune of today`)
  return commune
}

/** Where a command is asked to work: a province, a commune of it, or (null) everywhere. Throws UsageError. */
export function readPlace(
  { province, commune }: { province?: string; commune?: string },
  gazetteer: Gazetteer,
): { province: Province; commune: CurrentCommune | null } | null {
  if (commune !== undefined) {
    const found = readCommune(commune, gazetteer)
    if (province !== undefined && readProvince(province, gazetteer) !== found.province)
      throw new UsageError(`commune ${found.code} does not lie in "${province}"`)
    return { province: found.province, commune: found }
  }
  return province === undefined ? null : { province: readProvince(province, gazetteer), commune: null }
}

/** The communes that have households, by province and code. */
export async function placesOf(
  store: CoverageReader,
  place: ReturnType<typeof readPlace>,
): Promise<{ provinceCode: string; communeCode: string }[]> {
  if (place?.commune) return [{ provinceCode: place.province.code, communeCode: place.commune.code }]
  const provinces = place
    ? [place.province.code]
    : (await store.provinceTallies()).map((one) => one.provinceCode)
  const places = []
  for (const provinceCode of provinces)
    for (const { communeCode, households } of await store.communeTallies(provinceCode))
      if (households > 0) places.push({ provinceCode, communeCode })
  return places
}
