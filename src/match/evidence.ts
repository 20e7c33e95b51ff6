import type { NamedSense } from '../gazetteer/names.ts'
import type { Line } from '../parse/line.ts'
import type { Mention } from '../parse/mentions.ts'
import { Gap } from '../text/tokens.ts'

/** Points for each letter that had to be put right. */
const EDIT = 0.9

/**
 * How much a mention speaks for the units that it can mean, in points: about 1 for a bare name somewhere in the line, about
 * 5 for a name with its type word that fills a comma part. Below 0 it speaks for something else (a street of that name,
 * another spelling).
 */
export class Evidence {
  private readonly line: Line
  private readonly mention: Mention
  private readonly province: number
  private readonly other: number
  /** The spelling that was looked at last: many units of one name are spelled alike. */
  private accents: readonly string[] | null = null
  private spelling = 0

  constructor(line: Line, mention: Mention) {
    const length = mention.to - mention.nameFrom
    const base = 1 + 0.4 * Math.min(length - 1, 3) - EDIT * mention.edits
    const place = placeEvidence(line, mention)
    this.line = line
    this.mention = mention
    this.province = base + place
    this.other =
      base + place - (followsOtherWord(line, mention) ? OTHER_WORD : followsHouse(line, mention) ? HOUSE : 0)
  }

  for(named: NamedSense): number {
    this.look(named)
    const points =
      (named.home ? this.other : this.province) + typeEvidence(this.mention, named) + this.spelling
    return this.spelling < 0 && this.isSpelledBeside(named) ? points - SPELLED_BESIDE : points
  }

  /** "Xã Văn Lang": Văn Lăng in the same province would be written with its mark, where the words beside it bear theirs. */
  private isSpelledBeside({ home, accents }: NamedSense): boolean {
    const { mention, line } = this
    return (
      mention.senses.all.length > 1 &&
      isMarked(line, mention) &&
      mention.senses.all.some(
        (other) =>
          other.home === home &&
          other.accents !== accents &&
          other.accents.length === accents.length &&
          spellingEvidence(line, mention, other.accents) === 0,
      )
    )
  }

  /** Whether it stands there letter by letter. */
  spells(named: NamedSense): boolean {
    this.look(named)
    return this.spelled
  }

  private look({ accents }: NamedSense): void {
    if (this.mention.edits > 0 || accents === this.accents) return
    this.accents = accents
    this.spelling = spellingEvidence(this.line, this.mention, accents)
  }

  /** Whether the unit that was asked for last stands there letter by letter; in a line without marks none is expected. */
  get spelled(): boolean {
    return this.mention.edits === 0 && this.spelling === 0
  }

  /** Whether a comma or the end of the line follows. */
  get ends(): boolean {
    const after = this.line.tokens[this.mention.to]
    return !after || after.gap >= Gap.comma
  }

  /** Whether the words say by themselves what they name: with the type word of the unit, or as a part of the line. */
  isClear({ sense }: NamedSense): boolean {
    if (!this.spelled) return false
    const { typeWord, from, to, nameFrom } = this.mention
    const { tokens } = this.line
    if (typeWord) {
      if ((typeWord.typeBits & sense.typeBits) === 0) return false
      // "15, P. Trần Phú": a street ("phố").
      return !typeWord.short || from === 0 || (tokens[from]!.gap >= Gap.comma && !tokens[from - 1]!.digits)
    }
    return to - nameFrom > 1 && this.ends && (from === 0 || tokens[from]!.gap >= Gap.comma)
  }
}

function typeEvidence({ typeWord }: Mention, { sense }: NamedSense): number {
  if (!typeWord) return 0
  // There are no towns since July 2025.
  if (sense.current && typeWord.types[0] === 'thi-tran') return 0
  const fits = sense.typeBits === 0 || (typeWord.typeBits & sense.typeBits) !== 0
  if (typeWord.short) return fits ? 2 : 0.9
  return fits ? 2.5 : 1.2
}

/** Words after which a bare name is a street or a hamlet rather than a unit. */
const OTHER_WORDS = new Set(
  'duong pho d hem thon xom ap ban buon lang khom soc to kp cho cau chua truong benh khu ql tl dt'.split(' '),
)

function placeEvidence(line: Line, mention: Mention): number {
  const { tokens } = line
  const first = tokens[mention.from]!
  const after = tokens[mention.to]
  let points = 0
  if (mention.from === 0 || first.gap >= Gap.comma) points += 0.6
  else if (first.gap === Gap.dash || first.gap === Gap.other) points += 0.4
  if (!after || after.gap >= Gap.comma) points += 0.6
  else if (after.gap === Gap.dash || after.gap === Gap.other) points += 0.4
  if (mention.from > 0 && !(mention.typeWord && !mention.typeWord.short)) {
    if (first.gap < Gap.dash && tokens[mention.from - 1]!.digits) points -= 1
    if (first.gap === Gap.joined || first.gap === Gap.slash) points -= 2
  }
  if (after?.gap === Gap.joined || after?.gap === Gap.slash) points -= 2
  return points
}

/** Beside what a number in front of a name takes away. */
const HOUSE = 1.5

/** "413 Minh Phụng, Quận 11": the street, though a ward is called so too. A province stays one ("12 Hồ Chí Minh"). */
function followsHouse({ tokens }: Line, { from: name, typeWord }: Mention): boolean {
  if (typeWord || name === 0 || tokens[name]!.gap >= Gap.dash || !tokens[name - 1]!.digits) return false
  let from = name - 1
  while (from > 0 && (tokens[from]!.gap === Gap.slash || tokens[from]!.gap === Gap.joined)) from--
  if (from > 0 && tokens[from]!.gap <= Gap.dot && tokens[from - 1]!.fold === 'so') from--
  return from === 0 || tokens[from]!.gap >= Gap.comma
}

const OTHER_WORD = 2.5

/** "Đường Tân Bình": no district or commune. "Thành phố" is a type word of what follows, its "phố" no street. */
function followsOtherWord({ tokens }: Line, { from, typeWord }: Mention): boolean {
  return (
    from > 0 &&
    !typeWord &&
    tokens[from]!.gap < Gap.dash &&
    OTHER_WORDS.has(tokens[from - 1]!.fold) &&
    tokens[from - 2]?.fold !== 'thanh'
  )
}

/** What another name costs where one of the province is spelled exactly so. */
const SPELLED_BESIDE = 1

/** Whether any word of a mention bears a mark, its type word too. */
const isMarked = ({ tokens }: Line, { from, to }: Mention): boolean => {
  for (let i = from; i < to; i++) if (tokens[i]!.marked) return true
  return false
}

/** A name without its marks costs little (less still in a line without any); with other marks it is another name. */
function spellingEvidence(line: Line, mention: Mention, accents: readonly string[]): number {
  const { tokens } = line
  if (mention.to - mention.nameFrom !== accents.length) return 0
  let missing = 0
  let points = 0
  let marked = false
  for (let k = 0; k < accents.length; k++) {
    const token = tokens[mention.nameFrom + k]!
    const expected = accents[k]!
    if (token.accent !== token.fold) marked = true
    if (token.accent === expected) continue
    if (token.accent === token.fold) missing++
    else points -= 1.5
  }
  if (marked) points -= 0.6 * missing
  else if (line.marked) points -= Math.min(0.6, 0.3 * missing)
  return points
}

/** Whether a name is written with other marks than its own, apart from one that has none at all. */
export function misspelled(line: Line, mention: Mention, accents: readonly string[]): boolean {
  if (mention.edits > 0) return true
  if (mention.to - mention.nameFrom !== accents.length) return false
  let marked = false
  let other = false
  for (let k = 0; k < accents.length; k++) {
    const { accent, marked: bearsOne } = line.tokens[mention.nameFrom + k]!
    if (bearsOne) marked = true
    if (accent !== accents[k]) other = true
  }
  return marked && other
}
