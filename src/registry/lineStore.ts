import type { StoredHousehold } from './store.ts'

/** Households by the line under which they stand in their commune (see streetLine.ts). */

/** First and last line of an interval of doors. */
export type Lines = readonly [from: number, to: number]

/** What is read of a household along a line. */
export type LineHousehold = Pick<StoredHousehold, 'n' | 'parts' | 'formerCommuneCode' | 'access'> & {
  point: NonNullable<StoredHousehold['point']>
}

/** The line of a household; null: it has none. */
export type LineOf = (household: StoredHousehold) => number | null

export interface LineReader {
  /**
   * The first households of a commune by line, then n, from and to these lines; or downwards the last ones, the last of them
   * first.
   */
  along(communeCode: string, lines: Lines, limit: number, downwards: boolean): Promise<LineHousehold[]>
}

export interface LineWriter {
  /**
   * Gives the next households that an older version of the program wrote their line, at most `limit`; false when none is
   * left.
   */
  writeLines(lineOf: LineOf, limit: number): Promise<boolean>
}
