import type { Gazetteer } from './gazetteer/types.ts'
import { draftHousehold } from './pipeline/draftHousehold.ts'
import { locate } from './pipeline/locate.ts'
import { normalise } from './pipeline/normalise.ts'
import { placeCode, placeMetres } from './pipeline/placePoint.ts'
import { readPoint } from './pipeline/readPoint.ts'
import {
  newRow,
  type PreparedRow,
  type PrepareOptions,
  type Row,
  type RowFields,
  type Step,
} from './pipeline/row.ts'
import { understand } from './pipeline/understand.ts'
import type { HouseholdPoint } from './registry/types.ts'

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
  const { draft, rejected, understanding, location, door, issues } = row
  return { draft, rejected, understanding, location, door, issues }
}

/** An address as a person enters it, with the point as they state it: the number of its decimals does not count. */
export function prepareEntry(
  fields: RowFields,
  point: HouseholdPoint | undefined,
  gazetteer: Gazetteer,
): PreparedRow {
  if (!point) return prepareRow(fields, gazetteer)
  const prepared = prepareRow({ ...fields, lat: String(point.lat), lon: String(point.lon) }, gazetteer)
  return prepared.draft ? { ...prepared, draft: { ...prepared.draft, point } } : prepared
}

/** Of a row its point alone: null when it gives none that can be used, for which `issues` have the reason. */
export function readRowPoint(fields: RowFields): Pick<Row, 'point' | 'issues'> {
  const row = newRow(fields)
  readPoint(row)
  return row
}
