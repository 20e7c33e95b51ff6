import { degrees } from '../../locate/encode.ts'
import type { NumberEstimate } from '../../locate/numberAt.ts'
import { aboutLabel, contextOf, labelOf, type Place } from '../../locate/place.ts'
import { lineOf } from '../cells.ts'
import { guarded } from '../guard.ts'

/**
 * The result columns of the French address service by their names there (github.com/livingdata-co/addok-geocode-stream,
 * lib/columns.js; older: github.com/addok/addok-csv), then ours.
 */
const SHARED = [
  'result_label',
  'result_type',
  'result_id',
  'result_housenumber',
  'result_name',
  'result_street',
  'result_postcode',
  'result_city',
  'result_context',
  'result_citycode',
  'result_oldcitycode',
  'result_oldcity',
  'result_district',
  'result_status',
  'result_vpostcode',
  'result_precision',
  'result_accuracy',
  'result_grade',
] as const
export const COLUMNS = {
  search: ['latitude', 'longitude', 'result_score', 'result_score_next', ...SHARED],
  reverse: ['result_latitude', 'result_longitude', 'result_distance', ...SHARED],
} as const
export type CsvKind = keyof typeof COLUMNS

/** What clients of the French service may ask for and nothing here has: empty columns. */
export const EMPTY_COLUMNS: readonly string[] = [
  'result_banId',
  'result_x',
  'result_y',
  'result_importance',
  'result_depcode',
]

/** ok, or why there is no answer: `skipped` = nothing to look for, `error` = the row cannot be read. */
export type CsvStatus = 'ok' | 'not-found' | 'skipped' | 'error'

/** What is known of a place beside itself. */
interface Answered {
  grade?: string | undefined
  /** The score of the second best place. */
  next?: number | undefined
  /** Metres from the row's point. */
  metres?: number
  /** Of a street beside the row's point: the number that a house there should have. */
  estimate?: NumberEstimate | null
  /** False: the error of its point says nothing. */
  located?: boolean
}

/** The cells of a row that has an answer, in the order of COLUMNS: an array, for objects of so many fields are slow. */
export function placeCells(
  place: Place,
  kind: CsvKind,
  { grade = '', next, metres, estimate, located = true }: Answered,
): string[] {
  const { commune, former } = place
  const score = String(Math.round(place.score * 1e4) / 1e4)
  const cells = [String(degrees(place.lat)), String(degrees(place.lon))]
  if (kind === 'search') cells.push(score, next === undefined ? '' : String(Math.round(next * 1e4) / 1e4))
  else cells.push(metres === undefined ? '' : String(Math.round(metres * 10) / 10))
  cells.push(
    estimate ? aboutLabel(place, estimate) : labelOf(place),
    place.type,
    place.id,
    place.housenumber ?? '',
    place.name,
    place.street ?? '',
    place.postcode ?? '',
    commune?.fullName ?? '',
    contextOf(place),
    commune?.code ?? '',
    former?.commune?.code ?? '',
    former?.commune?.fullName ?? '',
    former?.district?.fullName ?? '',
    'ok',
    place.vpostcode ?? '',
    place.precision,
    located ? String(Math.round(place.accuracy * 10) / 10) : '',
    grade,
  )
  return cells
}

/** The cells of a row without an answer. */
export function noCells(status: Exclude<CsvStatus, 'ok'>, kind: CsvKind): string[] {
  const cells = new Array<string>(COLUMNS[kind].length).fill('')
  cells[(COLUMNS[kind] as readonly string[]).indexOf('result_status')] = status
  return cells
}

/** The wanted columns, by their places in COLUMNS, as CSV text. */
export const cellsText = (cells: readonly string[], wanted: readonly number[], delimiter: string): string =>
  lineOf(
    wanted.map((place) => guarded(cells[place] ?? '')),
    delimiter,
  )
