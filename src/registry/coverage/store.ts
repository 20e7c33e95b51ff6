import type { PlaceFilter } from '../types.ts'

/** What coverage asks of a database beside the registry's own questions. */

/** Households by how far they are. Each is one of coded, visit and review; verified ones are counted again. */
export interface Tally {
  /** Neither historical nor a second address of another one. */
  households: number
  /** With a Vpostcode and nothing in doubt. */
  coded: number
  /** Without a known place. */
  visit: number
  /** In doubt: a person has to decide. */
  review: number
  verified: number
  /** In the latest sample of the commune, counted where it was drawn; those that were gone before their check left it. */
  sampled: number
  /** Of those sampled: checked on site by another person. */
  checked: number
  /** Of those checked: not as the registry had it when the sample was drawn. */
  wrong: number
  /** What looking through the registry and checks found, and waits for a person. */
  findings: number
}

export interface ProvinceTally extends Tally {
  provinceCode: string
}

/** A commune's households now; the commune is "00000" where only the province is known. */
export interface CommuneTally extends ProvinceTally {
  communeCode: string
}

/** What a day changed, by the clock of Viet Nam: numbers may be negative. */
export interface DayTally extends Tally {
  /** ISO date. */
  day: string
}

/** How many households a commune is expected to have. */
export interface Target {
  communeCode: string
  households: number
}

export interface CoverageReader {
  /** The provinces that have or had households or findings. */
  provinceTallies(): Promise<ProvinceTally[]>
  /** The communes, of a province or (null) of all, that have or had households or findings. */
  communeTallies(provinceCode: string | null): Promise<CommuneTally[]>
  /** The days on which something changed, oldest first: in a province or commune, or (null) anywhere. */
  dayTallies(place: PlaceFilter | null): Promise<DayTally[]>
  targets(): Promise<Target[]>
}

export interface CoverageWriter {
  /** Targets by commune; one of the same commune is replaced. */
  writeTargets(targets: readonly Target[]): Promise<void>
}
