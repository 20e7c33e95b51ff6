import type { Candidate, FormerReading, Understanding } from '../match/types.ts'
import type { Language, Text } from './problems.ts'
import type { Missing } from './verdict.ts'

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
export function questions(missing: readonly Missing[], read: Understanding, language: Language) {
  return missing.map((part) => {
    const choices = part === 'commune' ? choicesOf(read, language) : []
    return { part, question: QUESTIONS[choices.length > 0 ? 'choose' : part][language], choices }
  })
}

/** The communes that a text can mean, as a shopper reads them: with the former one where that tells them apart. */
function choicesOf({ candidates }: Understanding, language: Language) {
  const formers = new Set(candidates.map(({ former }) => placeOf(former)))
  return candidates.flatMap(({ current: { province, commune }, former }) =>
    commune
      ? [
          {
            label: `${commune.fullName}, ${province.fullName}${formers.size > 1 ? before(former, province, language) : ''}`,
            communeCode: commune.code,
            provinceCode: province.code,
            formerCommuneCode: former?.commune?.code ?? null,
          },
        ]
      : [],
  )
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
