import { type NameIndex, type NameNode, step } from '../gazetteer/names.ts'
import { soundness } from '../text/respace.ts'
import type { Folded, Token } from '../text/tokens.ts'
import { beginsTypeWord } from './typeWords.ts'
import { keywordTables } from './words.ts'

/** What can be said of a word wherever it stands. Found once a word, since addresses are made of few. */
export interface Lore {
  readonly index: NameIndex
  /** Where names that begin with it go on. */
  readonly names: NameNode | undefined
  /** See `soundness`. */
  readonly sound: number
  /** The tables of keywords in which a keyword begins with it, as bits. */
  readonly keywords: number
  readonly typeWord: boolean
}

export function loreOf({ word }: Token, index: NameIndex): Lore {
  let lore = word.memo as Lore | undefined
  if (lore?.index !== index) {
    lore = findLore(word, index)
    word.memo = lore
  }
  return lore
}

const findLore = (word: Folded, index: NameIndex): Lore => ({
  index,
  names: step(index.root, word),
  sound: soundness(word, index.syllables),
  keywords: keywordTables(word),
  typeWord: beginsTypeWord(word),
})
