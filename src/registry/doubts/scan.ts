import type { Gazetteer } from '../../gazetteer/types.ts'
import type { StoredHousehold, StoreWriter } from '../store.ts'
import type { Place } from '../types.ts'
import { findDuplicates } from './duplicates.ts'
import { findOutliers } from './numbering.ts'
import type { Doubt, DoubtKind } from './store.ts'

/** Households that are read at once. */
const PAGE = 2000
/** Those of one commune that are looked through; the largest has some 70,000. */
const MOST_OF_A_COMMUNE = 200_000

export interface ScanProgress {
  communes: number
  households: number
  found: Record<Exclude<DoubtKind, 'check' | 'observed'>, number>
}

/** Households whose findings are written at once: a commit waits for the disk, and many communes are small. */
const AT_ONCE = 20_000

/**
 * Looks through communes for likely duplicates and houses that stand out of their street's numbering. What is found takes
 * the place of what was found in the commune before, some communes a transaction: when the caller stops, all that was
 * looked through is written; after a kill the last AT_ONCE households have to be looked through again. Yields after each
 * commune.
 */
export async function* scan(
  store: StoreWriter,
  places: readonly Place[],
  gazetteer: Gazetteer,
  now: () => number = Date.now,
): AsyncGenerator<ScanProgress> {
  const progress: ScanProgress = { communes: 0, households: 0, found: { duplicate: 0, numbering: 0 } }
  let waiting: [Place, Doubt[]][] = []
  let since = 0
  const write = async () => {
    const found = waiting
    waiting = []
    since = progress.households
    if (found.length === 0) return
    await store.transaction(async (tx) => {
      for (const [place, doubts] of found) await tx.writeDoubts(place, doubts, now())
    })
  }
  try {
    for (const place of places) {
      const households = await householdsOf(store, place)
      const duplicates = await findDuplicates(store, households, place.communeCode, gazetteer)
      const outliers = findOutliers(households)
      waiting.push([place, [...duplicates, ...outliers]])
      progress.communes++
      progress.households += households.length
      progress.found.duplicate += duplicates.length
      progress.found.numbering += outliers.length
      if (progress.households - since >= AT_ONCE) await write()
      yield progress
    }
  } finally {
    await write()
  }
}

async function householdsOf(
  store: StoreWriter,
  { provinceCode, communeCode }: Place,
): Promise<StoredHousehold[]> {
  const all: StoredHousehold[] = []
  for (;;) {
    const page = await store.householdsOf(communeCode, all.at(-1) ?? null, PAGE)
    all.push(...page)
    if (page.length < PAGE || all.length >= MOST_OF_A_COMMUNE)
      return all.filter((household) => household.provinceCode === provinceCode)
  }
}
