import { foldBit, type NameIndex, type NameNode, step } from '../gazetteer/names.ts'
import { soundness } from '../text/respace.ts'
import type { Folded, Token } from '../text/tokens.ts'
import { beginsTypeWord } from './typeWords.ts'
import { tablesOf } from './words.ts'

/** What can be said of a word wherever it stands. Found once a word, since addresses are made of few. */
export interface Lore {
  readonly index: NameIndex
  /** Where names that begin with it go on. */
  readonly names: NameNode | undefined
  /** See `NameNode.bits`. */
  readonly bit: number
  /** See `soundness`. */
  readonly sound: number
  /** The tables of words and keywords in which something begins with it, as bits. */
  readonly tables: number
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
  bit: foldBit(word.fold),
  sound: soundness(word, index.syllables),
  tables: tablesOf(word),
  typeWord: beginsTypeWord(word),
})
