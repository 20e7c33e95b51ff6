import { Gap, type Token } from '../../text/tokens.ts'
import { written } from '../line.ts'
import { numberRun } from '../numberRun.ts'
import type { Parts } from '../parts.ts'
import { keywordAt, keywords } from '../words.ts'

/** Words of what holds flats. `coded` ones do so only in front of a letter or number: "Tháp Mười" is a street. */
const BUILDINGS = keywords<'named' | 'coded'>({
  'chung cư': 'named',
  'khu chung cư': 'named',
  'lô chung cư': 'named',
  'c/c': 'named',
  cc: 'named',
  ccmn: 'named',
  'tập thể': 'named',
  'khu tập thể': 'named',
  tòa: 'named',
  'tòa nhà': 'named',
  'căn hộ': 'named',
  block: 'named',
  lô: 'coded',
  tháp: 'coded',
})
const ESTATES = keywords({ 'khu đô thị': 0, kđt: 0, 'khu dân cư': 0, kdc: 0 })

/** "A12.05", "B1-1203", "CT2A-1108", "A-15.07", "S5.03-12A08": no house has such a number. */
const LETTERED = /^\d{0,2}[a-zđ]{1,3}-?\d{1,3}[a-z]?\d{0,2}(?:[.-][a-z]{0,2}\d{1,4}[a-z]?\d{0,2})+$/i
/** "10.05", "1205", "A1205", "12A05": a flat only in front of a building. */
const PLAIN = /^(?:\d{1,2}\.\d{1,2}[a-z]?\d{0,2}|[a-zđ]?-?\d{3,4}[a-z]?|\d{1,2}[a-z]\d{2})$/i
/** Letters of roads, alleys, groups and plots, whose numbers look alike: "QL1A-12", "KP1-5". */
const OTHER = new Set('ql tl dt dh hl ltl km k h kp tdp kv to lk bt sn no'.split(' '))

/** Towers by the letters that estates give them, and shorter codes in front of a building or estate. */
const TOWER = /^(?:ct|oct|hh|vp|hud)\d{1,2}[a-z]?\d?$/i
const SHORT_TOWER = /^[a-zđ]\d{1,2}[a-z]?$/i

/** The flat that has no word of its own: "A12.05 chung cư Sunrise City", "23 Nguyễn Hữu Thọ (A12.08)". */
export function flat(parts: Parts): void {
  const { tokens } = parts.line
  for (let i = 0; i < tokens.length; i++) {
    const end = flatNumber(parts, i)
    if (end === i) continue
    const number = written(parts.line, i, end)
    const lettered = LETTERED.test(number)
    if (!lettered && !PLAIN.test(number)) continue
    if (!(lettered && i > 0 && inBrackets(parts, i, end)) && !beforeBuilding(parts, end, lettered)) continue
    // "Số 12.04 lô B"
    const said = i > 0 && !parts.startsSegment(i)
    // "P1203": the number without its word, as of "P.1203".
    const room = !lettered && tokens[i]!.fold === 'p'
    parts.add('unit', said ? i - 1 : i, end, room ? i + 1 : i)
    return
  }
}

/** What is left of a flat once house and street are known: "A12.05 Sunrise City, 23 Lê Lợi", "1205, chung cư X, 23 Lê Lợi". */
export function flatLeft(parts: Parts): void {
  if (!parts.has('houseNumber') || parts.has('unit')) return
  const inBuilding = parts.has('building') || parts.has('block')
  for (let i = 0; i < parts.line.tokens.length; i++) {
    if (!parts.free(i) || !parts.startsSegment(i)) continue
    const end = flatNumber(parts, i)
    if (end === i) continue
    const number = written(parts.line, i, end)
    if (!LETTERED.test(number) && !(inBuilding && PLAIN.test(number))) continue
    parts.add('unit', i, end)
    return
  }
}

/** Takes the tower whose code stands at token `i`, behind a flat ("P1203 CT2 KĐT Xa La"); false when none does. */
export function tower(parts: Parts, i: number): boolean {
  const { line } = parts
  if (!parts.free(i)) return false
  const end = numberRun(parts, i)
  if (end === i || OTHER.has(line.tokens[i]!.fold)) return false
  const code = written(line, i, end)
  const next = line.tokens[end]
  const short = (): boolean =>
    SHORT_TOWER.test(code) &&
    next !== undefined &&
    next.gap < Gap.dash &&
    (keywordAt(line, end, ESTATES) ?? keywordAt(line, end, BUILDINGS)) !== null
  if (!TOWER.test(code) && !short()) return false
  parts.add('block', i, end)
  return true
}

/** The end of the number that begins a part of the line, or stands behind "số" there. */
function flatNumber(parts: Parts, i: number): number {
  const { tokens } = parts.line
  if (!tokens[i]!.digits && tokens[i]!.fold.length > 3) return i
  const begins = parts.startsSegment(i) || (i > 0 && isSo(tokens[i - 1]!) && parts.startsSegment(i - 1))
  return begins && !OTHER.has(tokens[i]!.fold) ? numberRun(parts, i) : i
}
const isSo = ({ fold }: Token) => fold === 'so'

function inBrackets({ line: { text, tokens } }: Parts, from: number, to: number): boolean {
  return text[tokens[from]!.start - 1] === '(' && text[tokens[to - 1]!.end] === ')'
}

/** Whether a building is named at token `i`; a tower, or a block that is but a letter, is taken with it. */
function beforeBuilding(parts: Parts, i: number, lettered: boolean): boolean {
  const { line } = parts
  const next = line.tokens[i]
  // "123, chung cư Nguyễn Kim": a mere number may be the house's.
  if (!next || !parts.free(i) || (!lettered && next.gap > Gap.dash)) return false
  const word = keywordAt(line, i, BUILDINGS)
  if (!word) return tower(parts, i)
  if (word.kind === 'named') return true
  const after = i + word.folds.length
  const code = line.tokens[after]
  if (!code || !parts.free(after) || code.gap > Gap.dot) return false
  const run = numberRun(parts, after)
  const letter = code.fold.length === 1 && line.tokens[after + 1]?.gap !== Gap.joined
  // "205 lô 12" is a house and its plot.
  const end = run > after && (lettered || word.folds[0] === 'thap') ? run : letter ? after + 1 : after
  if (end > after) parts.add('block', i, end)
  return end > after
}
