import type { CsvRow } from '../../src/gazetteer/csv.ts'
import { listedNames } from '../../src/gazetteer/tables.ts'
import type { UnitType } from '../../src/gazetteer/types.ts'
import { TYPE_WORDS } from '../../src/gazetteer/unitTypes.ts'
import { DISTRICT_AS_OF } from './asOf.ts'
import type { Commune2019 } from './communes2019.ts'
import type { FormerUnits } from './former.ts'
import { fold } from './names.ts'
import type { Trail } from './trails.ts'

/** Known from elsewhere, by the code of 2019: the list of aliases writes them too differently. */
const BY_HAND: Record<string, string> = {
  '01426': '01429', // Hồng Sĩ, then written Hồng Sỹ
  '13960': '13951', // Nghĩa Phúc, which the list calls Phúc Nghĩa
  '23671': '23674', // Kông Pla, which the list calls another spelling of Kông Bơ La
}

/** In the list of aliases, not in the list of 2019; their accents by hand. [name, successor, last year or day] */
const BESIDE_2019 = [
  ['Trưng Vương', '01699', '2019'], // 2019: "Trương Vương"
  ['Minh Tâm', '15829', '2024-01-31'], // made of two communes in 2019
  ['Kênh Giang', '10585', '2019'], // gone in spring 2019
  ['Trực Phú', '14077', '2017'],
] as const

/** The rows of earlier-communes.csv: what stood in 2019 under another name, type or district than in June 2025. */
export function earlierCommunes(
  communes: Commune2019[],
  former: FormerUnits,
  trails: Map<string, Trail>,
): CsvRow[] {
  const formerByCode = new Map(former.communes.map((unit) => [unit.code, unit]))
  const districts = new Map(former.districts.map((unit) => [unit.code, unit]))
  const withCommunes = new Set(former.communes.map((unit) => unit.district_code))
  const key = (...parts: string[]) => parts.join(' ')
  const living = new Map<string, string>()
  const inProvince = new Map<string, string[]>()
  for (const unit of former.communes)
    for (const name of new Set([unit.name, ...listedNames(unit.other_names)].map(fold))) {
      living.set(key(unit.district_code, unit.type, name), unit.code)
      const place = key(districts.get(unit.district_code)!.province_code, name)
      inProvince.set(place, [...(inProvince.get(place) ?? []), unit.code])
    }

  const rows: CsvRow[] = []
  for (const commune of communes) {
    const district = districts.get(commune.districtCode)
    // 769 was Quận 2 and is Thành phố Thủ Đức
    const districtLives =
      district &&
      [district.name, ...listedNames(district.other_names)].some(
        (name) => fold(name) === fold(commune.district.name),
      )
    const same = districtLives && living.get(key(commune.districtCode, commune.type, commune.folded))
    if (same === commune.code) continue
    const { successors, asOf, sources } = trails.get(commune.code)!
    const carriedOver = formerByCode.get(commune.code)
    // the code is the weakest sign: a merged commune got the code of one of its parts, mostly of its largest
    if (successors.size === 0 && !same && carriedOver) successors.add(commune.code)
    if (successors.size === 0 && BY_HAND[commune.code]) successors.add(BY_HAND[commune.code]!)
    const namesakes = inProvince.get(key(commune.provinceCode, commune.folded)) ?? []
    // a new code for the same name, and no other commune of this name in the province
    if (successors.size === 0 && !same && namesakes.length === 1) successors.add(namesakes[0]!)
    // the living name leads on: merged into a commune that kept its name, or a new code
    if (same && (successors.size === 0 || successors.has(same))) continue
    if (successors.size === 0 && (!district || withCommunes.has(district.code))) {
      console.log(`left out: ${commune.code} ${commune.name}, ${commune.district.name}: no successor known`)
      continue
    }
    const sameName =
      carriedOver?.type === commune.type &&
      [carriedOver.name, ...listedNames(carriedOver.other_names)].map(fold).includes(commune.folded)
    rows.push({
      code: commune.code,
      name: commune.name,
      type: commune.type,
      district_code: districtLives ? district.code : '',
      district_name: `${TYPE_WORDS[commune.district.type]} ${commune.district.name}`,
      province_code: commune.provinceCode,
      // what only changed its district stood in the old one as long as that stood
      as_of: asOf || (sameName || successors.size === 0 ? (DISTRICT_AS_OF[commune.districtCode] ?? '') : ''),
      successors: [...successors].sort().join(' '),
      source: ['communes-2019-10', ...sources].join(' '),
    })
  }
  for (const [name, successor, as_of] of BESIDE_2019) {
    const district = districts.get(formerByCode.get(successor)!.district_code)!
    rows.push({
      code: '',
      name,
      type: 'xa',
      district_code: district.code,
      district_name: `${TYPE_WORDS[district.type as UnitType]} ${district.name}`,
      province_code: district.province_code,
      as_of,
      successors: successor,
      source: 'vietnamadminunits',
    })
  }
  return rows
}
