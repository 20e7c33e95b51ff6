import { LEVEL } from '../gazetteer/namedSenses.ts'
import type { UnitType } from '../gazetteer/types.ts'
import { typeBits } from '../gazetteer/unitTypes.ts'
import { type Folded, Gap, type Token, tokenize } from '../text/tokens.ts'

/** A type word in front of a name: "Phường", "P.", "TP". */
export interface TypeWord {
  /** How many tokens it takes. */
  readonly length: number
  readonly types: readonly UnitType[]
  /** The same as bits, see `typeBits`. */
  readonly typeBits: number
  /** The levels of units that bear one of these types, as bits. */
  readonly levels: number
  /** "P." and "T." can stand for other things; "Phường" cannot. */
  readonly short: boolean
}

/** The type words of each level. */
const LEVEL_TYPES: Record<keyof typeof LEVEL, readonly UnitType[]> = {
  province: ['tinh', 'thanh-pho'],
  district: ['quan', 'huyen', 'thi-xa', 'thanh-pho'],
  commune: ['phuong', 'xa', 'thi-tran', 'dac-khu'],
}

function levelsOf(types: readonly UnitType[]): number {
  let levels = 0
  for (const level of Object.keys(LEVEL) as (keyof typeof LEVEL)[])
    if (types.some((type) => LEVEL_TYPES[level].includes(type))) levels |= LEVEL[level]
  return levels
}

const typeWord = (length: number, types: readonly UnitType[], short: boolean): TypeWord => ({
  length,
  types,
  typeBits: typeBits(types),
  levels: levelsOf(types),
  short,
})

const WORDS: [string, UnitType[], 'short'?][] = [
  ['phường', ['phuong']],
  ['ward', ['phuong']],
  ['xã', ['xa']],
  ['thị trấn', ['thi-tran']],
  ['quận', ['quan']],
  ['district', ['quan', 'huyen']],
  ['huyện', ['huyen']],
  ['huyện đảo', ['huyen']],
  ['thị xã', ['thi-xa']],
  ['thành phố', ['thanh-pho']],
  ['tỉnh', ['tinh']],
  ['đặc khu', ['dac-khu']],
  ['p', ['phuong'], 'short'],
  ['f', ['phuong'], 'short'],
  ['ph', ['phuong'], 'short'],
  ['x', ['xa'], 'short'],
  ['tt', ['thi-tran'], 'short'],
  ['t t', ['thi-tran'], 'short'],
  ['q', ['quan'], 'short'],
  ['qu', ['quan'], 'short'],
  ['h', ['huyen'], 'short'],
  ['tx', ['thi-xa'], 'short'],
  ['t x', ['thi-xa'], 'short'],
  ['tp', ['thanh-pho'], 'short'],
  ['t p', ['thanh-pho'], 'short'],
  ['t', ['tinh'], 'short'],
  ['đk', ['dac-khu'], 'short'],
]

/** What Vietnamese syllables look like without their marks. */
const SYLLABLE =
  /^(?:ngh|ng|nh|ch|gh|gi|kh|ph|th|tr|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?$/

const spelled = ({ fold }: Folded) => misspelled.get(fold) ?? fold

interface Entry {
  readonly folds: readonly string[]
  readonly accents: readonly string[]
  readonly word: TypeWord
}
const byFirst = new Map<string, Entry[]>()
/** Long type words with one letter wrong, where that gives no syllable ("tnih", "phuon", "thnah pho"). */
const misspelled = new Map<string, string>()
for (const [text, types, short] of WORDS) {
  const tokens = tokenize(text)
  const entry = {
    folds: tokens.map((token) => token.fold),
    accents: tokens.map((token) => token.accent),
    word: typeWord(tokens.length, types, short === 'short'),
  }
  const list = byFirst.get(entry.folds[0]!) ?? []
  list.push(entry)
  // The longest first: "thị xã" before a "thị" of anything else.
  list.sort((a, b) => b.word.length - a.word.length)
  byFirst.set(entry.folds[0]!, list)
  if (!short)
    for (const word of entry.folds)
      if (word.length >= 4)
        for (const slip of slips(word)) if (!SYLLABLE.test(slip)) misspelled.set(slip, word)
}

/** "thnahpho", "thixxa": type words of two syllables in one word or broken anew, with at most one letter wrong. */
const runTogether = new Map<string, TypeWord>()
for (const [text, types, short] of WORDS) {
  const folds = tokenize(text).map(({ fold }) => fold)
  if (short || folds.length < 2) continue
  const letters = folds.join('')
  for (const slip of [letters, ...slips(letters)]) runTogether.set(slip, typeWord(1, types, false))
}

/** One letter dropped, doubled or swapped with its neighbour. */
function* slips(word: string): Generator<string> {
  for (let i = 0; i < word.length; i++) {
    yield word.slice(0, i) + word.slice(i + 1)
    yield word.slice(0, i) + word[i] + word.slice(i)
    if (i > 0) yield word.slice(0, i - 1) + word[i] + word[i - 1] + word.slice(i + 1)
  }
}

/** The beginnings of those, as far as a word can reach. */
const runBeginnings = new Set<string>()
for (const letters of runTogether.keys())
  for (let length = 1; length <= letters.length; length++) runBeginnings.add(letters.slice(0, length))

/** Whether the word by itself is a type word written in full ("phường"). */
export const isTypeWord = ({ fold }: Folded): boolean =>
  byFirst.get(fold)?.some(({ word }) => word.length === 1 && !word.short) ?? false

/** Whether a type word can begin with this word. */
export const beginsTypeWord = (word: Folded): boolean =>
  byFirst.has(spelled(word)) || runBeginnings.has(word.fold)

/** The type word that begins at token `i`, if any. A word with other marks ("Phương", "Quan") is a name, not a type. */
export function typeWordAt(tokens: readonly Token[], i: number): TypeWord | null {
  const list = byFirst.get(spelled(tokens[i]!))
  for (const { folds, accents, word } of list ?? []) {
    if (i + word.length >= tokens.length) continue
    let fits = true
    for (let k = 0; k < word.length && fits; k++) {
      const token = tokens[i + k]!
      const fold = spelled(token)
      fits =
        fold === folds[k] &&
        (fold !== token.fold || token.accent === accents[k] || token.accent === token.fold)
      if (fits && k > 0 && token.gap >= Gap.comma) fits = false
    }
    if (!fits) continue
    const next = tokens[i + word.length]!
    if (next.gap >= Gap.dash) continue
    return word
  }
  return brokenTypeWord(tokens, i)
}

const WHOLE = new Set(tokenize('xã phường quận huyện tỉnh phố').map(({ accent }) => accent))

function brokenTypeWord(tokens: readonly Token[], i: number): TypeWord | null {
  let letters = ''
  for (let length = 1; length <= 4 && i + length < tokens.length; length++) {
    const token = tokens[i + length - 1]!
    if (length > 1 && token.gap >= Gap.dash) return null
    letters += token.fold
    if (!runBeginnings.has(letters)) return null
    const word = runTogether.get(letters)
    // "Hồ Tỵ Xã Phú Bình": the last word is a type word by itself.
    if (word && length > 1 && WHOLE.has(token.accent)) return null
    if (word && tokens[i + length]!.gap < Gap.dash) return typeWord(length, word.types, false)
  }
  return null
}
