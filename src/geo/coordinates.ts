export type CoordinateIssue = 'swapped-coordinates' | 'decimal-comma' | 'degrees-minutes-seconds'

/**
 * bad-coordinates: not two readable numbers of degrees. zero-coordinates: 0, 0, which files write for "not known".
 * outside-coverage: degrees of another country. projected-coordinates: metres of a map projection (VN-2000, UTM).
 * sexagesimal-coordinates: something like degrees, minutes and seconds that cannot be read.
 */
export type CoordinateError =
  | 'bad-coordinates'
  | 'zero-coordinates'
  | 'outside-coverage'
  | 'projected-coordinates'
  | 'sexagesimal-coordinates'

/** Degrees WGS 84, with what was repaired on the way. */
export interface Coordinates {
  lat: number
  lon: number
  issues: CoordinateIssue[]
  /** Metres between two values that could have been written so; only where the digits of `lat` and `lon` do not tell. */
  step?: number
}

/** Metres of a map projection: VN-2000 or UTM. */
export interface Projected {
  error: 'projected-coordinates'
  northing: number
  easting: number
}
export type CoordinateFault = { error: Exclude<CoordinateError, 'projected-coordinates'> } | Projected

/** The country with its islands and a degree of sea: 7.2 to 23.4 north, 102.1 to 117.9 east. The two ranges never overlap. */
const COVERAGE = { south: 6, north: 24.5, west: 101, east: 119 }
/** Metres in the zones of VN-2000 and UTM that touch the country: northing and easting never overlap either. */
const NORTHING = { low: 600_000, high: 2_800_000 }
const EASTING = { low: 50_000, high: 1_000_000 }

const MAX_LENGTH = 64
/** What nearly all cells hold: read at once. */
const PLAIN = /^\d{1,3}\.\d{1,16}$/
const BLANK = /^(?:null|none|nan|n\/a|#n\/a|-+|\?+|chưa có|không có|không)?$/i
const SEXAGESIMAL = /\d\s*[°º˚]\s*\d|\d\s*['′’"″]/
// B(ắc), Đ(ông), T(ây) beside N, S, E, W. N may also stand for Nam (south), where no part of the country lies.
const NUMBER = '([NBEĐDSWT]?)\\s*([+-]?\\d+(?:[.,]\\d+)?(?:e[+-]?\\d+)?)\\s*([NBEĐDSWT]?)'
const ONE = new RegExp(`^${NUMBER}$`, 'i')
const PAIR = new RegExp(`^(${NUMBER})(?:\\s*[;|/]\\s*|\\s*,\\s+|\\s+,|\\s+)(${NUMBER})$`, 'i')
/** Two numbers with points, or one of them whole, and only a comma between. */
const TIGHT_PAIR = /^([^,]+),([^,]+)$/
/** "10,7721,106,6983": every comma there is. */
const ALL_COMMAS = /^(-?\d{1,3},\d+),(-?\d{1,3},\d+)$/
/** Groups of three with the same mark between, and a fraction after another mark. */
const GROUPED = /^(\d{1,3}([., ])\d{3}(?:\2\d{3})*)(?:[.,](\d+))?$/

/**
 * Reads the two cells of a file, as they stand there, into a point. Accepts decimal commas, degree signs, letters for the
 * directions, both numbers in one cell, and repairs swapped ones. Null when neither cell says anything; an error code when
 * they say nothing usable (`zero-coordinates` is to be taken as not given). Never throws.
 */
export function readCoordinates(
  latCell: string | null | undefined,
  lonCell: string | null | undefined,
): Coordinates | CoordinateFault | null {
  if (latCell && lonCell && latCell !== lonCell && PLAIN.test(latCell) && PLAIN.test(lonCell)) {
    const plain = place(Number(latCell), Number(lonCell), false)
    if (plain) return plain
  }
  const first = tidy(latCell)
  const second = tidy(lonCell)
  if (first === '' && second === '') return null
  if (first.length > MAX_LENGTH || second.length > MAX_LENGTH) return { error: 'bad-coordinates' }
  if (SEXAGESIMAL.test(first) || SEXAGESIMAL.test(second))
    return sexagesimal(first, second) ?? { error: 'sexagesimal-coordinates' }
  const texts = twoTexts(withoutDegreeSign(first), withoutDegreeSign(second))
  if (texts === null) return { error: isZero(first + second) ? 'zero-coordinates' : 'bad-coordinates' }
  const [a, b] = texts
  const placed = place(degrees(a), degrees(b), a.includes(',') || b.includes(','))
  if (placed) return placed
  const [x, y] = [metres(a), metres(b)]
  if (!areMetres(x, y)) return { error: 'bad-coordinates' }
  return { error: 'projected-coordinates', northing: Math.max(x, y), easting: Math.min(x, y) }
}

const SECONDS = `(?:\\s*(\\d{1,2}(?:[.,]\\d+)?)\\s*(?:["″”]|''|′′|’’)?)`
const MINUTES = `\\s*(\\d{1,2}(?:[.,]\\d+)?)\\s*(?:['′’]${SECONDS}?)?`
const ANGLE = new RegExp(`([NBEĐDSWT]?)\\s*(\\d{1,3})\\s*[°º˚]${MINUTES}\\s*([NBEĐDSWT]?)(?![\\dA-Z])`, 'giu')

/** Degrees, minutes and seconds ("10°46'19.6\"N"), or degrees and minutes, in a cell each or both in one; null when they are none. */
function sexagesimal(first: string, second: string): Coordinates | CoordinateFault | null {
  const both = second === '' || first === second ? first : first === '' ? second : `${first} ; ${second}`
  const angles = [...both.matchAll(ANGLE)]
  const rest = both.replace(ANGLE, '').replace(/[\s,;|/]+/g, '')
  if (angles.length !== 2 || rest !== '') return null
  let step = 0
  const values = angles.map(([, before, degree, minute, secondText, after]) => {
    const [minutes, seconds] = [minute!, secondText ?? '0'].map((text) => Number(text.replace(',', '.')))
    if (minutes! >= 60 || seconds! >= 60) return Number.NaN
    const [last, unit] = secondText === undefined ? [minute!, 1850] : [secondText, 31]
    step = Math.max(step, unit / 10 ** (/[.,](\d+)$/.exec(last)?.[1]?.length ?? 0))
    const value = Number(degree) + minutes! / 60 + seconds! / 3600
    return /[SWT]/i.test(before! + after!) ? -value : value
  })
  const placed = place(values[0]!, values[1]!, false)
  if (!placed || 'error' in placed) return placed
  return { ...placed, issues: ['degrees-minutes-seconds', ...placed.issues], step }
}

/** A point or what is wrong with it; null when the numbers are no degrees at all. */
function place(a: number, b: number, comma: boolean): Coordinates | CoordinateFault | null {
  if (a === 0 && b === 0) return { error: 'zero-coordinates' }
  const issues: CoordinateIssue[] = comma ? ['decimal-comma'] : []
  if (covers(a, b)) return { lat: a, lon: b, issues }
  if (covers(b, a)) return { lat: b, lon: a, issues: [...issues, 'swapped-coordinates'] }
  const low = Math.min(Math.abs(a), Math.abs(b))
  const high = Math.max(Math.abs(a), Math.abs(b))
  return low <= 90 && high <= 180 ? { error: 'outside-coverage' } : null
}

function covers(lat: number, lon: number): boolean {
  return lat >= COVERAGE.south && lat <= COVERAGE.north && lon >= COVERAGE.west && lon <= COVERAGE.east
}

/** Without outer blanks, quotes and brackets; one kind of blank, one kind of minus. */
function tidy(cell: string | null | undefined): string {
  const text = (cell ?? '')
    .replace(/[\s\u200b\ufeff]+/g, ' ')
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/^[\s'"([]+|[\s"\])]+$/g, '')
  return BLANK.test(text) ? '' : text
}

function withoutDegreeSign(text: string): string {
  return text.replace(/\s*[°º˚]/g, '').trim()
}

/** The two numbers as texts, from a cell each or from one cell; null when there are not two. */
function twoTexts(first: string, second: string): [string, string] | null {
  if (first !== '' && second !== '' && first !== second) return [first, second]
  const both = first || second
  const commas = ALL_COMMAS.exec(both)
  if (commas) return [commas[1]!, commas[2]!]
  const pair = PAIR.exec(both)
  if (pair) return [pair[1]!, pair[5]!]
  const tight = both.includes('.') ? TIGHT_PAIR.exec(both) : null
  return tight ? [tight[1]!.trim(), tight[2]!.trim()] : null
}

/** NaN for a text that is not one number. South and west count down. */
function degrees(text: string): number {
  const found = ONE.exec(text)
  if (!found) return Number.NaN
  const value = Number(found[2]!.replace(',', '.'))
  return /[SWT]/i.test(found[1]! + found[3]!) ? -value : value
}

/** A plain number or one in groups of three ("1.191.234,56"); NaN otherwise. */
function metres(text: string): number {
  const groups = GROUPED.exec(text)
  return groups ? Number(`${groups[1]!.replace(/[., ]/g, '')}.${groups[3] ?? 0}`) : degrees(text)
}

function areMetres(a: number, b: number): boolean {
  const is = (value: number, { low, high }: { low: number; high: number }) => value >= low && value <= high
  return (is(a, NORTHING) && is(b, EASTING)) || (is(b, NORTHING) && is(a, EASTING))
}

function isZero(text: string): boolean {
  return /^[0., ]+$/.test(text) && text.includes('0')
}
