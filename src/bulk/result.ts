import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import type { Outcome } from '../registry/assign.ts'
import type { RowStatus } from '../registry/types.ts'
import { cellsOf, lineOf, quoted } from './cells.ts'
import type { PreparedLine } from './prepare.ts'

/** The columns that stand after all input columns. */
export const RESULT_COLUMNS = [
  'status',
  'household_id',
  'vpostcode',
  'postcode',
  'latitude',
  'longitude',
  'precision',
  'accuracy',
  'commune_code',
  'commune_name',
  'province_code',
  'province_name',
  'former_commune_code',
  'former_commune_name',
  'former_successor_code',
  'former_district_name',
  'former_province_name',
  'grade',
  'confidence',
  'issues',
] as const

/** The columns that need no registry: what `convert` writes. */
export const UNIT_COLUMNS = RESULT_COLUMNS.slice(RESULT_COLUMNS.indexOf('commune_code'))

/** The header of the result: the input's, then ours; a name that the input has already gets the prefix `result_`. */
export function resultHeader(input: readonly string[], names: readonly string[]): string[] {
  const taken = new Set(input)
  return [
    ...input,
    ...names.map((name) => {
      let free: string = name
      while (taken.has(free)) free = `result_${free}`
      return free
    }),
  ]
}

/** All statuses, in the order of a summary. */
export const ROW_STATUSES: readonly RowStatus[] = [
  'assigned',
  'visit',
  'review',
  'updated',
  'unchanged',
  'duplicate',
  'rejected',
]

/** Degrees WGS 84 with at most 7 decimals (1 cm). */
const degrees = (value: number) => String(Math.round(value * 1e7) / 1e7)
const metres = (value: number) => String(Math.round(value * 10) / 10)

/**
 * One line of the result, with its end. A row that led to a known household answers that household's code and point:
 * `precision` is then "household", or "point" where the row gave the same point.
 */
export function resultLine(
  line: PreparedLine,
  outcome: Outcome | null,
  delimiter: string,
  gazetteer: Pick<Gazetteer, 'commune'>,
): string {
  const { location, draft } = line
  let place: { lat: number; lon: number; accuracy: number; precision: string } | null = location
  let answer = line.answer
  const household = outcome?.household
  if (household && outcome && KNOWN.has(outcome.status)) {
    const { point, communeCode } = household
    const moved = communeCode !== draft?.communeCode
    if (moved) answer = inCommune(answer, gazetteer.commune(communeCode), delimiter)
    const same = location?.precision === 'point' && location.lat === point?.lat && location.lon === point.lon
    if (point) place = { ...point, precision: same ? 'point' : 'household' }
    // What the row says of the place is no longer so.
    else if (moved || location?.precision === 'point') place = null
  }
  const added = outcome?.conflict ?? outcome?.remark
  const issues = added ? [...new Set([...line.issues, added])] : line.issues
  const ours = [
    outcome?.status ?? 'rejected',
    household?.id ?? '',
    household?.vpostcode ?? '',
    household?.postcode ?? '',
    place ? degrees(place.lat) : '',
    place ? degrees(place.lon) : '',
    place?.precision ?? 'none',
    place ? metres(place.accuracy) : '',
  ]
  return [line.input, ...ours, answer, quoted(issues.join(';'), delimiter)].join(delimiter).concat('\n')
}

/** The answer of a row whose household stands in another commune than its text says: a person decided so. */
function inCommune(answer: string, commune: CurrentCommune | undefined, delimiter: string): string {
  const [code = '', name = '', provinceCode = '', provinceName = ''] = commune
    ? [commune.code, commune.fullName, commune.province.code, commune.province.fullName]
    : []
  return lineOf([code, name, provinceCode, provinceName, ...cellsOf(answer, delimiter).slice(4)], delimiter)
}

const KNOWN: ReadonlySet<RowStatus> = new Set<RowStatus>(['updated', 'unchanged', 'duplicate'])
