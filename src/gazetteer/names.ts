import { letterMask } from '../text/edits.ts'
import type { Syllables } from '../text/respace.ts'
import { type Token, tokenize } from '../text/tokens.ts'
import { type Eras, readEras } from './eras.ts'
import { eachName, type Sense } from './senses.ts'
import type { CurrentCommune, FormerCommune, Gazetteer, Province } from './types.ts'

export type { Sense } from './senses.ts'

/** A unit under one of its names. */
export interface NamedSense {
  readonly sense: Sense
  /** Each syllable of the name with its marks, as `Token.accent`. */
  readonly accents: readonly string[]
  /** The current province in which a district or commune of any era lies; null for provinces. */
  readonly home: Province | null
}

interface Node {
  next: Map<string, Node> | null
  senses: NamedSense[]
}

/** A name in one word without marks, for comparing letter by letter, with all that bear it. */
export interface PlainName {
  readonly letters: string
  readonly mask: number
  readonly senses: NamedSense[]
}

/** Plain names by their number of letters. */
export type PlainNames = readonly (readonly PlainName[] | undefined)[]

/** All unit names of all eras. */
export interface NameIndex extends Eras {
  /** A trie over folded syllables: one step a token. */
  readonly root: Node
  /** The syllables of all names of units and streets. */
  readonly syllables: Syllables
  readonly provinceNames: PlainNames
  /** Districts and communes of all eras in what is now this province. */
  namesIn(province: Province): PlainNames
  /** The successor of a split commune that holds its mapped centre, where that is known. */
  coreOf(former: FormerCommune): CurrentCommune | null
  /** The current communes that a named commune of any era is or became. */
  successorsOf(commune: Sense): readonly CurrentCommune[]
}

const indexes = new WeakMap<Gazetteer, NameIndex>()

/** The index of a gazetteer, made once. */
export function nameIndex(gazetteer: Gazetteer): NameIndex {
  let index = indexes.get(gazetteer)
  if (!index) {
    index = build(gazetteer)
    indexes.set(gazetteer, index)
  }
  return index
}

/** The node that a token leads to, if any name goes on that way. */
export function step(node: Node, token: Token): Node | undefined {
  return node.next?.get(token.fold)
}

/** Words that stand around names, so that their syllables are known as well. */
const OTHER_WORDS =
  'phường xã thị trấn quận huyện thành phố tỉnh đặc khu đường số nhà ngõ ngách hẻm kiệt tổ dân thôn xóm ấp khóm buôn làng sóc chung cư căn hộ tầng lầu tòa khối việt nam quốc lộ đại chợ trường bệnh viện'

function build(gazetteer: Gazetteer): NameIndex {
  const eras = readEras(gazetteer)
  const root: Node = { next: null, senses: [] }
  const marked = new Set<string>()
  const bare = new Set<string>()
  const provinceNames = new PlainNameList()
  const inProvince = new Map<Province, PlainNameList>()
  const learn = (tokens: readonly Token[]) => {
    for (const { accent, fold } of tokens) {
      // The "H" and "M" of "H'Leo" and "M'Drắk" are no syllables.
      if (!/[aeiouy]/.test(fold)) continue
      marked.add(accent)
      bare.add(fold)
    }
  }
  learn(tokenize(OTHER_WORDS))
  for (const name of gazetteer.streetNames) learn(tokenize(name))
  const seen = new Map<Sense, Set<string>>()
  eachName(gazetteer, eras, (name, sense) => {
    const tokens = tokenize(name)
    const accents = tokens.map((token) => token.accent)
    const known = seen.get(sense) ?? new Set()
    const key = accents.join(' ')
    // Two spellings that differ only in the place of a tone are one name.
    if (known.has(key)) return
    seen.set(sense, known.add(key))
    learn(tokens)
    const folds = tokens.map((token) => token.fold)
    const letters = folds.join('')
    const home = sense.level === 'province' ? null : currentProvinceOf(sense, eras)
    insert(root, folds, { sense, accents, home })
    // Once more written as one word ("hanoi", "tphcm").
    if (folds.length > 1 && letters.length >= 5 && !/\d/.test(letters))
      insert(root, [letters], { sense, accents: [letters], home })
    // Initials a letter apart are other initials.
    if (sense.nickname) return
    const list = home ? (inProvince.get(home) ?? new PlainNameList()) : provinceNames
    if (home) inProvince.set(home, list)
    list.add(letters, { sense, accents, home })
  })

  const successors = new Map<Sense, CurrentCommune[]>()
  return {
    ...eras,
    root,
    syllables: { marked, bare },
    provinceNames: provinceNames.byLength,
    coreOf: (former) => gazetteer.coreOf(former),
    namesIn: (province) => inProvince.get(province)?.byLength ?? [],
    successorsOf(commune) {
      let list = successors.get(commune)
      if (!list) {
        list = currentsOf(commune)
        successors.set(commune, list)
      }
      return list
    },
  }
}

class PlainNameList {
  readonly byLength: PlainName[][] = []
  private readonly byLetters = new Map<string, PlainName>()

  add(letters: string, named: NamedSense): void {
    const known = this.byLetters.get(letters)
    if (known) {
      known.senses.push(named)
      return
    }
    const name = { letters, mask: letterMask(letters), senses: [named] }
    this.byLetters.set(letters, name)
    this.byLength[letters.length] ??= []
    this.byLength[letters.length]!.push(name)
  }
}

function currentProvinceOf(
  { current, former, earlier, district, earlierDistrict }: Sense,
  eras: Eras,
): Province {
  if (current) return current.province
  return eras.currentOf((former ?? earlier ?? district ?? earlierDistrict)!.province)
}

function currentsOf({ current, former, earlier }: Sense): CurrentCommune[] {
  if (current) return [current]
  const formers = former ? [former] : earlier!.successors
  return formers.flatMap((one) => one.successors.map((succession) => succession.current))
}

function insert(root: Node, folds: string[], named: NamedSense): void {
  let node = root
  for (const word of folds) {
    node.next ??= new Map()
    let next = node.next.get(word)
    if (!next) {
      next = { next: null, senses: [] }
      node.next.set(word, next)
    }
    node = next
  }
  node.senses.push(named)
}
