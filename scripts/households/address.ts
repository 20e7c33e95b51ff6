import type { FormerCommune, UnitType } from '../../src/gazetteer/types.ts'
import { fold, type Place } from './names.ts'
import { type Draws, drawsFor } from './random.ts'

/** Where a household is said to be: `former` set = written in the structure before July 2025. */
export interface Home {
  place: Place
  former: FormerCommune | null
  /** "Số 5 ngõ 12 phố Lê Lợi", or only "Thôn Đông" when it names no house. */
  house: string
}

export type Style = 'full' | 'short' | 'bare'

const SHORT: Record<UnitType, string> = {
  tinh: '',
  'thanh-pho': 'TP. ',
  quan: 'Q. ',
  huyen: 'H. ',
  'thi-xa': 'TX. ',
  phuong: 'P. ',
  xa: 'X. ',
  'thi-tran': 'TT. ',
  'dac-khu': 'Đặc khu ',
}

/**
 * The way to the door for the ordinal-th household of a commune. No two ordinals of a commune share street and number,
 * so that every address names one household.
 */
export function writeHouse(place: Place, ordinal: number, draw: Draws): string {
  const { commune, streets, hamlets } = place
  const byHamlet = streets.length === 0 || (commune.type !== 'phuong' && draw.chance(0.7))
  const names = byHamlet ? hamlets : streets
  const name = names[ordinal % names.length]!
  // Numbers of a street run on in pairs from a first one of its own, the side of the street by chance.
  const first = drawsFor(Number(commune.code), ordinal % names.length).below(80)
  const number = 1 + first + 2 * Math.floor(ordinal / names.length) + draw.below(2)
  if (byHamlet) return `Số nhà ${number}, ${name}`
  const code = Number(commune.province.code)
  return code >= 66
    ? southern(number, name, draw)
    : code >= 46
      ? central(number, name, draw)
      : northern(number, name, draw)
}

function northern(number: number, street: string, draw: Draws): string {
  const house = 1 + draw.below(60)
  const road = draw.pick([`phố ${street}`, `đường ${street}`, street])
  return draw.pick([
    `Số ${number} ${road}`,
    `${number} ${road}`,
    `Số ${house} ngõ ${number} ${road}`,
    `Số ${house} ngách ${number}/${1 + draw.below(40)} ngõ ${number} ${road}`,
  ])
}

function central(number: number, street: string, draw: Draws): string {
  const house = 1 + draw.below(60)
  const road = draw.pick([`Đường ${street}`, street])
  return draw.pick([`${number} ${road}`, `K${number}/${house} ${road}`, `Số ${number} ${road}`])
}

function southern(number: number, street: string, draw: Draws): string {
  const house = 1 + draw.below(60)
  const road = draw.pick([`Đường ${street}`, street])
  return draw.pick([
    `${number} ${road}`,
    `${number}/${house} ${road}`,
    `${number}/${1 + draw.below(30)}/${house} ${road}`,
  ])
}

/** The cells address, commune, district, province of a home; `joined` puts all into the address. */
export function writeCells(home: Home, style: Style, joined: boolean): [string, string, string, string] {
  const { place, former, house } = home
  const units = former
    ? [former, former.district, former.province]
    : [place.commune, null, place.commune.province]
  const [commune, district, province] = units.map((unit) => {
    if (unit === null || unit === undefined) return ''
    const short = SHORT[unit.type] + unit.name
    return style === 'full' ? unit.fullName : style === 'short' ? short : fold(unit.fullName)
  })
  const way = style === 'bare' ? fold(house) : house
  if (!joined) return [way, commune!, district!, province!]
  return [[way, commune, district, province].filter((part) => part !== '').join(', '), '', '', '']
}
