import type { NamedSenses } from '../gazetteer/namedSenses.ts'
import { type NameNode, step } from '../gazetteer/names.ts'
import { Gap, tokenize } from '../text/tokens.ts'
import type { Line } from './line.ts'
import { type TypeWord, typeWordAt } from './typeWords.ts'

/** A place in the line where a unit may be named, with every unit that it can mean. */
export interface Mention {
  /** Token span with the type word. */
  readonly from: number
  readonly to: number
  /** Where the name itself begins. */
  readonly nameFrom: number
  readonly typeWord: TypeWord | null
  readonly senses: NamedSenses
  /** Letters that had to be put right before the name fitted; 0 = as written. */
  readonly edits: number
}

/** Everything in the line that names a unit of any era, by exact syllables without marks. */
export function findMentions(line: Line): Mention[] {
  const { tokens, lore } = line
  const mentions: Mention[] = []
  const typeBefore = typeWordsBefore(line)
  for (let i = 0; i < tokens.length; i++) {
    const typeWord = typeBefore[i] ?? null
    const numbered = typeWord && numberedDistrict(line, i, typeWord)
    if (numbered) mentions.push(numbered)
    let node = lore[i]!.names
    for (let j = i + 1; node; j++) {
      if (node.senses) {
        const mention = readMention(line, i, j, typeWord, node.senses)
        if (mention) mentions.push(mention)
        // "Số 5 Cây Thị Xã Thọ Xuân": no town is called so.
        if (mention?.typeWord?.types[0] === 'thi-xa' && !isTown(mention)) {
          const commune = readMention(line, i, j, typeWordAt(tokens, i - 1), node.senses)
          if (commune?.typeWord?.types[0] === 'xa') mentions.push(commune)
        }
      }
      const next = tokens[j]
      // A name does not run over a comma, and a number joined to letters ("B12") is no name.
      if (!next || next.gap >= Gap.comma || (node.bits & lore[j]!.bit) === 0) break
      node = step(node, next)
    }
  }
  return mentions
}

/** "Quận Nhất", "quận Ba": the numbers of districts as words, behind the type word in full and at the end of a part. */
const NUMBERS = new Map<string, string>(
  ['một nhất', 'hai nhì', 'ba', 'tư bốn', 'năm', 'sáu', 'bảy bẩy', 'tám', 'chín', 'mười'].flatMap(
    (words, k) => tokenize(words).map(({ accent }) => [accent, String(k + 1)] as const),
  ),
)

function numberedDistrict({ tokens, lore }: Line, i: number, typeWord: TypeWord): Mention | null {
  if (typeWord.short || typeWord.types[0] !== 'quan') return null
  const number = NUMBERS.get(tokens[i]!.accent)
  const next = tokens[i + 1]
  if (!number || (next && next.gap < Gap.dash)) return null
  const senses = nameNode(lore[i]!.index.root, number)?.senses?.ofLevels(typeWord.levels)
  if (!senses) return null
  return { from: i - typeWord.length, to: i + 1, nameFrom: i, typeWord, senses, edits: 0 }
}

const nameNode = (root: NameNode, fold: string) => root.next?.get(fold)

const isTown = ({ senses }: Mention) => senses.all.some(({ sense }) => sense.types.includes('thi-xa'))

/** A line of so few words has no house: "1, Hồ Chí Minh" is the district, "1, Tuy Hoà, Phú Yên" the ward. */
const NO_HOUSE = 4
const NO_HOUSE_BUT_COMMA = 6

function isWholePart({ tokens }: Line, i: number): boolean {
  if (i === 0) {
    if (tokens.length < 2) return false
    if (tokens[1]!.gap >= Gap.dash) return tokens.length <= NO_HOUSE_BUT_COMMA
    // "1 Lê Lợi, TPHCM" is a house of a street.
    return tokens.length <= NO_HOUSE && !tokens.some(({ gap }, k) => k > 1 && gap >= Gap.comma)
  }
  const next = tokens[i + 1]
  return tokens[i]!.gap >= Gap.dash && (!next || next.gap >= Gap.dash)
}

/** Type words by the token after them. */
export function typeWordsBefore({ tokens, lore }: Line): (TypeWord | undefined)[] {
  const before: (TypeWord | undefined)[] = []
  for (let i = 0; i < tokens.length; i++) {
    const word = lore[i]!.typeWord ? typeWordAt(tokens, i) : null
    if (word && !before[i + word.length]) before[i + word.length] = word
  }
  return before
}

function readMention(
  line: Line,
  from: number,
  to: number,
  typeWord: TypeWord | null,
  senses: NamedSenses,
): Mention | null {
  const { tokens } = line
  const number = to - from === 1 && tokens[from]!.digits
  // A bare number is a house or a street; a type word makes it a ward, or that it fills a comma part ("Bến Thành, 1,").
  // "12" of "12A" or "12/3" never is.
  if (number) {
    const next = tokens[to]
    if (!typeWord && !isWholePart(line, from)) return null
    if (typeWord?.types[0] === 'xa') return null
    if (next && (next.gap === Gap.slash || (next.gap === Gap.joined && !next.digits))) return null
  }
  const fitting = typeWord?.levels ? senses.ofLevels(typeWord.levels) : null
  if (typeWord && fitting)
    return { from: from - typeWord.length, to, nameFrom: from, typeWord, senses: fitting, edits: 0 }
  return { from, to, nameFrom: from, typeWord: null, senses, edits: 0 }
}
