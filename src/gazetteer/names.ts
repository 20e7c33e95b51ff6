import { NearNames } from '../text/nearNames.ts'
import { Syllables } from '../text/syllables.ts'
import { type Folded, type Token, tokenize, type Word } from '../text/tokens.ts'
import { type Eras, readEras } from './eras.ts'
import { type NamedSense, NamedSenses } from './namedSenses.ts'
import { once } from './once.ts'
import { eachName, type Sense } from './senses.ts'
import type { CurrentCommune, FormerCommune, Gazetteer, Province } from './types.ts'

export type { NamedSense } from './namedSenses.ts'
export type { Sense } from './senses.ts'

/** A place in the trie: the names that go on from here, and those that end here. */
export interface NameNode {
  readonly next: ReadonlyMap<string, NameNode> | null
  /** The bits (`foldBit`) of the words in `next`: most words that follow are no part of a name, and one look tells so. */
  readonly bits: number
  readonly senses: NamedSenses | null
}
/** The same while it is being filled. */
interface OpenNode {
  next: Map<string, OpenNode> | null
  bits: number
  list: NamedSense[]
  senses: NamedSenses | null
}

/** All unit names of all eras. */
export interface NameIndex extends Eras {
  /** Every name as written with each of its senses. */
  readonly named: readonly { readonly name: string; readonly sense: Sense }[]
  /** A trie over folded syllables: one step a token. */
  readonly root: NameNode
  /** The syllables of all names of units and streets. */
  readonly syllables: Syllables
  readonly provinceNames: NearNames<NamedSense>
  /** Districts and communes of all eras in what is now this province. */
  namesIn(province: Province): NearNames<NamedSense>
  /** The successor of a split commune that holds its mapped centre, where that is known. */
  coreOf(former: FormerCommune): CurrentCommune | null
}

/** The index of a gazetteer, made on first use. */
export const nameIndex: (gazetteer: Gazetteer) => NameIndex = once(build)

/** One of 32 bits for a folded word. */
export function foldBit(fold: string): number {
  let hash = 0
  for (let i = 0; i < fold.length; i++) hash = (Math.imul(hash, 31) + fold.charCodeAt(i)) | 0
  return 1 << (Math.imul(hash, 0x9e3779b1) >>> 27)
}

/** The node that a token leads to, if any name goes on that way. */
export function step(node: NameNode, token: Folded): NameNode | undefined {
  return node.next?.get(token.fold)
}

const NO_NAMES = new NearNames<NamedSense>()

/** Words that stand around names, so that their syllables are known as well. */
const OTHER_WORDS =
  'phường xã thị trấn quận huyện thành phố tỉnh đặc khu đường số nhà ngõ ngách hẻm kiệt tổ dân thôn xóm ấp khóm buôn làng sóc chung cư căn hộ tầng lầu tòa khối việt nam quốc lộ đại chợ trường bệnh viện'

function build(gazetteer: Gazetteer): NameIndex {
  const eras = readEras(gazetteer)
  const root: OpenNode = { next: null, bits: 0, list: [], senses: null }
  const marked = new Set<string>()
  const bare = new Set<string>()
  const provinceNames = new NearNames<NamedSense>()
  const inProvince = new Map<Province, NearNames<NamedSense>>()
  // The words of names are few: each is learnt once.
  const learnt = new Set<Word>()
  const learn = (tokens: readonly Token[]) => {
    for (const { word } of tokens) {
      if (learnt.has(word)) continue
      learnt.add(word)
      // The "H" and "M" of "H'Leo" and "M'Drắk" are no syllables.
      if (!/[aeiouy]/.test(word.fold)) continue
      marked.add(word.accent)
      bare.add(word.fold)
    }
  }
  learn(tokenize(OTHER_WORDS))
  for (const name of gazetteer.streetNames) learn(tokenize(name))
  const named: { name: string; sense: Sense }[] = []
  /** The names of one unit come one after the other. */
  let unit: Sense | null = null
  let seen: string[] = []
  const spellings = new Map<string, readonly string[]>()
  eachName(gazetteer, eras, (name, sense) => {
    named.push({ name, sense })
    const tokens = tokenize(name)
    if (sense !== unit) seen = []
    unit = sense
    const key = tokens.map((token) => token.accent).join(' ')
    // Two spellings that differ only in the place of a tone are one name.
    if (seen.includes(key)) return
    seen.push(key)
    const accents = spellings.get(key) ?? tokens.map((token) => token.accent)
    spellings.set(key, accents)
    learn(tokens)
    const folds = tokens.map((token) => token.fold)
    const letters = folds.join('')
    const home = sense.level === 'province' ? null : sense.nowIn
    insert(root, folds, { sense, accents, home })
    // Once more written as one word ("hanoi", "tphcm").
    if (folds.length > 1 && letters.length >= 5 && !/\d/.test(letters))
      insert(root, [letters], { sense, accents: [letters], home })
    // Initials a letter apart are other initials.
    if (sense.nickname) return
    const list = home ? (inProvince.get(home) ?? new NearNames<NamedSense>()) : provinceNames
    if (home) inProvince.set(home, list)
    list.add(letters, { sense, accents, home })
  })
  close(root)

  return {
    ...eras,
    named,
    root,
    syllables: new Syllables(marked, bare),
    provinceNames,
    coreOf: (former) => gazetteer.coreOf(former),
    namesIn: (province) => inProvince.get(province) ?? NO_NAMES,
  }
}

function insert(root: OpenNode, folds: string[], named: NamedSense): void {
  let node = root
  for (const word of folds) {
    node.next ??= new Map()
    let next = node.next.get(word)
    if (!next) {
      next = { next: null, bits: 0, list: [], senses: null }
      node.next.set(word, next)
    }
    node = next
  }
  node.list.push(named)
}

function close(node: OpenNode): void {
  if (node.list.length > 0) node.senses = new NamedSenses(node.list)
  for (const [fold, next] of node.next ?? []) {
    node.bits |= foldBit(fold)
    close(next)
  }
}
