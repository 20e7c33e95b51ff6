import { nameIndex } from '../gazetteer/names.ts'
import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import { MOST_CANDIDATES } from '../match/decide.ts'
import type { Candidate, FormerReading, Understanding } from '../match/types.ts'
import type { Language, Text } from './problems.ts'
import type { Missing } from './verdict.ts'

type Named = { readonly fullName: string }
const labelOf = (commune: Named, province: Named) => `${commune.fullName}, ${province.fullName}`

/** The commune of today that a choice was, answered by its code or its label without what it was before. */
export function chosenCommune(answer: string, gazetteer: Gazetteer): CurrentCommune | undefined {
  const text = answer.trim()
  return (
    gazetteer.commune(text) ??
    (text.includes(',')
      ? gazetteer.communes.find((commune) => labelOf(commune, commune.province) === text)
      : undefined)
  )
}

/** What a shopper is asked; `choose` when there are several to choose from. */
const QUESTIONS: Record<Missing | 'choose', Text> = {
  province: {
    en: 'Which province or city is it in?',
    vi: 'Địa chỉ ở tỉnh, thành phố nào?',
  },
  commune: { en: 'Which commune or ward is it in?', vi: 'Địa chỉ ở xã, phường nào?' },
  choose: {
    en: 'Which of these communes or wards is it in?',
    vi: 'Địa chỉ ở xã, phường nào trong các nơi sau?',
  },
  street: {
    en: 'Which street, hamlet or group is it in?',
    vi: 'Địa chỉ ở đường, thôn, ấp hay tổ nào?',
  },
  houseNumber: { en: 'What is the house number?', vi: 'Số nhà là gì?' },
}

/** The questions for what is missing, each with what can be answered where that is known. */
export function questions(
  missing: readonly Missing[],
  read: Understanding,
  language: Language,
  gazetteer: Gazetteer,
) {
  return missing.map((part) => {
    const choices = part === 'commune' ? choicesOf(read, language, gazetteer) : []
    return { part, question: QUESTIONS[choices.length > 0 ? 'choose' : part][language], choices }
  })
}

/**
 * The communes that a text can mean, as a shopper reads them: with the former one where that tells them apart. Behind them those
 * of today in a former district at which a candidate stops.
 */
function choicesOf({ candidates }: Understanding, language: Language, gazetteer: Gazetteer) {
  const formers = new Set(candidates.map(({ former }) => placeOf(former)))
  const named = candidates.flatMap(({ current: { province, commune }, former }) =>
    commune
      ? [
          {
            label: `${labelOf(commune, province)}${formers.size > 1 ? before(former, province, language) : ''}`,
            communeCode: commune.code,
            provinceCode: province.code,
            formerCommuneCode: former?.commune?.code ?? null,
          },
        ]
      : [],
  )
  const known = new Set(named.map(({ communeCode }) => communeCode))
  const others = candidates
    .flatMap(({ current: { commune }, former }) => (commune ? [] : inDistrict(former, gazetteer)))
    .filter(({ communeCode }) => !known.has(communeCode) && known.add(communeCode))
  return [...named, ...others].slice(0, MOST_CANDIDATES)
}

function inDistrict(former: FormerReading | null, gazetteer: Gazetteer) {
  const district = gazetteer.district(former?.district?.code ?? '')
  if (!district) return []
  return nameIndex(gazetteer)
    .communesOf(district)
    .map(({ commune }) => ({
      label: labelOf(commune, commune.province),
      communeCode: commune.code,
      provinceCode: commune.province.code,
      formerCommuneCode: null,
    }))
}

const placeOf = (former: FormerReading | null) =>
  former && `${former.commune?.fullName}, ${former.district?.fullName}, ${former.province?.code}`

/** " (formerly Phường 1, Quận Gò Vấp)"; empty when the candidate names no former commune. */
function before(
  former: FormerReading | null,
  now: Candidate['current']['province'],
  language: Language,
): string {
  if (!former?.commune) return ''
  const province = former.province?.name === now.name ? null : former.province
  const names = [former.commune, former.district, province].flatMap((unit) => (unit ? [unit.fullName] : []))
  return language === 'vi' ? ` (${names.join(', ')} cũ)` : ` (formerly ${names.join(', ')})`
}
