import type { Gazetteer } from '../../gazetteer/types.ts'
import { encodePoint } from '../../locate/encode.ts'
import { HOMES_REACH } from '../../locate/nearHomes.ts'
import { communePlace, PLACE_TYPES, type Place, type PlaceType } from '../../locate/place.ts'
import { bestOnMap } from '../../locate/reverse.ts'
import { type Address, MOST_ASKED, type SearchFilters, toldAt } from '../../locate/search.ts'
import type { Understanding } from '../../match/types.ts'
import type { RowFields } from '../../pipeline/row.ts'
import { readRowPoint } from '../../pipeline.ts'
import { identifies } from '../../registry/key.ts'
import { lineOf } from '../cells.ts'
import { guarded, isFormula } from '../guard.ts'
import { type Chunk, type FileRecord, readRecords } from '../prepare.ts'
import { cellsText, noCells, placeCells } from './columns.ts'
import type { CsvPlan } from './plan.ts'
import { readAddress } from './readAddress.ts'

/** Metres in which a household or street is looked for, as in GET /v1/reverse. */
export const RADIUS = 100

/** A row with its answer as far as it is known without the registry. */
export interface AnsweredRow {
  /** The row's own cells as CSV text. */
  input: string
  /** The result columns as CSV text. */
  answer: string
  /** What the registry is asked; null when it can add nothing. */
  ask: AskedAddress | AskedPoint | null
}

/** The readings of an address, best first; a household in one of them is a better answer. */
export interface AskedAddress {
  readings: {
    address: Address
    former: Place['former']
    score: number
    /** Its point is that of its street and number, which neighbours can tell better. */
    isDoor: boolean
  }[]
  /** Only houses are wanted. */
  onlyHouses: boolean
  /** Of all readings. */
  scores: number[]
  grade: Understanding['grade'] | undefined
}

export interface AskedPoint {
  lat: number
  lon: number
  /** Metres in which a registered home can better the answer. */
  reach: number
}

/** Runs in a worker; no row makes it throw. */
export function answerChunk(chunk: Chunk, plan: CsvPlan, gazetteer: Gazetteer): AnsweredRow[] {
  const rows: AnsweredRow[] = []
  const answer = plan.kind === 'search' ? searched : reversed
  for (const record of readRecords(chunk, { ...plan, sheet: null })) {
    const { cells, ask } = record.fault ? none('error', plan) : answer(record.cells, plan, gazetteer)
    rows.push({
      input: inputText(record, plan),
      answer: cellsText(cells, plan.wanted, plan.outDelimiter),
      ask,
    })
  }
  return rows
}

type Answer = { cells: readonly string[]; ask: AnsweredRow['ask'] }

const none = (
  status: 'error' | 'skipped' | 'not-found',
  { kind }: CsvPlan,
  ask: Answer['ask'] = null,
): Answer => ({ cells: noCells(status, kind), ask })

/** The row as it stands in the answer; of a broken one its text in the first cell. */
function inputText({ fault, text, cells }: FileRecord, { width, outDelimiter }: CsvPlan): string {
  const kept = fault ? [text.replaceAll('\0', '\ufffd'), ...new Array<string>(width - 1).fill('')] : cells
  return lineOf(kept.some(isFormula) ? kept.map(guarded) : kept, outDelimiter)
}

function searched(cells: readonly string[], plan: CsvPlan, gazetteer: Gazetteer): Answer {
  const fields = fieldsOf(cells, plan)
  if (!fields) return none('skipped', plan)
  const filters = filtersOf(cells, plan)
  if (filters === null) return none('not-found', plan)
  const near = plan.point && pointOf(cells, plan.point)
  const { found, understanding, rejected } = readAddress(fields, filters, near, gazetteer)
  if (rejected === 'input-too-long') return none('error', plan)
  const grade = understanding?.grade
  const readings = found
    .slice(0, MOST_ASKED)
    .flatMap(({ address, place: { former, score, door } }) =>
      address && identifies(address.parts) ? [{ address, former, score, isDoor: door !== null }] : [],
    )
  const scores = found.map(({ place }) => place.score)
  const onlyHouses = filters.type === 'housenumber'
  const ask = readings.length > 0 ? { readings, scores, grade, onlyHouses } : null
  const places = found.filter(({ place }) => filters.type !== 'housenumber' || place.type === 'housenumber')
  const best = places[0]?.place
  if (!best) return none('not-found', plan, ask)
  return { cells: placeCells(toldAt(best, grade), 'search', { grade, next: places[1]?.place.score }), ask }
}

/** The address of a row; null when its cells are empty. */
function fieldsOf(cells: readonly string[], { address }: CsvPlan): RowFields | null {
  let text = ''
  const fields: RowFields = {}
  for (const { column, field } of address) {
    const cell = cells[column]!.trim()
    if (!cell) continue
    if (field) fields[field] = cell
    // A number belongs to the street behind it.
    text += text ? (/^\S*\d\S*$/.test(text) ? ` ${cell}` : `, ${cell}`) : cell
  }
  if (!text) return null
  return address[0]?.field ? fields : { address: text }
}

/** Null when a cell holds what no place can have. An empty one filters nothing. */
function filtersOf(cells: readonly string[], { filters }: CsvPlan): SearchFilters | null {
  const cell = (name: keyof typeof filters) => {
    const column = filters[name]
    return column === undefined ? '' : cells[column]!.trim()
  }
  const type = cell('type')
  if (type && !(PLACE_TYPES as readonly string[]).includes(type)) return null
  return {
    type: (type || undefined) as PlaceType | undefined,
    postcode: code(cell('postcode')),
    citycode: code(cell('citycode')),
  }
}

/** Spreadsheets take the zeros in front away. */
const code = (cell: string) => (cell ? cell.padStart(5, '0') : undefined)

function pointOf(cells: readonly string[], { lat, lon }: NonNullable<CsvPlan['point']>) {
  return readRowPoint({ lat: cells[lat]!, lon: cells[lon]! }).point
}

function reversed(cells: readonly string[], plan: CsvPlan, gazetteer: Gazetteer): Answer {
  const { lat, lon } = plan.point!
  if (!cells[lat]!.trim() && !cells[lon]!.trim()) return none('skipped', plan)
  const { point, issues } = readRowPoint({ lat: cells[lat]!, lon: cells[lon]! })
  const isAbroad = issues.some((code) => code === 'outside-coverage' || code === 'zero-coordinates')
  if (!point) return none(isAbroad ? 'not-found' : 'error', plan)
  const here = encodePoint(gazetteer, point.lat, point.lon)
  const at = { lat: point.lat, lon: point.lon }
  const commune = here && gazetteer.commune(here.commune.code)
  if (!commune) return none('not-found', plan, { ...at, reach: HOMES_REACH })
  const { vpostcode } = here
  const beside = bestOnMap(gazetteer, point.lat, point.lon, RADIUS)
  // Homes a few doors away tell of a street, and nothing of a mapped house.
  const ask = { ...at, reach: beside?.place.type === 'housenumber' ? RADIUS : HOMES_REACH }
  if (beside) {
    // Of a house its own code, else that of the point.
    const place = { ...beside.place, vpostcode: beside.place.vpostcode ?? vpostcode }
    return { cells: placeCells(place, 'reverse', beside), ask }
  }
  // The commune at the point itself, as GET /v1/reverse answers it: with the code of the point.
  const place = { ...communePlace(commune, null, 1, gazetteer), ...at, vpostcode }
  return { cells: placeCells(place, 'reverse', { metres: 0, located: false }), ask }
}
