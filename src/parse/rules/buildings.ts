import { Gap } from '../../text/tokens.ts'
import { written } from '../line.ts'
import { numberRun } from '../numberRun.ts'
import type { PartName, Parts } from '../parts.ts'
import { phraseEnd } from '../phrase.ts'
import { keywordAt, keywords } from '../words.ts'
import { tower } from './flats.ts'

/** What stands behind the word: a number ("tầng 3"), or a name or number ("tòa S1.02", "chung cư Ecogreen"). */
interface Shape {
  readonly part: PartName
  readonly numberOnly: boolean
}
const numbered = (part: PartName): Shape => ({ part, numberOnly: true })
const named = (part: PartName): Shape => ({ part, numberOnly: false })

const WORDS = keywords<Shape>({
  'căn hộ số': numbered('unit'),
  'căn hộ': numbered('unit'),
  căn: numbered('unit'),
  ch: numbered('unit'),
  phòng: numbered('unit'),
  'p số': numbered('unit'),
  tầng: numbered('floor'),
  lầu: numbered('floor'),
  tháp: numbered('block'),
  block: named('block'),
  'lô chung cư': numbered('block'),
  tòa: named('block'),
  'tòa nhà': named('building'),
  'chung cư': named('building'),
  'c/c': named('building'),
  cc: named('building'),
  ccmn: named('building'),
  'cao ốc': named('building'),
  'khu chung cư': named('building'),
  'khu tập thể': named('building'),
  'tập thể': named('building'),
  'khu đô thị': named('name'),
  kđt: named('name'),
  'khu dân cư': named('name'),
  kdc: named('name'),
  'khu công nghiệp': named('name'),
  kcn: named('name'),
  'cụm công nghiệp': named('name'),
  ccn: named('name'),
  chợ: named('name'),
  'trường tiểu học': named('name'),
  'trường thcs': named('name'),
  'trường thpt': named('name'),
  'trường mầm non': named('name'),
  'bệnh viện': named('name'),
  'ủy ban': named('name'),
})

/** Flats, floors, blocks, buildings and named places. Units keep only their number, the others their words as written. */
export function buildings(parts: Parts): void {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    if (!parts.free(i)) continue
    if (isRoom(parts, i)) {
      const end = numberRun(parts, i + 1)
      parts.add('unit', i, end, i + 1)
      tower(parts, end)
      continue
    }
    const word = keywordAt(parts.line, i, WORDS)
    if (!word) continue
    const { part, numberOnly } = word.kind
    const after = i + word.folds.length
    const run = after < tokens.length && tokens[after]!.gap < 5 ? numberRun(parts, after) : after
    if (numberOnly) {
      if (run > after) parts.add(part, i, run, after)
      if (run > after && part === 'unit') tower(parts, run)
      continue
    }
    // "Đường số 5 KCN Tân Bình"
    const behindNumber = i > 0 && tokens[i - 1]!.digits && ESTATES.has(word.folds[0]!)
    if (part === 'name' && !parts.startsSegment(i) && !behindNumber) continue
    if (part !== 'block' && !parts.free(after)) {
      bearsUnit(parts, part, i, after)
      continue
    }
    // "Tòa nhà số 8": the number is the house's.
    if (after < tokens.length && tokens[after]!.fold === 'so' && tokens[after + 1]?.digits) continue
    const end = run > after && part === 'block' ? run : phraseEnd(parts, after, 8)
    if (end > after && tokens[after]!.gap < 5) parts.add(part, i, end)
    i = Math.max(i, end - 1)
  }
}

/** First words of what is no street behind a number. */
const ESTATES = new Set(['khu', 'kdt', 'kdc', 'kcn', 'ccn'])

/** "KCN Quang Minh", "tập thể Kim Liên": the name that is taken for a unit is the place's too. */
function bearsUnit(parts: Parts, part: PartName, from: number, after: number): void {
  const { line, list } = parts
  const unit = list.find((one) => one.part === 'units' && one.from === after)
  if (!unit || line.tokens[after]!.gap > Gap.dot || line.lore[after]!.typeWord) return
  parts.add(part, from, after, from, { meant: written(line, from, unit.to) })
}

const LOWEST_ROOM = 100

/** "P.1503", "P302": no ward has such a number. */
function isRoom(parts: Parts, i: number): boolean {
  const { tokens } = parts.line
  const next = tokens[i + 1]
  if (tokens[i]!.fold !== 'p' || !next?.digits || next.gap > Gap.dot || !parts.free(i + 1)) return false
  return Number(next.fold) >= LOWEST_ROOM && parts.startsSegment(i)
}
