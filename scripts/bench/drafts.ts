import type { HouseholdDraft } from '../../src/registry/types.ts'

/** As many as a commune of Viet Nam has on average. */
const HOUSEHOLDS_A_COMMUNE = 8_400

/** Numbers from 0 up to 1, always the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const STREETS = [
  'Nguyễn Trãi',
  'Lê Văn Sỹ',
  'Trần Hưng Đạo',
  'Đội Cấn',
  'Hoàng Hoa Thám',
  'Láng',
  'Cách Mạng Tháng Tám',
]
const HAMLETS = ['thôn Đông Tảo', 'xóm Chùa', 'ấp Bình Hòa', 'thôn Phú Thị', 'khóm Mỹ Long']
const ALPHABET = '23456789CFGHJMPQRVWX'

/** Drafts in commune order: 55 % number and street, 15 % alley, 10 % flat, 20 % hamlet only; 80 % with a point; 3 % the row before again. */
export function* drafts(rows: number, random: () => number): Generator<HouseholdDraft> {
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!
  let last: HouseholdDraft | null = null
  for (let i = 0; i < rows; i++) {
    const commune = Math.floor(i / HOUSEHOLDS_A_COMMUNE)
    const local = i % HOUSEHOLDS_A_COMMUNE
    if (last && random() < 0.03) {
      yield { ...last, text: last.text.toUpperCase() }
      continue
    }
    const kind = random()
    const street = `${pick(STREETS)} ${1 + (local % 7)}`
    const number = String(1 + Math.floor(local / 7))
    const parts: HouseholdDraft['parts'] =
      kind < 0.55
        ? { houseNumber: number, street }
        : kind < 0.7
          ? {
              houseNumber: `${number}/${local % 30}/5`,
              alleys: [
                { kind: null, number },
                { kind: null, number: String(local % 30) },
              ],
              street,
            }
          : kind < 0.8
            ? { unit: `B${local % 40}.${local}`, building: `Chung cư ${local % 9}`, street }
            : { hamlet: pick(HAMLETS) }
    const communeCode = String(1 + commune * 3).padStart(5, '0')
    const postcode = String(10_000 + commune)
    const lat = 10 + (commune % 100) * 0.1 + Math.floor(local / 92) * 0.0003
    const lon = 105 + Math.floor(commune / 100) * 0.1 + (local % 92) * 0.0003
    const known = random() < 0.8
    const tail = Array.from({ length: 7 }, () => pick([...ALPHABET])).join('')
    last = {
      text: [
        parts.unit,
        parts.building,
        parts.houseNumber,
        parts.street,
        parts.hamlet,
        `Phường số ${commune}, Thành phố Hà Nội`,
      ]
        .filter(Boolean)
        .join(', '),
      parts,
      provinceCode: String(1 + Math.floor(commune / 98)).padStart(2, '0'),
      communeCode,
      formerCommuneCode: random() < 0.5 ? communeCode : null,
      postcode,
      point: known ? { lat, lon, source: 'given', accuracy: 15 } : null,
      vpostcode: known ? postcode + tail : null,
      grade: 'A',
      confidence: 0.97,
      review: [],
      externalId: random() < 0.3 ? `HK-${i}` : null,
    }
    yield last
  }
}
