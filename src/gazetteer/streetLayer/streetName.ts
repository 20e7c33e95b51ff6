import { fold } from '../../text/tokens.ts'
import { streetKeys } from '../streetsKey.ts'
import type { AlleyKind } from './types.ts'

/** A street as a source writes it, taken apart: "Ngách 3 Ngõ 12 phố Láng" is alley 12, 3 of the street "Láng". */
export interface WrittenStreet {
  /** '' when only an alley is written ("Hẻm 42"). */
  readonly key: string
  /** Without its type word, unless that is needed: "Đường số 10", "Phố Huế". */
  readonly name: string
  /** Of the outermost alley, else ''. */
  readonly number: string
  /** The numbers of its alleys from the street inwards: ["12", "3"]; empty when it is no alley. */
  readonly chain: readonly string[]
  /** Of the innermost alley, where the name says it. */
  readonly kind: AlleyKind | null
}

const STREET_WORD = /^(?:đường|dường|đưởng|đuờng|phố|đ\.|p\.)(?=[\s.\d])[\s.]*/i
const BARE_WORD = /^duong +(?=.)/i
const ALLEY =
  /^(ngõ|ngo|ngách|ngàch|ngach|hẻm|hem|kiệt|kiet)[\s.]+(?:số +)?(\d\S*(?: bis)?)(?: - \d\S*)?(?:[\s,]+|$)/i
const ALLEY_WORD = /^(?:hẻm|hem)[ -]+/i
/** Hamlets, groups, ramps and halls that stand among the streets. */
const NO_STREET =
  /^(?:(?:ấp|thôn|xóm|khu phố|khu|tổ|tổ dân phố|kp|dãy|lô|làn) \S*\d\S*|(?:nhánh|vòng xoay|nút giao|hầm|lối|sảnh|dẫn|đi|cao tốc|ngã|đct) .*)$/i
/** "152 Cao Lỗ", "Hém 50 Nguyễn Duy Dương", "He3m 156 Huỳnh Tấn Phát": an alley when what follows is a street. */
const NUMBERED = /^(?:\S{2,4} )?(\d\S*) (\S+ .+)$/
const NUMBER = /^(?:số|sô|so)? ?(\d+[a-z]{0,2}\d*)$/i
/** "Số D33": the word says nothing. */
const NUMBER_WORD = /^số (?=[a-zđ]{1,3}\d)/i
/** The beginning of a code without its number, the word alone, a survey's mark, a slip. */
const CUT_OFF = /^(?:[Ss]ố|[A-ZĐ]{2}|KP ?\d+|.*[_()].*)$/
const DATE = /^(\d{1,2}) ?(?:\/|-|tháng) ?(\d{1,2})$/i
/** Written with a small letter behind the first word. */
const ROAD_WORDS = /^(quốc|tỉnh|hương|đại|xa|liên tỉnh) lộ(?= |$)/i

/**
 * Takes a street's name apart. Null when it says no street: an alley without one, a lone letter, a hamlet, a ramp.
 * @param isKnown whether a key is a street's: decides between "Duong Dinh Hoi" (Dương Đình Hội) and "Duong Tran Phu".
 */
export function readStreet(text: string, isKnown: (key: string) => boolean): WrittenStreet | null {
  const written = readWayName(text, isKnown)
  return written?.key ? written : null
}

/** The same, with alleys whose street the name does not say: their `key` is ''. */
export function readWayName(text: string, isKnown: (key: string) => boolean): WrittenStreet | null {
  let rest = text
    .normalize('NFC')
    .replaceAll('Ð', 'Đ')
    .replace(/[\u200b-\u200f\ufeff]/g, '')
    .replace(/\([^)]*\)/g, ' ')
    .replace(/,.*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, '')
  let chain: string[] = []
  let kind: AlleyKind | null = null
  for (let found = ALLEY.exec(rest); found; found = ALLEY.exec(rest)) {
    kind ??= fold(found[1]!) as AlleyKind
    chain = outside(numbersOf(found[2]!), chain)
    rest = rest.slice(found[0].length)
  }
  rest = rest.replace(ALLEY_WORD, '')
  const numbered = NUMBERED.exec(rest)
  if (numbered && !isKnown(streetKeys(rest)[0]!) && isKnown(streetKeys(numbered[2]!)[0]!)) {
    if (chain.length === 0) chain = numbersOf(numbered[1]!)
    rest = numbered[2]!
  }
  const number = chain[0] ?? ''
  if (rest === '' && number) return { key: '', name: '', number, chain, kind }
  const word = STREET_WORD.exec(rest)?.[0] ?? ''
  rest = rest.slice(word.length).replace(NUMBER_WORD, '')
  if (!word && BARE_WORD.test(rest) && !isKnown(fold(rest))) rest = rest.replace(BARE_WORD, '')
  if (rest === '' || NO_STREET.test(rest) || CUT_OFF.test(rest)) return null
  const name = properName(rest, word)
  return name ? { key: streetKeys(name)[0]!, name, number, chain, kind } : null
}

const numbersOf = (written: string) =>
  written
    .toUpperCase()
    .split('/')
    .filter((number) => number !== '')

/** "Ngách 34/56 Ngõ 34" says 34 twice, "Ngách 56 Ngõ 34" once. */
function outside(outer: string[], inner: string[]): string[] {
  const repeats = inner.length > outer.length && outer.every((number, at) => number === inner[at])
  return repeats ? inner : [...outer, ...inner]
}

function properName(rest: string, word: string): string | null {
  const date = DATE.exec(rest)
  if (date && Number(date[1]) <= 31 && Number(date[2]) <= 12)
    return `Đường ${Number(date[1])}/${Number(date[2])}`
  const number = NUMBER.exec(rest)
  if (number) return `Đường số ${number[1]!.replace(/^0+(?=\d)/, '').toUpperCase()}`
  if (/^\d+[a-z]?\/\d/i.test(rest)) return null
  // a lone letter is a street only when the source says so
  if (rest.length < 2) return word ? `Đường ${rest.toUpperCase()}` : null
  if (!/\p{L}{2}|\p{L}\d|\d/u.test(rest)) return null
  const capital = rest.replace(/(?<=^|[ -])\p{Ll}/gu, (letter) => letter.toUpperCase())
  const name = capital.replace(ROAD_WORDS, (words) => words[0]! + words.slice(1).toLowerCase())
  const lone = /^\p{L}+$/u.test(name) && /^(?:đường|phố)/i.test(word)
  return lone ? `${/^p/i.test(word) ? 'Phố' : 'Đường'} ${name}` : name
}
