import type { Components } from '../../match/types.ts'

/** The way from the street to a door, as far as the address says it. */
export interface Way {
  /** The numbers of the alleys, outermost first, upper case without type words: ["130", "20", "14"]. */
  readonly alleys: readonly string[]
  /** What stands on the door ("3", "1099A", "14;16"), upper case; null when the address stops at an alley. */
  readonly house: string | null
  /** It goes through more alleys than lie in one another anywhere: no such way is looked for on the map. */
  readonly isDeep: boolean
  /** The number at the street, of the alley's mouth or of the house; NaN when that tells none ("B6/185", "0"). */
  readonly first: number
}

const ALLEY_WORD = /^(?:NGÕ|NGACH|NGÁCH|NGO|HẺM|HEM|KIỆT|KIET|K|H)(?=\d)/
/** Nothing is numbered 0; longer ones are no house numbers: a spreadsheet has made days of "6/1". */
const NUMBER = /^([1-9]\d{0,3})(?!\d)/
/** Alleys lie up to seven levels deep. */
const MOST_ALLEYS = 7

/** The way of an address; null when it has neither number nor alley. */
export function wayOf({ houseNumber, alleys }: Pick<Components, 'houseNumber' | 'alleys'>): Way | null {
  const written = split(houseNumber)
  const house = written.pop() ?? null
  const chain = written.map(bare)
  let named: string[] = []
  for (const { number } of alleys ?? []) {
    const parts = split(number).map(bare)
    // "ngách 78/34 ngõ 78" tells the ngõ twice.
    const repeats = named.every((alley, i) => alley === parts[i])
    named = repeats ? parts : named.concat(parts)
  }
  // A southern chain repeats alleys in the house number: all of them, or the inner ones ("25/14 hẻm 130").
  let shared = Math.min(named.length, chain.length)
  while (shared > 0 && !chain.slice(0, shared).every((one, i) => one === named[named.length - shared + i]))
    shared--
  const way = [...named, ...chain.slice(shared)]
  const outermost = way[0] ?? house
  if (outermost === null) return null
  const isDeep = way.length > MOST_ALLEYS
  return { alleys: way, house, isDeep, first: isDeep ? Number.NaN : leading(outermost) }
}

/** The turns that a courier takes from the street: alleys, then the door. */
export const turnsOf = ({ alleys, house }: Way): string[] =>
  house === null ? [...alleys] : [...alleys, house]

/** The number that a house or alley number begins with; NaN when it begins with none or with 0. */
export const leading = (number: string): number => Number(NUMBER.exec(number)?.[1] ?? Number.NaN)

/** The single numbers of a door that has several: "14;16", "109-111" -> 14, 16; 109, 111. "BL.A-10" is one. */
export const singles = (number: string): string[] =>
  number
    .toUpperCase()
    .replace(/\s+/g, '')
    .split(/[;,&+]|(?<=^\d[^-–]*|[-–]\d[^-–]*)[-–](?=\d)/)
    .map((one) => one.replaceAll('.', '').replace(/^0+(?=\d)/, ''))
    .filter((one) => one !== '')

const split = (number: string | undefined): string[] =>
  number
    ? number
        .normalize('NFC')
        .toUpperCase()
        .split('/')
        .map((part) => part.replace(/\s+/g, '').replace(/^0+(?=\d)/, ''))
        .filter((part) => part !== '')
    : []

const bare = (number: string) => number.replace(ALLEY_WORD, '')
