import type { Fit, NameList, TypedName, Work } from '../../text/nameList.ts'
import { marksFit } from './marks.ts'
import type { Query, Span, TypedSpan, TypedUnit } from './query.ts'
import type { StreetIndex } from './streetIndex.ts'
import type { NamedUnit, UnitIndex } from './unitIndex.ts'

/** How names are compared: by their beginnings; freely, by their words in any order or with a letter wrong. */
export type Freedom = 'begins' | 'freely'

export interface UnitHit {
  readonly unit: NamedUnit
  /** 0 to 1. */
  readonly quality: number
}
export interface StreetHit {
  readonly row: number
  readonly quality: number
}
/** Streets that begin with what was typed: rows from, and before which. */
export interface StreetRange {
  readonly typed: TypedSpan
  readonly from: number
  readonly before: number
  /** Of being read so. */
  readonly weight: number
}

/** The worst of a fit, and what is added for the share of the name that was typed. */
const QUALITY: Record<Fit, readonly [least: number, more: number]> = {
  exact: [1, 0],
  begins: [0.7, 0.2],
  joined: [0.5, 0.2],
  words: [0.3, 0.2],
  typo: [0.2, 0.2],
}
/** Of a name with other marks than those typed: another name. */
const OTHER_MARKS = 0.5
/** Of a unit with another type word than the one typed. */
const OTHER_TYPE = 0.6
const NICKNAME = 0.95

function qualityOf(fit: Fit, typed: TypedName, key: string): number {
  // A street that is called "H" is not what somebody means who begins to type.
  const [least, more] = QUALITY[fit === 'exact' && key.length === 1 && key > '9' ? 'joined' : fit]
  return least + more * Math.min(1, typed.key.length / key.length)
}

/** Units that can be meant. */
export function unitHits(units: UnitIndex, typed: TypedUnit, freedom: Freedom, work: Work): UnitHit[] {
  const hits: UnitHit[] = []
  const slip = typed.slip ? QUALITY.typo[0] + QUALITY.typo[1] : 1
  eachName(units.names, typed, freedom, work, (row, fit) => {
    const key = units.names.keys[row]!
    const quality = qualityOf(fit, typed, key) * slip
    for (const unit of units.units[row]!) {
      let weight = unit.sense.nickname ? NICKNAME : 1
      if (typed.type && (unit.sense.typeBits & typed.type.typeBits) === 0) {
        // "Quận 3" is no "Phường 3".
        if (/\d/.test(key)) continue
        weight *= OTHER_TYPE
      }
      if (typed.marks && !marksFit(unit.name, typed.marks)) weight *= OTHER_MARKS
      hits.push({ unit, quality: quality * weight })
    }
  })
  return hits
}

/** Streets that begin as a span does. */
export function streetRanges(streets: StreetIndex, query: Query, span: Span): StreetRange[] {
  const ranges: StreetRange[] = []
  for (const [i, typed] of query.street(span).entries()) {
    const [from, before] = typed.open ? streets.names.range(typed.key) : streets.names.rows(typed.key)
    if (from < before) ranges.push({ typed, from, before, weight: i === 0 ? 1 : 0.97 })
  }
  return ranges
}

/** How well a street of such a range fits. */
export function qualityInRange(streets: StreetIndex, row: number, { typed, weight }: StreetRange): number {
  const fit = streets.names.fitOf(row, typed, typed.bounds)
  const marks = isSpelled(streets, row, typed) ? 1 : OTHER_MARKS
  return qualityOf(fit, typed, streets.names.keys[row]!) * weight * marks
}

/** Streets that a span can name when it is read freely. */
export function streetHits(streets: StreetIndex, query: Query, span: Span): StreetHit[] {
  const hits = new Map<number, number>()
  for (const typed of query.street(span))
    eachName(streets.names, typed, 'freely', query.work, (row, fit) => {
      const marks = isSpelled(streets, row, typed) ? 1 : OTHER_MARKS
      const quality = qualityOf(fit, typed, streets.names.keys[row]!) * marks
      hits.set(row, Math.max(quality, hits.get(row) ?? 0))
    })
  return [...hits].map(([row, quality]) => ({ row, quality }))
}

/** Whether a spelling of a street has the marks that were typed. */
const isSpelled = (streets: StreetIndex, row: number, { marks }: TypedSpan): boolean =>
  marks === null || streets.spellings[row]!.some((name) => marksFit(name, marks))

function eachName(
  names: NameList,
  typed: TypedSpan,
  freedom: Freedom,
  work: Work,
  visit: (row: number, fit: Fit) => void,
): void {
  if (freedom === 'freely') {
    if (typed.words.length > 1) names.withWords(typed, work, (row) => visit(row, 'words'))
    if (typed.key.length >= LEAST_FOR_TYPO) names.withTypo(typed, work, (row) => visit(row, 'typo'))
    return
  }
  const [from, before] = typed.open ? names.range(typed.key) : names.rows(typed.key)
  for (let at = from; at < before; at++) visit(at, names.fitOf(at, typed, typed.bounds))
}
/** A letter more or less makes another name of a shorter one. */
const LEAST_FOR_TYPO = 4
