import type { Gazetteer } from '../gazetteer/types.ts'
import { LAST_DAY } from './former.ts'
import type { CurrentReading, FormerPlace, FormerReading, Understanding } from './types.ts'
import { viewFormer } from './views.ts'

/** The units of today that a text can mean: one when it is sure, none when nothing is known. */
export function possibleCurrent({ grade, current, candidates }: Understanding): CurrentReading[] {
  const named = candidates.map((candidate) => candidate.current).filter(({ commune }) => commune !== null)
  if (grade === 'C' && named.length > 0) return named
  return current ? [current] : []
}

/** The units of June 2025 that a text can mean: those that it names, else those that the units of today came from. */
export function possibleFormer(read: Understanding, gazetteer: Gazetteer): FormerPlace[] {
  const { grade, former, candidates, formerCandidates } = read
  const named = candidates.filter(({ current }) => current.commune !== null)
  if (grade !== 'C' || named.length === 0) return former ? inJune2025(former) : formerCandidates
  return named.flatMap((one) =>
    one.former?.commune
      ? inJune2025(one.former)
      : gazetteer.commune(one.current.commune!.code)!.sources.map((source) => viewFormer(source.former)),
  )
}

/** The units of June 2025 that were, or took over, what a reading names. */
export function inJune2025({ province, district, commune, asOf, successor }: FormerReading): FormerPlace[] {
  // Units that stood on the last day have a code.
  return asOf === LAST_DAY ? [{ province, district, commune } as FormerPlace] : successor
}

/** The code of the commune of June 2025, when a reading tells exactly one. */
export function juneCommune(former: FormerReading | null): string | null {
  const [one, ...others] = former ? inJune2025(former) : []
  return one && others.length === 0 ? (one.commune?.code ?? null) : null
}
