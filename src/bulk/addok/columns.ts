import { degrees } from '../../locate/encode.ts'
import { contextOf, labelOf, type Place } from '../../locate/place.ts'
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

export type Cells = Partial<Record<(typeof COLUMNS)[CsvKind][number], string>>

/** What is known of a place beside itself. */
interface Answered {
  grade?: string | undefined
  /** The score of the second best place. */
  next?: number | undefined
  /** Metres from the row's point. */
  metres?: number
  /** Where it is; of `reverse` under names that do not hide the row's own columns. */
  kind: CsvKind
}

/** The cells of a row that has an answer. */
export function placeCells(place: Place, { grade, next, metres, kind }: Answered): Cells {
  const { commune, former } = place
  const lat = String(degrees(place.lat))
  const lon = String(degrees(place.lon))
  return {
    ...(kind === 'search'
      ? { latitude: lat, longitude: lon }
      : { result_latitude: lat, result_longitude: lon }),
    result_label: labelOf(place),
    result_score: String(Math.round(place.score * 1e4) / 1e4),
    ...(next === undefined ? {} : { result_score_next: String(Math.round(next * 1e4) / 1e4) }),
    ...(metres === undefined ? {} : { result_distance: String(Math.round(metres * 10) / 10) }),
    result_type: place.type,
    result_id: place.id,
    result_housenumber: place.housenumber ?? '',
    result_name: place.name,
    result_street: place.street ?? '',
    result_postcode: place.postcode ?? '',
    result_city: commune?.fullName ?? '',
    result_context: contextOf(place),
    result_citycode: commune?.code ?? '',
    result_oldcitycode: former?.commune?.code ?? '',
    result_oldcity: former?.commune?.fullName ?? '',
    result_district: former?.district?.fullName ?? '',
    result_status: 'ok',
    result_vpostcode: place.vpostcode ?? '',
    result_precision: place.precision,
    result_accuracy: String(Math.round(place.accuracy * 10) / 10),
    result_grade: grade ?? '',
  }
}

export const noCells = (status: Exclude<CsvStatus, 'ok'>): Cells => ({ result_status: status })

/** The wanted columns as CSV text. */
export const cellsText = (cells: Cells, names: readonly string[], delimiter: string): string =>
  lineOf(
    names.map((name) => guarded(cells[name as keyof Cells] ?? '')),
    delimiter,
  )
