import type { Syllables } from '../../text/syllables.ts'

/** A word as the Telex way of typing leaves it when the keyboard does not turn it into letters: "hangf", "ddoongf". */
const WORD = /[a-z]{3,}/gi

/** The text with such words without their marks, where that begins a syllable and the word as it stands begins none. */
export function withoutTelex(text: string, syllables: Syllables): string {
  return text.replace(WORD, (word) => {
    if (begins(word, syllables)) return word
    const bare = word
      .replace(/(?<=.)[fsrxj](?=[a-z]?$)/i, '')
      .replace(/([adeo])\1/gi, '$1')
      .replace(/w/gi, '')
    return bare !== word && begins(bare, syllables) ? bare : word
  })
}

function begins(word: string, syllables: Syllables): boolean {
  let node = 0
  for (const letter of word.toLowerCase()) node = syllables.step(node, letter.charCodeAt(0))
  return node > 0
}
