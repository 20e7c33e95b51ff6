import type { CurrentCommune, Gazetteer } from './gazetteer/types.ts'
import { type Projected, readCoordinates } from './geo/coordinates.ts'
import { locateCommune } from './locate/commune.ts'
import { fromMetres } from './locate/projected.ts'
import { codePoint } from './match/codePoint.ts'
import { LAST_DAY } from './match/former.ts'
import type { DecidedStreets } from './match/hearDecided.ts'
import { HEAD_REACH, placedIn } from './match/placedBy.ts'
import type { Components, Understanding } from './match/types.ts'
import { isNameSyllable, MAX_INPUT, understandText, withoutPrivate } from './match/understand.ts'
import { UnitsMemo } from './match/unitsMemo.ts'
import { metresBetween } from './registry/points.ts'
import { isOfPlace } from './registry/review/decide.ts'
import type { HouseholdDraft, HouseholdParts } from './registry/types.ts'
import { convertLegacy, detectLegacy } from './text/legacyEncodings.ts'
import { fold } from './text/tokens.ts'
import { encodeVpostcode } from './vpostcode/vpostcode.ts'

/** The cells of one row, by field. All are text as it stood in the file; absent or blank = not given. */
export interface RowFields {
  address?: string
  houseNumber?: string
  street?: string
  hamlet?: string
  unit?: string
  commune?: string
  district?: string
  province?: string
  lat?: string
  lon?: string
  externalId?: string
}

/** How precise the answered point is, best first. */
export type Precision =
  | 'point'
  | 'household'
  | 'building'
  | 'interpolated'
  | 'alley'
  | 'street'
  | 'hamlet'
  | 'commune'
  | 'none'

/** What the pipeline says of one row before the registry decides. */
export interface PreparedRow {
  /** What the registry would store; null when the row is rejected. */
  readonly draft: HouseholdDraft | null
  /** Why the row is rejected (an issue code), else null. */
  readonly rejected: string | null
  readonly understanding: Understanding | null
  /** The answered point in degrees WGS 84 (given or derived), its precision and its error in metres. */
  readonly location: { lat: number; lon: number; precision: Precision; accuracy: number } | null
  /** Codes of everything found, in the order found. */
  readonly issues: string[]
}

/**
 * A row on its way: each step fills in its part (a new row a step would cost a tenth of the time). A step that sets
 * `rejected` ends the way.
 */
interface Row extends Mutable<PreparedRow> {
  fields: RowFields
  text: string
  point: GivenPoint | null
  /** Metres of a projection, whose zone the text must tell. */
  metres: Projected | null
  /** The commune that the point lies in. */
  here: CurrentCommune | null
}
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

interface GivenPoint {
  readonly lat: number
  readonly lon: number
  /** Metres. */
  readonly accuracy: number
  /** Good enough for a code. */
  readonly known: boolean
}

/** What a caller knows or wants beside the row. */
export interface PrepareOptions {
  /** What persons have decided about streets. */
  readonly decided?: DecidedStreets | null
  /** Whether `formerCandidates` are wanted, which loads of files have no use for; false by default. */
  readonly formers?: boolean
}

type Step = (row: Row, gazetteer: Gazetteer, options: PrepareOptions) => void

/** The literal list. */
const STEPS: readonly Step[] = [
  normalise,
  readPoint,
  understand,
  placeMetres,
  placeCode,
  locate,
  draftHousehold,
]

/** One row from text to draft. Never throws for bad data. */
export function prepareRow(
  fields: RowFields,
  gazetteer: Gazetteer,
  options: PrepareOptions = {},
): PreparedRow {
  const row = newRow(fields)
  for (const step of STEPS) {
    step(row, gazetteer, options)
    if (row.rejected) break
  }
  const { draft, rejected, understanding, location, issues } = row
  return { draft, rejected, understanding, location, issues }
}

/** Of a row its point alone: null when it gives none that can be used, for which `issues` have the reason. */
export function readRowPoint(fields: RowFields): Pick<Row, 'point' | 'issues'> {
  const row = newRow(fields)
  readPoint(row)
  return row
}

function newRow(fields: RowFields): Row {
  return {
    fields,
    text: '',
    point: null,
    metres: null,
    here: null,
    draft: null,
    rejected: null,
    understanding: null,
    location: null,
    issues: [],
  }
}

function reject(row: Row, code: string): void {
  row.rejected = code
  row.issues.push(code)
}

/** One text of all address columns but the flat's, in the order in which an address is written. */
function normalise(row: Row, gazetteer: Gazetteer): void {
  inUnicode(row, gazetteer)
  const cell = (name: keyof RowFields) => row.fields[name]?.trim() ?? ''
  // A bare number of a column of numbers gets the word that says what it is.
  const withWord = (text: string, word: string, pattern: RegExp) =>
    pattern.test(text) ? `${word} ${text}` : text
  const house = withWord(cell('houseNumber'), 'Số', /^\d/)
  const street = cell('street')
  let text = house && street ? `${house} ${street}` : house || street
  const add = (part: string) => {
    if (part) text = text ? `${text}, ${part}` : part
  }
  add(cell('hamlet'))
  add(cell('address'))
  add(withWord(cell('commune'), 'Phường', /^\d{1,2}$/))
  add(withWord(cell('district'), 'Quận', /^\d{1,2}$/))
  add(provinceCell(cell('province'), gazetteer))
  if (!text) reject(row, 'no-address')
  else if (text.length > MAX_INPUT) reject(row, 'input-too-long')
  else row.text = text
}

/** Names of provinces without a type word, folded, with the word that they have. */
const provinceWords = new WeakMap<Gazetteer, ReadonlyMap<string, string>>()

/** A column of provinces says what "Quảng Ngãi" is: the province, not the city of that name. */
function provinceCell(name: string, gazetteer: Gazetteer): string {
  let words = provinceWords.get(gazetteer)
  if (!words) {
    const all = [...gazetteer.formerProvinces, ...gazetteer.provinces]
    words = new Map(
      all.map((province) => [fold(province.name), province.type === 'tinh' ? 'Tỉnh' : 'Thành phố']),
    )
    provinceWords.set(gazetteer, words)
  }
  const word = name && words.get(fold(name))
  if (!word) return name
  // Words with marks would make those without them look like mistakes.
  return `${fold(name) === name.toLowerCase() ? fold(word) : word} ${name}`
}

/** The fields that hold words of an address. */
export const TEXT_FIELDS = [
  'address',
  'houseNumber',
  'street',
  'hamlet',
  'unit',
  'commune',
  'district',
  'province',
] as const

/** Cells of old encodings as Unicode, so that only that is stored. All cells of a row together tell the encoding. */
function inUnicode(row: Row, gazetteer: Gazetteer): void {
  const { fields } = row
  let all = ''
  for (const name of TEXT_FIELDS) all += `${fields[name] ?? ''}, `
  const encoding = detectLegacy(all, (word) => isNameSyllable(word, gazetteer))
  if (!encoding) return
  row.fields = { ...fields }
  for (const name of TEXT_FIELDS)
    if (fields[name]) row.fields[name] = convertLegacy(fields[name], encoding).text
  row.issues.push(`converted-from-${encoding}`)
}

/** Metres of the last decimal of a degree, for 0 to 3 decimals; more are good enough for a cell of 3 m. */
const DECIMAL_METRES = [111_000, 11_100, 1_110, 111]
/** What a given point is taken to be good for when nothing says more (metres). */
const GIVEN_ACCURACY = 10

/** Metres between two values of coordinates that are too coarse for a code. */
const COARSE = 12

function readPoint(row: Row): void {
  const { lat, lon } = row.fields
  const read = readCoordinates(lat ?? '', lon ?? '')
  if (read === null) return
  if ('error' in read) {
    row.issues.push(read.error)
    if (read.error === 'projected-coordinates') row.metres = read
    return
  }
  // Excel drops trailing zeros, so the longer of the two numbers tells how many decimals there were.
  const decimals = DECIMAL_METRES.findIndex((_, count) => ends(read.lat, count) && ends(read.lon, count))
  // Seconds without a fraction are 31 m apart; hundredths of a minute 18.
  const coarse =
    read.step === undefined ? DECIMAL_METRES[decimals] : read.step > COARSE ? read.step : undefined
  row.point = {
    lat: read.lat,
    lon: read.lon,
    accuracy: coarse ?? GIVEN_ACCURACY,
    known: coarse === undefined,
  }
  row.issues.push(...read.issues)
  if (coarse !== undefined) row.issues.push('coarse-coordinates')
}

/** Has the number at most so many decimals? */
function ends(value: number, decimals: number): boolean {
  const unit = 10 ** decimals
  return Math.round(value * unit) / unit === value
}

const memos = new WeakMap<Gazetteer, UnitsMemo>()

function memoOf(gazetteer: Gazetteer): UnitsMemo {
  let memo = memos.get(gazetteer)
  if (!memo) {
    memo = new UnitsMemo()
    memos.set(gazetteer, memo)
  }
  return memo
}

function understand(row: Row, gazetteer: Gazetteer, { decided, formers = false }: PrepareOptions): void {
  const read = understandText(row.text, gazetteer, {
    // A point that is good to a hundred metres or more decides nothing.
    point: row.point?.known ? row.point : null,
    decided,
    memo: memoOf(gazetteer),
    formers,
  })
  const components = withColumns(read.components, row.fields)
  row.understanding = components === read.components ? read : { ...read, components }
  if (read.grade === 'D' && (!row.point || Object.keys(components).length === 0)) {
    // Of what is not understood the reason counts, not the way to it.
    row.understanding = read
    reject(row, 'not-understood')
  } else for (const { code } of read.issues) row.issues.push(code)
}

/** Gives metres of VN-2000 their place, now that the text tells the province and so the meridian. */
function placeMetres(row: Row, gazetteer: Gazetteer, options: PrepareOptions): void {
  const understanding = row.understanding!
  const place = row.metres && fromMetres(gazetteer, row.metres.northing, row.metres.easting, understanding)
  if (!place) return
  row.point = { ...place, accuracy: GIVEN_ACCURACY, known: true }
  const read = new Set<string>(['projected-coordinates', ...understanding.issues.map(({ code }) => code)])
  row.issues = row.issues.filter((code) => !read.has(code))
  row.issues.push('converted-from-vn2000')
  // The point may decide what the text left open.
  understand(row, gazetteer, options)
}

/** Metres: a code of the line and a given point farther apart than this are two places. */
const ONE_PLACE = 50

/** A code in the line is a point as good as coordinates; where it disagrees with them a person has to decide. */
function placeCode(row: Row, gazetteer: Gazetteer): void {
  const understanding = row.understanding!
  const { components, grade } = understanding
  if (!components.vpostcode && !components.plusCode) return
  const near = grade === 'C' ? null : communeOf(understanding, gazetteer)
  const place = codePoint(components, near, gazetteer)
  if (!place) return
  const { lat, lon, accuracy } = place
  if (!row.point?.known) row.point = { lat, lon, accuracy, known: true }
  else if (metresBetween(row.point, place) > ONE_PLACE) row.issues.push('code-far-from-point')
}

/** A column says what its cell is, whatever the words in it. */
function withColumns(components: Components, fields: RowFields): Components {
  const unit = fields.unit?.trim()
  const hamlet = components.hamlet || components.group ? '' : fields.hamlet?.trim()
  if (!unit && !hamlet) return components
  return { ...components, ...(unit ? { unit } : {}), ...(hamlet ? { hamlet } : {}) }
}

/** Where the row is: the given point, else the middle of its commune with the error that this has. */
function locate(row: Row, gazetteer: Gazetteer): void {
  const { point } = row
  const understanding = row.understanding!
  if (point) {
    const { commune, issue } = locateCommune(gazetteer, point.lat, point.lon)
    if (commune) {
      row.here = commune
      row.location = { lat: point.lat, lon: point.lon, precision: 'point', accuracy: point.accuracy }
      // A text that names no unit at all is placed by its point (section 2 of the design).
      if (understanding.grade === 'D') {
        row.understanding = placedIn(understanding, commune)
        row.issues.push('commune-from-point')
      }
      if (issue) row.issues.push(issue)
      return
    }
    row.issues.push('outside-coverage')
    if (understanding.grade === 'D') {
      reject(row, 'not-understood')
      return
    }
    row.point = null
  }
  const commune = communeOf(understanding, gazetteer)
  if (!commune) return
  const { lat, lon } = commune.inside
  row.location = { lat, lon, precision: 'commune', accuracy: radius(commune) }
}

const communeOf = ({ current }: Understanding, gazetteer: Gazetteer): CurrentCommune | null =>
  current?.commune ? gazetteer.commune(current.commune.code)! : null

/** Metres from the middle of a commune to the corner of its box: no house of it lies farther. */
function radius({ bbox, inside }: CurrentCommune): number {
  const [west, south, east, north] = bbox
  const northing = Math.max(north - inside.lat, inside.lat - south) * 111_000
  const easting =
    Math.max(east - inside.lon, inside.lon - west) * 111_000 * Math.cos((inside.lat * Math.PI) / 180)
  return Math.round(Math.hypot(northing, easting))
}

/** What the registry is asked to decide on. The code's head is the text's commune, its tail the point's cell. */
function draftHousehold(row: Row, gazetteer: Gazetteer): void {
  const { point, fields } = row
  const understanding = row.understanding!
  const commune = communeOf(understanding, gazetteer)
  const reasons = new Set<string>()
  if (understanding.grade === 'C') {
    for (const { code } of understanding.issues) if (isOfPlace(code)) reasons.add(code)
    if (reasons.size === 0) reasons.add('several-communes')
  }
  if (
    point &&
    commune &&
    row.here !== commune &&
    gazetteer.boundaries.distanceTo(commune.index, point.lat, point.lon, HEAD_REACH) > HEAD_REACH
  )
    reasons.add('point-far-from-commune')
  if (point && !commune) reasons.add('point-far-from-commune')
  if (row.issues.includes('code-far-from-point')) reasons.add('code-far-from-point')
  const review = [...reasons]
  const known = point?.known ? point : null
  const postcode = commune?.postcode ?? ''
  const unit = fields.unit?.trim()
  const text = withoutPrivate(understanding)
  row.draft = {
    text: unit && text ? `${unit}, ${text}` : unit || text,
    parts: householdParts(understanding.components),
    provinceCode: understanding.current!.province.code,
    communeCode: commune?.code ?? '',
    formerCommuneCode: juneCommune(understanding),
    postcode,
    point: known && { lat: known.lat, lon: known.lon, source: 'given', accuracy: known.accuracy },
    vpostcode:
      known && commune && review.length === 0 ? encodeVpostcode(postcode, known.lat, known.lon) : null,
    grade: understanding.grade as HouseholdDraft['grade'],
    confidence: understanding.confidence,
    review,
    externalId: fields.externalId?.trim() || null,
    alsoIn: isGuess(understanding) ? otherParts(understanding) : [],
  }
  for (const code of review) if (!row.issues.includes(code)) row.issues.push(code)
}

/** The commune follows from likelihood or from the neighbours: another load may choose another one. */
const isGuess = ({ grade, issues }: Understanding) =>
  grade === 'C' || issues.some(({ code }) => code === 'decided-by-neighbours')

/** The other communes that have a part of the split one that the text names. */
function otherParts(understanding: Understanding): string[] {
  const june = juneCommune(understanding)
  if (!june) return []
  return understanding.candidates.flatMap(({ current, former }) =>
    current.commune && juneCommune({ former }) === june ? current.commune.code : [],
  )
}

/** The commune of June 2025, when the text tells exactly one. */
function juneCommune({ former }: Pick<Understanding, 'former'>): string | null {
  if (!former) return null
  if (former.asOf === LAST_DAY) return former.commune?.code ?? null
  return former.successor.length === 1 ? (former.successor[0]!.commune?.code ?? null) : null
}

function householdParts(components: Components): HouseholdParts {
  const { postcode, vpostcode, plusCode } = components
  if (postcode === undefined && vpostcode === undefined && plusCode === undefined) return components
  const { postcode: _p, vpostcode: _v, plusCode: _c, ...parts } = components
  return parts
}
