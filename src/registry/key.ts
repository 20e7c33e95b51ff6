import * as crypto from 'node:crypto'
import type { HouseholdParts } from './types.ts'

/**
 * The key of an address, version 1. FROZEN: households are found by it for ever, so nothing here may call code that can
 * change (that is why it folds letters itself). A better key becomes KEY_VERSION 2 beside this one.
 *
 * A key is 19 bytes, written as 38 hexadecimal digits, the parts of the address from wide to narrow:
 *
 *     0ccccc hhhhhhhhhhhhhhhh 0fffff aaaaaaaaaa
 *     |      |                |      hamlet: 40 bits of SHA-256, 0 = not said
 *     |      |                former commune, its five digits, 0 = unknown
 *     |      64 bits of SHA-256 over street, alleys with house number, building, block, floor, unit
 *     current commune, its five digits
 *
 * Commune and hash together are the core: households that may be the same stand side by side in an index. Two of the
 * 100,000 addresses of a large commune share a hash by accident with a chance of 3e-10.
 */
export const KEY_VERSION = 1
/** Hexadecimal digits of the commune, with which a key begins. */
const COMMUNE_LENGTH = 6
/** Hexadecimal digits of the core. */
export const CORE_LENGTH = 22

/** The key of a household that no row may find any more: it was withdrawn or erased. No address has it. */
export const NO_KEY = '0'.repeat(38)

export interface KeyInput {
  communeCode: string
  formerCommuneCode: string | null
  parts: HouseholdParts
}

/**
 * Does the address name one home? It needs a house number, a lot (both stand in houseNumber) or a flat, and something that
 * this is a number of: "số 12, phường Láng" alone names no house.
 */
export function identifies(parts: HouseholdParts): boolean {
  if (!parts.houseNumber && !parts.unit) return false
  return Boolean(
    parts.street || parts.alleys?.length || parts.hamlet || parts.group || parts.building || parts.block,
  )
}

/** The key of an address; the core is its first CORE_LENGTH digits. */
export function keyOf({ communeCode, formerCommuneCode, parts }: KeyInput): string {
  const named = identifies(parts)
  const { street, door, building, block, floor, unit, group, hamlet } = wordsOf(parts)
  const core = [
    named ? 'home' : 'place',
    street,
    door,
    building,
    block,
    floor,
    unit,
    // A group numbers houses where no street or building does, and is all that a text without a house has.
    !named || (!street && !building) ? group : '',
    named ? '' : fold(parts.name),
  ].join('|')
  return (
    digits(communeCode) +
    sha256(core).slice(0, 16) +
    digits(formerCommuneCode ?? '') +
    (hamlet ? sha256(hamlet).slice(0, 10) : UNKNOWN_HAMLET)
  )
}

/** The same address in another commune of today. */
export const inCommune = (key: string, communeCode: string): string =>
  digits(communeCode) + key.slice(COMMUNE_LENGTH)

/** The parts of an address as the key compares them: folded, without type words; empty when not said. */
export function wordsOf(parts: HouseholdParts) {
  return {
    street: streetOf(parts.street),
    door: doorOf(parts),
    building: withoutWords(fold(parts.building), BUILDING_WORDS),
    block: number(withoutWords(fold(parts.block), BLOCK_WORDS)),
    floor: number(withoutWords(fold(parts.floor), FLOOR_WORDS)),
    unit: number(withoutWords(fold(parts.unit), UNIT_WORDS)),
    group: fold(parts.group),
    hamlet: hamletOf(parts.hamlet),
  }
}

/** The hamlet alone. */
export const hamletOf = (hamlet: string | undefined) => fold(hamlet)

/** The street alone. */
export const streetOf = (street: string | undefined) => withoutWords(fold(street), STREET_WORDS)

/** Two keys of one core that differ only by a former commune or hamlet that one of them does not know. */
export function differByUnknown(a: string, b: string): boolean {
  if (a === b) return false
  const agree = (from: number, to: number, unknown: string) => {
    const ours = a.slice(from, to)
    const theirs = b.slice(from, to)
    return ours === theirs || ours === unknown || theirs === unknown
  }
  return (
    a.slice(0, CORE_LENGTH) === b.slice(0, CORE_LENGTH) &&
    agree(CORE_LENGTH, CORE_LENGTH + 6, UNKNOWN_FORMER) &&
    agree(CORE_LENGTH + 6, CORE_LENGTH + 16, UNKNOWN_HAMLET)
  )
}

const UNKNOWN_FORMER = '000000'
const UNKNOWN_HAMLET = '0000000000'

const STREET_WORDS = ['duong', 'pho']
const BUILDING_WORDS = ['khu chung cu', 'chung cu', 'toa nha', 'toa']
const BLOCK_WORDS = ['block', 'toa nha', 'toa', 'khoi', 'nha']
const FLOOR_WORDS = ['tang', 'lau']
const UNIT_WORDS = ['can ho so', 'can ho', 'can so', 'can', 'phong so', 'phong', 'p']
const HOUSE_WORDS = ['so nha', 'nha so', 'so', 'nha']
const ALLEY_WORDS = ['ngo', 'ngach', 'hem', 'kiet', 'k', 'h']

/** Texts that folding leaves as they are: most house numbers. */
const PLAIN = /^[1-9][0-9]*[a-z]?$/

/** Lower case, no accents, letters and digits and "/" with one blank between words, numbers without leading zeros. */
function fold(text: string | undefined): string {
  if (!text) return ''
  if (PLAIN.test(text)) return text
  const known = folded.get(text)
  if (known !== undefined) return known
  const result = text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/\u0111/g, 'd')
    .replace(/[^a-z0-9/]+/g, ' ')
    .replace(/(^|[^0-9])0+(?=[0-9])/g, '$1')
    .trim()
  if (folded.size >= 10_000) folded.clear()
  folded.set(text, result)
  return result
}
/** Streets and hamlets repeat from row to row. */
const folded = new Map<string, string>()

/** "duong lang" -> "lang", "so 25" -> "25", "p1205" -> "1205"; a word that stands alone stays. */
function withoutWords(folded: string, words: readonly string[]): string {
  for (const word of words) {
    if (!folded.startsWith(word)) continue
    const rest = folded.slice(word.length)
    if (/^( [a-z0-9]|[0-9])/.test(rest)) return rest.trim()
  }
  return folded
}

/** "b12 05" -> "b12-5", "bl a 10" -> "bla10": punctuation counts only between two digits. */
function number(folded: string): string {
  return folded.replace(/ /g, (_, at: number) =>
    isDigit(folded[at - 1]!) && isDigit(folded[at + 1]!) ? '-' : '',
  )
}
const isDigit = (letter: string) => letter >= '0' && letter <= '9'

/**
 * The way from the street to the door, outermost first: "25, ngách 34/56, ngõ 78" -> 78/34/56/25, "130/20/14/3" as it is,
 * "K448/H20/2" -> 448/20/2. The words ngõ, ngách, hẻm and kiệt do not count: people swap them.
 */
export function doorOf(parts: Pick<HouseholdParts, 'houseNumber' | 'alleys'>): string {
  const house = split(withoutWords(fold(parts.houseNumber), HOUSE_WORDS))
  const inner = house.pop() ?? ''
  const way = house.map(alleyNumber)
  const alleys = (parts.alleys ?? []).flatMap((alley) => split(fold(alley.number)).map(alleyNumber))
  // A southern chain repeats its alleys in the house number.
  const repeated = way.length >= alleys.length && alleys.every((alley, i) => alley === way[i])
  return [...(repeated ? [] : alleys), ...way, inner].join('/')
}
const split = (folded: string) => (folded ? folded.split('/').map((part) => number(part.trim())) : [])

function alleyNumber(part: string): string {
  const word = ALLEY_WORDS.find((word) => part.startsWith(word) && isDigit(part[word.length] ?? ''))
  return word ? part.slice(word.length) : part
}

/** A unit's code as three bytes. */
function digits(code: string): string {
  if (!/^\d{0,5}$/.test(code)) throw new RangeError(`not a commune code: ${code}`)
  return code.padStart(6, '0')
}

const sha256: (text: string) => string = crypto.hash
  ? (text) => crypto.hash('sha256', text, 'hex')
  : (text) => crypto.createHash('sha256').update(text).digest('hex')
