import type { UnitType } from '../gazetteer/types.ts'
import { Gap, type Token, tokenize } from '../text/tokens.ts'

/** A type word in front of a name: "Phường", "P.", "TP". */
export interface TypeWord {
  /** How many tokens it takes. */
  readonly length: number
  readonly types: readonly UnitType[]
  /** "P." and "T." can stand for other things; "Phường" cannot. */
  readonly short: boolean
}

const WORDS: [string, UnitType[], 'short'?][] = [
  ['phường', ['phuong']],
  ['ward', ['phuong']],
  ['xã', ['xa']],
  ['thị trấn', ['thi-tran']],
  ['quận', ['quan']],
  ['district', ['quan', 'huyen']],
  ['huyện', ['huyen']],
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
  ['h', ['huyen'], 'short'],
  ['tx', ['thi-xa'], 'short'],
  ['t x', ['thi-xa'], 'short'],
  ['tp', ['thanh-pho'], 'short'],
  ['t p', ['thanh-pho'], 'short'],
  ['t', ['tinh'], 'short'],
  ['đk', ['dac-khu'], 'short'],
]

const byFirst = new Map<string, { folds: string[]; accents: string[]; word: TypeWord }[]>()
for (const [text, types, short] of WORDS) {
  const tokens = tokenize(text)
  const entry = {
    folds: tokens.map((token) => token.fold),
    accents: tokens.map((token) => token.accent),
    word: { length: tokens.length, types, short: short === 'short' },
  }
  const list = byFirst.get(entry.folds[0]!) ?? []
  list.push(entry)
  // The longest first: "thị xã" before a "thị" of anything else.
  list.sort((a, b) => b.word.length - a.word.length)
  byFirst.set(entry.folds[0]!, list)
}

/** The type word that begins at token `i`, if any. A word with other marks ("Phương", "Quan") is a name, not a type. */
export function typeWordAt(tokens: readonly Token[], i: number): TypeWord | null {
  const list = byFirst.get(tokens[i]!.fold)
  if (!list) return null
  for (const { folds, accents, word } of list) {
    if (i + word.length >= tokens.length) continue
    let fits = true
    for (let k = 0; k < word.length && fits; k++) {
      const token = tokens[i + k]!
      fits = token.fold === folds[k] && (token.accent === accents[k] || token.accent === token.fold)
      if (fits && k > 0 && token.gap >= Gap.comma) fits = false
    }
    if (!fits) continue
    const next = tokens[i + word.length]!
    if (next.gap >= Gap.dash) continue
    return word
  }
  return null
}
