import type { Change, Insert, RegistryTransaction, StoredHousehold } from '../store.ts'
import { type Circumstances, others, type Plan, readMain, requireReason, revise } from './plan.ts'
import { ChangeRefused } from './refused.ts'
import { newcomer, type Registration } from './register.ts'
import { past, requireNoAlternatives } from './retire.ts'

export interface Split {
  n: number
  parts: readonly Registration[]
  /** The household stays beside the new ones: a flat was parted off. Else it becomes historical and leads to them. */
  stays?: boolean
}

/** Households at once: a house into its flats. */
const MOST_PARTS = 500

/** One household becomes several new ones. */
export async function split(
  tx: RegistryTransaction,
  { n, parts, stays = false }: Split,
  now: Circumstances,
): Plan {
  requireReason(now)
  if (parts.length < (stays ? 1 : 2)) throw new ChangeRefused('too-few-parts')
  if (parts.length > MOST_PARTS)
    throw new ChangeRefused('too-few-parts', { detail: `at most ${MOST_PARTS} at once` })
  const household = await readMain(tx, n)
  if (!stays) await requireNoAlternatives(tx, household)
  const first = await tx.reserve(parts.length)
  const all = [n, ...parts.map((_, i) => first + i)]
  const note = (n: number) => ({ related: others(all, n) })
  const inserts: Insert[] = []
  for (const [i, given] of parts.entries()) {
    const part = atHousehold(given, household)
    inserts.push(
      await newcomer(tx, first + i, part, now, { note: note(first + i), except: stays ? [] : [n] }),
    )
  }
  requireDistinctKeys(inserts)
  const fields = stays ? {} : past(others(all, n))
  const changes: Change[] = [revise(household, 'split', fields, now, note(n)), ...inserts]
  return changes
}

/** A part without a point of its own stands where the household stands. */
function atHousehold({ draft, externalIds }: Registration, { point, communeCode }: StoredHousehold) {
  const inherited = draft.communeCode === communeCode ? point : null
  return { externalIds, draft: { ...draft, point: draft.point ?? inherited } }
}

/** The parts do not see each other in the registry yet. */
function requireDistinctKeys(inserts: readonly Insert[]): void {
  const keys = inserts.map(({ household }) => household.key)
  const numbers = inserts.flatMap(({ household }) =>
    household.externalIds.map(({ scheme, value }) => `${scheme} ${value}`),
  )
  if (new Set(keys).size < keys.length)
    throw new ChangeRefused('address-taken', { detail: 'two parts have one address' })
  if (new Set(numbers).size < numbers.length) throw new ChangeRefused('external-id-taken')
}
