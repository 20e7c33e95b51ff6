import type { Line } from '../parse/line.ts'
import type { Mention } from '../parse/mentions.ts'
import { Gap, type Token } from '../text/tokens.ts'
import type { ReadUnits, Units } from './units.ts'

/** A line without its beginning, the mentions in it, and what is explained of it. */
type Tail = [Line, Mention[], boolean[]]

/** Line ends remembered at the most; then all are forgotten. */
const MOST = 8_192
/** Stands for all that was cut off in front. */
const NOTHING = { fold: '', accent: '', marked: false, digits: false }
const BEGINNING: Token = {
  start: 0,
  end: 0,
  gap: Gap.space,
  word: { written: '', memo: undefined, ...NOTHING },
  ...NOTHING,
}

/**
 * The readings of line ends, for the lines of a file or a country end alike ("..., Phường 2, Quận Tân Bình, TP HCM"). What stands before the
 * comma part of the first mention has no say in the readings, so a line answers the same with a memo and without.
 */
export class UnitsMemo {
  private readonly known = new Map<string, ReadUnits>()

  /** The units of the line when its end alone settles them, else null. */
  find(
    line: Line,
    mentions: readonly Mention[],
    explained: readonly boolean[],
    read: (tail: Tail) => ReadUnits,
  ): Units | null {
    const from = tailStart(line, mentions)
    if (from < 2) return null
    const cut = from - 1
    const key = [
      line.marked,
      line.origin === null,
      explained.slice(from).map(Number).join(''),
      line.text.slice(line.tokens[from]!.start),
    ].join('|')
    let units = this.known.get(key)
    if (!units) {
      units = read([
        { ...line, tokens: [BEGINNING, ...line.tokens.slice(from)], lore: line.lore.slice(cut) },
        mentions.map((mention) => ({
          ...mention,
          from: mention.from - cut,
          to: mention.to - cut,
          nameFrom: mention.nameFrom - cut,
        })),
        [true, ...explained.slice(from)],
      ])
      if (this.known.size >= MOST) this.known.clear()
      this.known.set(key, units)
    }
    const { settled, decide, tokens } = units
    if (!settled) return null
    return {
      decide,
      tokens: (decision) => tokens(decision).map((span) => ({ from: span.from + cut, to: span.to + cut })),
    }
  }
}

/** The first token of the comma part in which the first mention stands. */
function tailStart({ tokens }: Line, mentions: readonly Mention[]): number {
  let from = tokens.length
  for (const mention of mentions) if (mention.from < from) from = mention.from
  if (from === tokens.length) return 0
  while (from > 0 && tokens[from]!.gap < Gap.comma) from--
  return from
}
