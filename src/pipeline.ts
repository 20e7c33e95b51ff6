import type { Gazetteer } from './gazetteer/types.ts'
import type { Understanding } from './match/types.ts'
import type { HouseholdDraft } from './registry/types.ts'

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
  draft: HouseholdDraft | null
  /** Why the row is rejected (an issue code), else null. */
  rejected: string | null
  understanding: Understanding | null
  /** The answered point in degrees WGS 84 (given or derived), its precision and its error in metres. */
  location: { lat: number; lon: number; precision: Precision; accuracy: number } | null
  /** Codes of everything found, in the order found. */
  issues: string[]
}

/** One row from text to draft: the literal list normalise, parse, match, locate, draft. Never throws for bad data. */
export function prepareRow(_fields: RowFields, _gazetteer: Gazetteer): PreparedRow {
  throw new Error('being built')
}

/** What a text says. Throws `InputTooLong` above 500 characters. */
export function understand(_text: string, _gazetteer: Gazetteer): Understanding {
  throw new Error('being built')
}
