import type { Gazetteer } from '../../gazetteer/types.ts'
import type { StoredHousehold, StoreWriter } from '../store.ts'
import { findDuplicates } from './duplicates.ts'
import { findOutliers } from './numbering.ts'
import type { DoubtKind } from './store.ts'

/** Households that are read at once. */
const PAGE = 2000
/** Those of one commune that are looked through; the largest has some 70,000. */
const MOST_OF_A_COMMUNE = 200_000

export interface ScanProgress {
  communes: number
  households: number
  found: Record<Exclude<DoubtKind, 'check'>, number>
}

/**
 * Looks through communes for likely duplicates and houses that stand out of their street's numbering. What is found takes
 * the place of what was found in the commune before, one commune a transaction: stopped at any time, what was looked
 * through stays. Yields after each commune.
 */
export async function* scan(
  store: StoreWriter,
  places: readonly { provinceCode: string; communeCode: string }[],
  gazetteer: Gazetteer,
  now: () => number = Date.now,
): AsyncGenerator<ScanProgress> {
  const progress: ScanProgress = { communes: 0, households: 0, found: { duplicate: 0, numbering: 0 } }
  for (const place of places) {
    const households = await householdsOf(store, place)
    const duplicates = await findDuplicates(store, households, place.communeCode, gazetteer)
    const outliers = findOutliers(households)
    await store.transaction((tx) => tx.writeDoubts(place, [...duplicates, ...outliers], now()))
    progress.communes++
    progress.households += households.length
    progress.found.duplicate += duplicates.length
    progress.found.numbering += outliers.length
    yield progress
  }
}

async function householdsOf(
  store: StoreWriter,
  { provinceCode, communeCode }: { provinceCode: string; communeCode: string },
): Promise<StoredHousehold[]> {
  const all: StoredHousehold[] = []
  for (;;) {
    const page = await store.householdsOf(communeCode, all.at(-1) ?? null, PAGE)
    all.push(...page)
    if (page.length < PAGE || all.length >= MOST_OF_A_COMMUNE)
      return all.filter((household) => household.provinceCode === provinceCode)
  }
}
