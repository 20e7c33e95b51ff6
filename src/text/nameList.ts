import { distancesFrom, letterMask, MOST_LETTERS } from './edits.ts'

/** What was typed of a name: folded words, the last of which may be unfinished. */
export interface TypedName {
  readonly words: readonly string[]
  /** The words without blanks, as the keys of a list. */
  readonly key: string
  /** Whether the last word may go on. */
  readonly open: boolean
}

/** How a name fits what was typed: `exact` and `begins` in the words' own order, `words` in any order, `typo` with a letter wrong. */
export type Fit = 'exact' | 'begins' | 'joined' | 'words' | 'typo'

/** Names that are compared with blanks left out: "ha noi" and "hanoi" are one. Between two numbers the blank stays ("3 2"). */
export function nameKey(folded: string): string {
  let key = ''
  let from = 0
  for (let at = folded.indexOf(' '); at >= 0; at = folded.indexOf(' ', at + 1)) {
    if (isDigit(folded, at - 1) && isDigit(folded, at + 1)) continue
    key += folded.slice(from, at)
    from = at + 1
  }
  return from === 0 ? folded : key + folded.slice(from)
}

/** Things by their folded names in the order of a list; yields now and then. */
export function* inKeyOrder<T extends { readonly folded: string }>(
  named: Iterable<T>,
): Generator<undefined, T[]> {
  let runs: { one: T; key: string }[][] = [[]]
  for (const one of named) {
    if (runs[0]!.length === RUN) {
      runs[0]!.sort(byKey)
      runs.unshift([])
      yield
    }
    runs[0]!.push({ one, key: nameKey(one.folded) })
  }
  runs[0]!.sort(byKey)
  while (runs.length > 1) {
    const merged: typeof runs = []
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* merge(runs[i]!, runs[i + 1] ?? []))
    runs = merged
  }
  return runs[0]!.map(({ one }) => one)
}

interface Keyed {
  readonly one: { readonly folded: string }
  readonly key: string
}
const byKey = (a: Keyed, b: Keyed) =>
  a.key < b.key ? -1 : a.key > b.key ? 1 : a.one.folded < b.one.folded ? -1 : 1
/** Names between two rests. */
const RUN = 1_000

function* merge<T extends Keyed>(a: readonly T[], b: readonly T[]): Generator<undefined, T[]> {
  const both: T[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (both.length % RUN === 0) yield
    both.push(j >= b.length || (i < a.length && byKey(a[i]!, b[j]!) < 0) ? a[i++]! : b[j++]!)
  }
  return both
}

export const typedName = (folded: string, open: boolean): TypedName => ({
  words: folded.split(' ').slice(0, MOST_WORDS),
  key: nameKey(folded),
  open,
})
const MOST_WORDS = 10
/** How many names the searches of one query may still look at word by word; what is left out then is not found. */
export interface Work {
  left: number
}

/**
 * Different names in the order of their keys (see `inKeyOrder`), found by their beginning, by their words in any order, and with one letter
 * wrong. All answers are rows of the list.
 */
export class NameList {
  readonly keys: readonly string[]
  /** Bit i is set where a word begins at letter i of the key. */
  private readonly bounds: Int32Array
  /** The different words in their order, and for each the names that have it. */
  private readonly words: readonly string[]
  private readonly masks: Int32Array
  private readonly wordNames: Lists
  /** For each name its words. */
  private readonly nameWords: Lists

  /** Words asked for before. */
  private readonly like = new Map<string, Spans>()
  private readonly near = new Map<string, Spans>()

  private constructor(
    folded: readonly string[],
    keys: string[],
    words: string[],
    ofNames: Lists,
    ofWords: Lists,
  ) {
    this.keys = keys
    this.bounds = Int32Array.from(folded, boundsOf)
    this.words = words
    this.masks = Int32Array.from(words, letterMask)
    this.nameWords = ofNames
    this.wordNames = ofWords
  }

  /**
   * The list of names as `fold` gives them, each once, in the order of `inKeyOrder`. Yields now and then: a large list takes a
   * tenth of a second.
   */
  static *of(folded: readonly string[]): Generator<undefined, NameList> {
    const ids = new Map<string, number>()
    const ofNames: number[][] = []
    for (const name of folded) {
      if (ofNames.length % RUN === 0) yield
      ofNames.push(
        name.split(' ').map((word) => {
          const id = ids.get(word) ?? ids.size
          if (id === ids.size) ids.set(word, id)
          return id
        }),
      )
    }
    const sorted = [...ids].sort(([a], [b]) => (a < b ? -1 : 1))
    yield
    const order = new Uint32Array(sorted.length)
    for (const [place, [, id]] of sorted.entries()) order[id] = place
    const ofWords: number[][] = sorted.map(() => [])
    for (const [name, words] of ofNames.entries()) {
      if (name % RUN === 0) yield
      for (const [i, id] of words.entries()) {
        words[i] = order[id]!
        const names = ofWords[order[id]!]!
        // A word can stand in a name twice.
        if (names.at(-1) !== name) names.push(name)
      }
    }
    const keys = folded.map(nameKey)
    yield
    const lists = [listsOf(ofNames), listsOf(ofWords)] as const
    yield
    return new NameList(
      folded,
      keys,
      sorted.map(([word]) => word),
      ...lists,
    )
  }

  /** The rows from, and before which, keys begin with this one. */
  range(key: string): [from: number, before: number] {
    return [lowest(this.keys, key), lowest(this.keys, `${key}\uffff`)]
  }

  /** The rows from, and before which, keys are this one: "ba cai" and "bac ai" have the same. */
  rows(key: string): [from: number, before: number] {
    return [lowest(this.keys, key), lowest(this.keys, `${key}\0`)]
  }

  /** How a name fits whose key begins with what was typed. */
  fitOf(row: number, { words, key }: TypedName, bounds: number): Fit {
    const mask = key.length >= 31 ? -1 : (1 << key.length) - 1
    const aligned = (this.bounds[row]! & mask) === (bounds & mask)
    const whole = this.keys[row]!.length === key.length
    return whole && (aligned || words.length === 1) ? 'exact' : aligned ? 'begins' : 'joined'
  }

  /** Names that have all the typed words, in any order. */
  withWords(typed: TypedName, work: Work, visit: (row: number) => void): void {
    this.search(
      typed.words.map((word, i) => this.wordsLike(word, typed.open && i === typed.words.length - 1)),
      longest(typed),
      work,
      visit,
    )
  }

  /** Names that have all the typed words but for one letter in one of them. */
  withTypo(typed: TypedName, work: Work, visit: (row: number) => void): void {
    const last = typed.words.length - 1
    const right = typed.words.map((word, i) => this.wordsLike(word, typed.open && i === last))
    for (const [i, word] of typed.words.entries()) {
      if (/\d/.test(word)) continue
      const wrong = this.wordsNear(word, typed.open && i === last)
      if (wrong.length > 0) this.search(right.with(i, wrong), longest(typed), work, visit)
    }
  }

  /** The names of at most so many words with a word of each of these, looked for among those of the rarest. */
  private search(wanted: readonly Spans[], most: number, work: Work, visit: (row: number) => void): void {
    let rarest = 0
    let fewest = Infinity
    for (const [i, spans] of wanted.entries()) {
      let count = 0
      for (let k = 0; k < spans.length; k += 2)
        count += this.wordNames.starts[spans[k + 1]!]! - this.wordNames.starts[spans[k]!]!
      if (count < fewest) {
        fewest = count
        rarest = i
      }
    }
    const { starts, items } = this.wordNames
    const spans = wanted[rarest]!
    for (let k = 0; k < spans.length; k += 2)
      for (let at = starts[spans[k]!]!; at < starts[spans[k + 1]!]! && work.left-- > 0; at++)
        if (this.hasAll(items[at]!, wanted, most)) visit(items[at]!)
  }

  private hasAll(row: number, wanted: readonly Spans[], most: number): boolean {
    const { starts, items } = this.nameWords
    const from = starts[row]!
    const before = starts[row + 1]!
    if (before - from > most) return false
    for (const spans of wanted) {
      let has = false
      for (let at = from; at < before && !has; at++) has = within(items[at]!, spans)
      if (!has) return false
    }
    return true
  }

  private wordsLike(word: string, open: boolean): Spans {
    return remember(this.like, open ? `${word}*` : word, () => this.findLike(word, open))
  }

  private wordsNear(word: string, open: boolean): Spans {
    return remember(this.near, open ? `${word}*` : word, () => this.findNear(word, open))
  }

  private findLike(word: string, open: boolean): Spans {
    const from = lowest(this.words, word)
    const before = open ? lowest(this.words, `${word}\uffff`) : this.words[from] === word ? from + 1 : from
    return from < before ? [from, before] : []
  }

  /** Words a letter away from this one; of an unfinished one from which its beginning is. */
  private findNear(word: string, open: boolean): Spans {
    const { length } = word
    if (length > MOST_LETTERS) return []
    const near: number[] = []
    const mask = letterMask(word)
    const distance = distancesFrom(word)
    for (let id = 0; id < this.words.length; id++) {
      const more = mask & ~this.masks[id]!
      // Two kinds of letters that the other has not are two wrong letters.
      if ((more & (more - 1)) !== 0) continue
      const other = this.words[id]!
      if (other.length < length - 1 || (!open && other.length > length + 1)) continue
      const isNear =
        distance(other) === 1 ||
        // Of an unfinished word the first letter is taken for right: else half of all words would be near.
        (open &&
          length > 2 &&
          other.length > length &&
          other.charCodeAt(0) === word.charCodeAt(0) &&
          (distance(other.slice(0, length)) === 1 || distance(other.slice(0, length + 1)) === 1))
      if (!isNear) continue
      if (near.at(-1) === id) near[near.length - 1] = id + 1
      else near.push(id, id + 1)
    }
    return near
  }
}

/** How many words a name may have of which these were typed: one that nobody goes on typing is whole, or lacks one of many. */
const longest = ({ words, open }: TypedName): number =>
  words.length + (open ? (words.length === 1 ? 2 : 3) : words.length > 2 ? 1 : 0)

const MOST_REMEMBERED = 4_000

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  let found = known.get(key)
  if (found === undefined) {
    found = make()
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(key, found)
  }
  return found
}

/** Runs of ids: from, before, from, before ... */
type Spans = readonly number[]

function within(id: number, spans: Spans): boolean {
  for (let k = 0; k < spans.length; k += 2) if (id >= spans[k]! && id < spans[k + 1]!) return true
  return false
}

/** Lists of numbers one behind the other; list i is from starts[i] to before starts[i + 1]. */
export interface Lists {
  readonly starts: Uint32Array
  readonly items: Uint32Array
}

export function listsOf(lists: readonly (readonly number[])[]): Lists {
  const starts = new Uint32Array(lists.length + 1)
  for (const [i, list] of lists.entries()) starts[i + 1] = starts[i]! + list.length
  const items = new Uint32Array(starts[lists.length]!)
  for (const [i, list] of lists.entries()) items.set(list, starts[i]!)
  return { starts, items }
}

/** Where the words of a folded name begin in its key. */
export function boundsOf(folded: string): number {
  let bounds = 1
  let at = 0
  for (let i = 0; i < folded.length && at < 31; i++) {
    const kept = folded[i] !== ' ' || (isDigit(folded, i - 1) && isDigit(folded, i + 1))
    if (kept) at++
    if (folded[i] === ' ' && at < 31) bounds |= 1 << at
  }
  return bounds
}
const isDigit = (text: string, i: number) => text.charCodeAt(i) >= 48 && text.charCodeAt(i) <= 57

/** The first place whose entry is not before `wanted`. */
function lowest(sorted: readonly string[], wanted: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low
}
