import type { CurrentCommune, Gazetteer } from './gazetteer/types.ts'
import { readCoordinates } from './geo/coordinates.ts'
import { locateCommune } from './locate/commune.ts'
import { LAST_DAY } from './match/former.ts'
import type { Components, Understanding } from './match/types.ts'
import { MAX_INPUT, understandText, withoutPrivate } from './match/understand.ts'
import { UnitsMemo } from './match/unitsMemo.ts'
import type { HouseholdDraft, HouseholdParts } from './registry/types.ts'
import { convertLegacy, detectLegacy } from './text/legacyEncodings.ts'
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

/** A row on its way: each step answers a new one. A step that sets `rejected` ends the way. */
interface Row extends PreparedRow {
  readonly fields: RowFields
  readonly text: string
  readonly point: GivenPoint | null
  /** The commune that the point lies in. */
  readonly here: CurrentCommune | null
}

interface GivenPoint {
  readonly lat: number
  readonly lon: number
  /** Metres. */
  readonly accuracy: number
  /** Good enough for a code. */
  readonly known: boolean
}

type Step = (row: Row, gazetteer: Gazetteer) => Row

/** The literal list. */
const STEPS: readonly Step[] = [normalise, readPoint, understand, locate, draftHousehold]

/** One row from text to draft. Never throws for bad data. */
export function prepareRow(fields: RowFields, gazetteer: Gazetteer): PreparedRow {
  let row = newRow(fields)
  for (const step of STEPS) {
    row = step(row, gazetteer)
    if (row.rejected) break
  }
  const { draft, rejected, understanding, location, issues } = row
  return { draft, rejected, understanding, location, issues }
}

/** Of a row its point alone: null when it gives none that can be used, for which `issues` have the reason. */
export function readRowPoint(fields: RowFields): Pick<Row, 'point' | 'issues'> {
  return readPoint(newRow(fields))
}

function newRow(fields: RowFields): Row {
  return {
    fields,
    text: '',
    point: null,
    here: null,
    draft: null,
    rejected: null,
    understanding: null,
    location: null,
    issues: [],
  }
}

const reject = (row: Row, code: string): Row => ({ ...row, rejected: code, issues: [...row.issues, code] })
const remark = (row: Row, ...codes: string[]): Row =>
  codes.length === 0 ? row : { ...row, issues: [...row.issues, ...codes] }

/** One text of all address columns but the flat's, in the order in which an address is written. */
function normalise(given: Row): Row {
  const row = inUnicode(given)
  const cell = (name: keyof RowFields) => row.fields[name]?.trim() ?? ''
  // A bare number of a column of numbers gets the word that says what it is.
  const withWord = (text: string, word: string, pattern: RegExp) =>
    pattern.test(text) ? `${word} ${text}` : text
  const house = withWord(cell('houseNumber'), 'Số', /^\d/)
  const text = [
    [house, cell('street')].filter(Boolean).join(' '),
    cell('hamlet'),
    cell('address'),
    withWord(cell('commune'), 'Phường', /^\d{1,2}$/),
    withWord(cell('district'), 'Quận', /^\d{1,2}$/),
    cell('province'),
  ]
    .filter(Boolean)
    .join(', ')
  if (!text) return reject(row, 'no-address')
  if (text.length > MAX_INPUT) return reject(row, 'input-too-long')
  return { ...row, text }
}

const TEXT_FIELDS = [
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
function inUnicode(row: Row): Row {
  const { fields } = row
  const encoding = detectLegacy(TEXT_FIELDS.map((name) => fields[name] ?? '').join(', '))
  if (!encoding) return row
  const converted = TEXT_FIELDS.flatMap((name) =>
    fields[name] ? [[name, convertLegacy(fields[name], encoding).text]] : [],
  )
  return remark(
    { ...row, fields: { ...fields, ...Object.fromEntries(converted) } },
    `converted-from-${encoding}`,
  )
}

/** Metres of the last decimal of a degree, for 0 to 3 decimals; more are good enough for a cell of 3 m. */
const DECIMAL_METRES = [111_000, 11_100, 1_110, 111]
/** What a given point is taken to be good for when nothing says more (metres). */
const GIVEN_ACCURACY = 10

function readPoint(row: Row): Row {
  const { lat, lon } = row.fields
  const read = readCoordinates(lat ?? '', lon ?? '')
  if (read === null) return row
  if ('error' in read) return remark(row, read.error)
  // Excel drops trailing zeros, so the longer of the two numbers tells how many decimals there were.
  const decimals = Math.max(...[read.lat, read.lon].map((value) => String(value).split('.')[1]?.length ?? 0))
  const coarse = DECIMAL_METRES[decimals]
  const point = {
    lat: read.lat,
    lon: read.lon,
    accuracy: coarse ?? GIVEN_ACCURACY,
    known: coarse === undefined,
  }
  return remark({ ...row, point }, ...read.issues, ...(coarse === undefined ? [] : ['coarse-coordinates']))
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

function understand(row: Row, gazetteer: Gazetteer): Row {
  const understanding = understandText(row.text, gazetteer, {
    // A point that is good to a hundred metres or more decides nothing.
    point: row.point?.known ? row.point : null,
    memo: memoOf(gazetteer),
  })
  const components = withColumns(understanding.components, row.fields)
  const codes = understanding.issues.map(({ code }) => code)
  if (understanding.grade === 'D' && (!row.point || Object.keys(components).length === 0))
    return reject({ ...row, understanding }, 'not-understood')
  return remark({ ...row, understanding: { ...understanding, components } }, ...codes)
}

/** A column says what its cell is, whatever the words in it. */
function withColumns(components: Components, fields: RowFields): Components {
  const unit = fields.unit?.trim()
  const hamlet = components.hamlet || components.group ? '' : fields.hamlet?.trim()
  return { ...components, ...(unit ? { unit } : {}), ...(hamlet ? { hamlet } : {}) }
}

/** Where the row is: the given point, else the middle of its commune with the error that this has. */
function locate(row: Row, gazetteer: Gazetteer): Row {
  const { point } = row
  const understanding = row.understanding!
  if (point) {
    const { commune, issue } = locateCommune(gazetteer, point.lat, point.lon)
    if (commune) {
      const { lat, lon, accuracy } = point
      const located: Row = { ...row, here: commune, location: { lat, lon, precision: 'point', accuracy } }
      // A text that names no unit at all is placed by its point (section 2 of the design).
      if (understanding.grade === 'D')
        return remark(
          { ...located, understanding: placedByPoint(understanding, commune) },
          'commune-from-point',
          ...(issue ? [issue] : []),
        )
      return issue ? remark(located, issue) : located
    }
    if (understanding.grade === 'D') return reject(remark(row, 'outside-coverage'), 'not-understood')
    row = remark({ ...row, point: null }, 'outside-coverage')
  }
  const commune = communeOf(understanding, gazetteer)
  if (!commune) return row
  const { lat, lon } = commune.inside
  return { ...row, location: { lat, lon, precision: 'commune', accuracy: radius(commune) } }
}

function placedByPoint(understanding: Understanding, commune: CurrentCommune): Understanding {
  const { code, name, fullName, type, postcode, province } = commune
  return {
    ...understanding,
    grade: 'B',
    confidence: 0.9,
    issues: understanding.issues.filter((issue) => issue.code !== 'not-understood'),
    current: {
      province: {
        code: province.code,
        name: province.name,
        fullName: province.fullName,
        type: province.type,
      },
      commune: { code, name, fullName, type, postcode },
    },
  }
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

/** Metres: a point this near to the commune of the text belongs to it (section 2 of the design). */
const HEAD_REACH = 100
const REVIEW_REASONS = new Set(['split-commune', 'several-communes', 'commune-missing'])

/** What the registry is asked to decide on. The code's head is the text's commune, its tail the point's cell. */
function draftHousehold(row: Row, gazetteer: Gazetteer): Row {
  const { point, fields } = row
  const understanding = row.understanding!
  const commune = communeOf(understanding, gazetteer)
  const review: string[] = []
  if (understanding.grade === 'C')
    review.push(...understanding.issues.map(({ code }) => code).filter((code) => REVIEW_REASONS.has(code)))
  if (
    point &&
    commune &&
    row.here !== commune &&
    gazetteer.boundaries.distanceTo(commune.index, point.lat, point.lon, HEAD_REACH) > HEAD_REACH
  )
    review.push('point-far-from-commune')
  if (point && !commune) review.push('point-far-from-commune')
  const known = point?.known ? point : null
  const postcode = commune?.postcode ?? ''
  const draft: HouseholdDraft = {
    text: [fields.unit?.trim(), withoutPrivate(understanding)].filter(Boolean).join(', '),
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
  }
  const added = review.filter((code) => !row.issues.includes(code))
  return remark({ ...row, draft }, ...added)
}

/** The commune of June 2025, when the text tells exactly one. */
function juneCommune({ former }: Understanding): string | null {
  if (!former) return null
  if (former.asOf === LAST_DAY) return former.commune?.code ?? null
  return former.successor.length === 1 ? (former.successor[0]!.commune?.code ?? null) : null
}

function householdParts({ postcode: _p, vpostcode: _v, plusCode: _c, ...parts }: Components): HouseholdParts {
  return parts
}
