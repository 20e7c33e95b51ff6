import { tokenize } from '../../text/tokens.ts'

/** The words of a query that bear marks. */
export type TypedMarks = readonly {
  /** See `Token.accent`. */
  readonly accent: string
  readonly letters: string
  /** Whether the word may go on. */
  readonly open: boolean
}[]

/** Null for a text without marks, which fits every name. */
export function typedMarks(text: string, open: boolean): TypedMarks | null {
  if (!NOT_ASCII.test(text)) return null
  const tokens = tokenize(text)
  const marked = tokens.flatMap(({ marked, accent, start, end }, i) =>
    marked
      ? [{ accent, letters: decomposed(text.slice(start, end)), open: open && i === tokens.length - 1 }]
      : [],
  )
  return marked.length > 0 ? marked : null
}
const NOT_ASCII = /[^\0-\x7f]/

/** Whether a name has each word with the marks that were typed; an open one may go on in letters and marks. */
export function marksFit(name: string, typed: TypedMarks): boolean {
  const words = wordsOf(name)
  for (const { accent, letters, open } of typed) {
    let has = false
    for (const word of words) has ||= word.accent === accent || (open && word.letters.startsWith(letters))
    if (!has) return false
  }
  return true
}

interface MarkedWord {
  readonly accent: string
  /** Marks behind their letters, so that "bê" begins "bến". */
  readonly letters: string
}
/** Of the names last compared. */
const known = new Map<string, readonly MarkedWord[]>()
const MOST_KNOWN = 20_000

function wordsOf(name: string): readonly MarkedWord[] {
  let words = known.get(name)
  if (!words) {
    words = tokenize(name).map(({ accent, start, end }) => ({
      accent,
      letters: decomposed(name.slice(start, end)),
    }))
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(name, words)
  }
  return words
}

const decomposed = (text: string) => text.normalize('NFD').toLowerCase()
