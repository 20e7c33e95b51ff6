import type { Era } from '../../gazetteer/types.ts'

/** How a carrier or platform names units of ours: tables that an operator loads, one a scheme. */

/** One unit in a scheme. Two digits of `code` name a province, three a district, five a commune. */
export interface CrosswalkEntry {
  era: Era
  code: string
  /** The scheme's own id and name, as they were loaded. */
  id: string
  name: string
}

export interface Crosswalk {
  scheme: string
  /** ISO date of the scheme's list, as its operator told. */
  asOf: string | null
  /** Milliseconds since 1970. */
  loadedAt: number
  /** At most one a unit. */
  entries: CrosswalkEntry[]
}

export interface CrosswalkReader {
  /** Another number after every change; cheap to ask. */
  crosswalksVersion(): Promise<number>
  /** By scheme. */
  crosswalks(): Promise<Crosswalk[]>
}

export interface CrosswalkWriter {
  /** What the scheme had before is gone. */
  writeCrosswalk(crosswalk: Crosswalk): Promise<void>
  /** Whether there was one. */
  removeCrosswalk(scheme: string): Promise<boolean>
}
