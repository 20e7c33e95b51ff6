import type { StoredHousehold } from './store.ts'

/** Households by the line under which they stand in their commune (see streetLine.ts). */

/** First and last line of an interval of doors. */
export type Lines = readonly [from: number, to: number]

/** The doors of an interval in their order, or downwards from the last one. */
export interface Run {
  readonly lines: Lines
  readonly downwards: boolean
}

/** What is read of a household along a line. */
export type LineHousehold = Pick<StoredHousehold, 'n' | 'parts' | 'formerCommuneCode' | 'access'> & {
  point: NonNullable<StoredHousehold['point']>
}

export interface LinePlace extends Pick<StoredHousehold, 'parts'> {
  lat: number
  lon: number
}

/** The line of a household; null: it has none. */
export type LineOf = (household: StoredHousehold) => number | null

/** `before` (milliseconds since 1970): only households that have stood so since before then. */
export interface LineReader {
  /** Of each of these runs the first households of a commune by line, then n; the runs one behind the other. */
  along(communeCode: string, runs: readonly Run[], limit: number, before?: number): Promise<LineHousehold[]>
  /** The first households from and to these lines, their places alone. */
  placesAlong(communeCode: string, lines: Lines, limit: number, before?: number): Promise<LinePlace[]>
}

export interface LineWriter {
  /**
   * Gives the next households that an older version of the program wrote their line, at most `limit`; false when none is
   * left.
   */
  writeLines(lineOf: LineOf, limit: number): Promise<boolean>
}
