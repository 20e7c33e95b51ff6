import type { Gazetteer } from '../../src/gazetteer/types.ts'
import type { Understanding, UnitView } from '../../src/match/types.ts'
import { fold, foldKeepingMarks } from '../../src/text/tokens.ts'

const TYPE_WORD =
  /^(tỉnh|thành phố|phường|xã|thị trấn|đặc khu|quận|huyện|thị xã|tp|tt|tx|p|q|h|x|t)(\.\s*|\s+)(?=\S)/iu

/** A unit's name without its type word; the labels keep or drop it. */
const withoutTypeWord = (name: string): string => name.trim().normalize('NFC').replace(TYPE_WORD, '')

const bare = (name: string) => foldKeepingMarks(withoutTypeWord(name)).replace(/ /g, '')
/** The letters of a name: no marks, no blanks, no type word. */
export const letters = (name: string): string => fold(withoutTypeWord(name)).replace(/ /g, '')

/** Whether `label` is a name of `unit`, marks included ("Hoà" = "Hòa"), in any of its official spellings. */
function isNamed(
  unit: Pick<UnitView, 'name' | 'fullName'> | null | undefined,
  label: string,
  spellings: readonly string[],
): boolean {
  if (!unit) return false
  return [unit.name, unit.fullName, ...spellings].some((name) => bare(name) === bare(label))
}

export interface Named {
  commune(label: string): boolean
  district(label: string): boolean
  province(label: string): boolean
}

/**
 * Questions to the former units of an answer. A label may name a district that was gone by June 2025 ("Quận 9", "Cửa Lò"):
 * the district that took it over is right too, as the answer fills its levels from one date.
 */
export function formerOf({ former }: Understanding, gazetteer: Gazetteer): Named {
  const commune = former?.commune
  const district = former?.district
  const earlier = gazetteer.earlierDistricts
    .filter(({ successors }) => successors.some(({ code }) => code === district?.code))
    .map(({ name }) => name)
  const districtNames = [...(gazetteer.district(district?.code ?? '')?.otherNames ?? []), ...earlier]
  return {
    commune: (label) =>
      isNamed(commune, label, gazetteer.formerCommune(commune?.code ?? '')?.otherNames ?? []),
    district: (label) => isNamed(district, label, districtNames),
    province: (label) => isNamed(former?.province, label, []),
  }
}

/** Questions to the current units of an answer; there are no districts. */
export function currentOf({ current }: Understanding, gazetteer: Gazetteer): Named {
  const commune = current?.commune
  return {
    commune: (label) => isNamed(commune, label, gazetteer.commune(commune?.code ?? '')?.otherNames ?? []),
    district: () => false,
    province: (label) => isNamed(current?.province, label, []),
  }
}
