import fc from 'fast-check'
import { load } from '../../src/gazetteer/load.ts'
import type { Understanding } from '../../src/match/types.ts'
import { type UnderstandOptions, understandText } from '../../src/match/understand.ts'

export const gazetteer = load()

export const understand = (text: string, options?: UnderstandOptions): Understanding =>
  understandText(text, gazetteer, options)

/** "phường Bến Thành, thành phố Hồ Chí Minh" of an answer, for comparing. */
export const communeOf = ({ current }: Understanding): string =>
  `${current?.commune?.fullName ?? '-'}, ${current?.province.fullName ?? '-'}`

const HOUSES = [
  '12',
  'Số 5',
  '130/20/14/3',
  '73B',
  '25 ngách 34/56 ngõ 78',
  'K448/H20/2',
  'Số nhà 7',
  'Lô C2',
  '',
]
const STREETS = [
  'Trần Hưng Đạo',
  'đường Lê Lợi',
  'Nguyễn Văn Cừ',
  'đường số 5',
  'phố Huế',
  'QL1A',
  'thôn Đông',
  'ấp 3',
  '',
]

const part = (values: readonly string[]) => fc.constantFrom(...values)
/** Forms of streets, and every street name that is known. */
const street = fc.oneof(part(STREETS), fc.constantFrom(...gazetteer.streetNames))

/** The comma parts of an address as it is written today, the units last. */
export const currentAddress = fc
  .tuple(part(HOUSES), street, fc.constantFrom(...gazetteer.communes))
  .map(([house, street, commune]) =>
    [[house, street].filter(Boolean).join(' '), commune.fullName, commune.province.fullName].filter(Boolean),
  )

/** The same in the units before July 2025. */
export const formerAddress = fc
  .tuple(part(HOUSES), street, fc.constantFrom(...gazetteer.formerCommunes))
  .map(([house, street, commune]) =>
    [
      [house, street].filter(Boolean).join(' '),
      commune.fullName,
      commune.district.fullName,
      commune.province.fullName,
    ].filter(Boolean),
  )
