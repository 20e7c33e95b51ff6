import type { Gazetteer } from '../gazetteer/types.ts'
import { ALPHABET } from '../vpostcode/alphabet.ts'
import { formatVpostcode, isCanonical } from '../vpostcode/vpostcode.ts'
import { cellsOf } from './cell.ts'
import { degrees } from './encode.ts'
import type { KnownHouseholds } from './knownHouseholds.ts'

/** How a suggestion differs from what was typed, likeliest first. */
const EDITS = ['look-alike', 'transposition', 'missing', 'extra', 'substitution'] as const
type Edit = (typeof EDITS)[number]

/** A code one edit away from a mistyped one. */
export interface Suggestion {
  vpostcode: string
  formatted: string
  edit: Edit
  /** Somebody is registered there. */
  registered: boolean
  communeCode: string
  /** Centre of the cell, degrees WGS 84. */
  lat: number
  lon: number
}

const MOST_SUGGESTIONS = 10

/** Characters that people take for each other, the commonest confusions first. */
const LOOK_ALIKES = [
  ...[
    '0O',
    '1I',
    '8B',
    '1L',
    '5S',
    '2Z',
    '6G',
    '0Q',
    '0D',
    'OQ',
    'DO',
    'IJ',
    'LJ',
    '17',
    '4A',
    '3E',
    'CG',
    'UV',
    'VW',
  ],
  ...[
    'CO',
    'C0',
    'GO',
    'QG',
    'VY',
    'XY',
    'XK',
    'MN',
    'NH',
    'MH',
    'PR',
    'RF',
    'PF',
    '9G',
    '9Q',
    '38',
    '69',
    '27',
    '71',
  ],
]
const RANKS = new Map(
  LOOK_ALIKES.flatMap(([a, b], rank) => [[`${a}${b}`, rank] as const, [`${b}${a}`, rank] as const]).reverse(),
)
const alikeness = (a: string, b: string) => RANKS.get(a + b) ?? Number.POSITIVE_INFINITY

interface Variant {
  code: string
  edit: Edit
  /** Less is likelier, among variants of one kind of edit. */
  rank: number
}

/** All well-formed codes one edit away from a text in capitals without separators, likeliest first. */
function oneEditAway(text: string): Variant[] {
  const variants = new Map<string, Variant>()
  const add = (code: string, edit: Edit, rank: number) => {
    if (code !== text && isCanonical(code) && !variants.has(code)) variants.set(code, { code, edit, rank })
  }
  const allowed = (position: number) => (position < 5 ? '0123456789' : ALPHABET)
  if (text.length === 12) {
    for (let at = 0; at < 12; at++) {
      const typed = text[at]!
      for (const meant of allowed(at)) {
        const rank = alikeness(typed, meant)
        const edit = rank < LOOK_ALIKES.length ? 'look-alike' : 'substitution'
        add(text.slice(0, at) + meant + text.slice(at + 1), edit, edit === 'look-alike' ? rank : at)
      }
    }
    for (let at = 0; at < 11; at++)
      add(text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2), 'transposition', at)
  } else if (text.length === 11) {
    for (let at = 0; at < 12; at++)
      for (const meant of allowed(at)) add(text.slice(0, at) + meant + text.slice(at), 'missing', at)
  } else if (text.length === 13) {
    for (let at = 0; at < 13; at++) {
      // A key pressed twice is likelier than a stray one.
      const rank = text[at] === text[at + 1] ? 0 : at + 1
      add(text.slice(0, at) + text.slice(at + 1), 'extra', rank)
    }
  }
  const order = (variant: Variant) => EDITS.indexOf(variant.edit) * 100 + variant.rank
  return [...variants.values()].sort((a, b) => order(a) - order(b))
}

/**
 * At most ten codes one edit away: registered ones first, then those whose cell lies in the commune of their postcode.
 * `text` is in capitals without separators. With `registeredOnly` the second kind is left out.
 */
export async function suggest(
  text: string,
  gazetteer: Gazetteer,
  households: KnownHouseholds | null,
  registeredOnly = false,
): Promise<Suggestion[]> {
  const variants = oneEditAway(text).filter(({ code }) => gazetteer.communeByPostcode(code.slice(0, 5)))
  const known = (await households?.knownCodes(variants.map(({ code }) => code))) ?? new Set<string>()
  const found: Suggestion[] = []
  const take = (wanted: boolean) => {
    for (const { code, edit } of variants) {
      if (found.length === MOST_SUGGESTIONS) return
      if (known.has(code) !== wanted) continue
      const commune = gazetteer.communeByPostcode(code.slice(0, 5))!
      const [{ lat, lon }] = cellsOf(code, commune, gazetteer)
      if (!wanted && gazetteer.boundaries.communeAt(lat, lon) !== commune.index) continue
      const place = { communeCode: commune.code, lat: degrees(lat), lon: degrees(lon) }
      found.push({ vpostcode: code, formatted: formatVpostcode(code), edit, registered: wanted, ...place })
    }
  }
  take(true)
  if (!registeredOnly) take(false)
  return found
}
