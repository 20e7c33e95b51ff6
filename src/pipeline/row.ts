import type { CurrentCommune, Gazetteer } from '../gazetteer/types.ts'
import type { Projected } from '../geo/coordinates.ts'
import type { FoundDoor } from '../locate/door/findDoor.ts'
import type { Precision } from '../locate/precision.ts'
import type { DecidedStreets } from '../match/hearDecided.ts'
import type { Understanding } from '../match/types.ts'
import type { ForcedEra } from '../match/units.ts'
import type { HouseholdDraft } from '../registry/types.ts'

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

export interface Location {
  lat: number
  lon: number
  precision: Precision
  accuracy: number
}

/** What the pipeline says of one row before the registry decides. */
export interface PreparedRow {
  /** What the registry would store; null when the row is rejected. */
  readonly draft: HouseholdDraft | null
  /** Why the row is rejected (an issue code), else null. */
  readonly rejected: string | null
  readonly understanding: Understanding | null
  /** The answered point in degrees WGS 84 (given or derived), its precision and its error in metres. */
  readonly location: Location | null
  /** How the point was found where none was given; null else. */
  readonly door: FoundDoor | null
  /** Codes of everything found, in the order found. */
  readonly issues: string[]
}

/**
 * A row on its way: each step fills in its part (a new row a step would cost a tenth of the time). A step that sets
 * `rejected` ends the way.
 */
export interface Row extends Mutable<PreparedRow> {
  fields: RowFields
  text: string
  point: GivenPoint | null
  /** Metres of a projection, whose zone the text must tell. */
  metres: Projected | null
  /** The commune that the point lies in. */
  here: CurrentCommune | null
}
type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

/** What a given point is taken to be good for when nothing says more (metres). */
export const GIVEN_ACCURACY = 10

export interface GivenPoint {
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
  /** The era of the units, where it is known: what a form was given by code. By default the text tells it. */
  readonly era?: ForcedEra
  /** Whether the door of an address without a point is looked for; by default it is. */
  readonly door?: boolean
}

export type Step = (row: Row, gazetteer: Gazetteer, options: PrepareOptions) => void

/** A row at the beginning of its way. */
export function newRow(fields: RowFields): Row {
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
    door: null,
    issues: [],
  }
}

/** Ends the way of a row. */
export function reject(row: Row, code: string): void {
  row.rejected = code
  row.issues.push(code)
}

/** The commune that a text is read as. */
export const communeOf = ({ current }: Understanding, gazetteer: Gazetteer): CurrentCommune | null =>
  current?.commune ? gazetteer.commune(current.commune.code)! : null
