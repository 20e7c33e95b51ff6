import { streetKeys } from '../../src/gazetteer/streetsKey.ts'
import { fold, foldKeepingMarks } from '../../src/text/tokens.ts'

/** A street as a source writes it, taken apart: "Ngách 3 Ngõ 12 phố Láng" is alley 12 of the street "Láng". */
export interface WrittenStreet {
  readonly key: string
  /** Without its type word, unless that is needed: "Đường số 10", "Phố Huế". */
  readonly name: string
  /** Of the outermost alley, else ''. */
  readonly number: string
}

const STREET_WORD = /^(?:đường|dường|đưởng|đuờng|phố|đ\.|p\.)(?=[\s.\d])[\s.]*/i
const BARE_WORD = /^duong +(?=.)/i
const ALLEY =
  /^(?:ngõ|ngo|ngách|ngàch|ngach|hẻm|hem|kiệt|kiet)[\s.]+(?:số +)?(\d\S*(?: bis)?)(?: - \d\S*)?(?:[\s,]+|$)/i
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
  let rest = text
    .normalize('NFC')
    .replaceAll('Ð', 'Đ')
    .replace(/[\u200b-\u200f\ufeff]/g, '')
    .replace(/\([^)]*\)/g, ' ')
    .replace(/,.*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, '')
  let number = ''
  for (let found = ALLEY.exec(rest); found; found = ALLEY.exec(rest)) {
    // the last one named is the outermost
    number = found[1]!.split('/', 1)[0]!.toUpperCase()
    rest = rest.slice(found[0].length)
  }
  rest = rest.replace(ALLEY_WORD, '')
  const numbered = NUMBERED.exec(rest)
  if (numbered && !isKnown(streetKeys(rest)[0]!) && isKnown(streetKeys(numbered[2]!)[0]!)) {
    number ||= numbered[1]!.split('/', 1)[0]!.toUpperCase()
    rest = numbered[2]!
  }
  const word = STREET_WORD.exec(rest)?.[0] ?? ''
  rest = rest.slice(word.length).replace(NUMBER_WORD, '')
  if (!word && BARE_WORD.test(rest) && !isKnown(fold(rest))) rest = rest.replace(BARE_WORD, '')
  if (rest === '' || NO_STREET.test(rest) || CUT_OFF.test(rest)) return null
  const name = properName(rest, word)
  return name ? { key: streetKeys(name)[0]!, name, number } : null
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

/** How often each spelling of each key was read; gives every key its usual spelling. */
export class Spellings {
  private readonly byKey = new Map<string, Map<string, Map<string, number>>>()

  add(key: string, name: string): void {
    const accents = this.byKey.get(key) ?? new Map<string, Map<string, number>>()
    this.byKey.set(key, accents)
    const accent = foldKeepingMarks(name)
    const written = accents.get(accent) ?? new Map<string, number>()
    accents.set(accent, written)
    written.set(name, (written.get(name) ?? 0) + 1)
  }

  copy(): Spellings {
    const copy = new Spellings()
    for (const [key, accents] of this.byKey)
      copy.byKey.set(key, new Map([...accents].map(([accent, written]) => [accent, new Map(written)])))
    return copy
  }

  has(key: string): boolean {
    return this.byKey.has(key)
  }

  /** The usual spelling of a key: of all, or of those that say the same as one of `among` when they are not rare. */
  best(key: string, among?: readonly string[]): string {
    const accents = [...this.byKey.get(key)!].map(([accent, written]) => {
      const count = [...written.values()].reduce((sum, n) => sum + n, 0)
      const name = [...written].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]![0]
      return { accent, name, count, bare: accent === fold(name) }
    })
    // a spelling without any mark may be a lazy one of another
    accents.sort(
      (a, b) => Number(a.bare) - Number(b.bare) || b.count - a.count || (a.accent < b.accent ? -1 : 1),
    )
    const [usual] = accents
    const wanted = new Set(among?.map(foldKeepingMarks))
    const own = accents.find(({ accent, bare }) => wanted.has(accent) && (!bare || usual!.bare))
    // ten times rarer than the usual spelling it is a mistake: "Mạc Đỉnh Chi"
    return own && own.count * 10 > usual!.count ? own.name : usual!.name
  }
}
