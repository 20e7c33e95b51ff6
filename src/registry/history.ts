import type { IdCodec } from './id.ts'
import type { EventKind, EventNote, RegistryReader, StoredEvent, StoredHousehold } from './store.ts'
import type { Household } from './types.ts'
import { publicHousehold } from './view.ts'

/**
 * The versions of a household, first to last, from what it is now and its events (oldest first): an insert keeps no copy
 * of its own, each later event knows what stood before. Of an erased household all versions are blank.
 */
export function versions(current: StoredHousehold, events: readonly StoredEvent[]): StoredHousehold[] {
  const found = [current]
  for (let i = events.length - 1; i > 0; i--)
    found.unshift({ ...found[0]!, ...events[i]!.before, updatedAt: events[i - 1]!.at })
  return found
}

/**
 * What tells one state of a household from every other: how many events it has and the time of the last one. It changes with
 * every event, also with one that changes no field; the time tells apart what came after a backup was restored.
 */
export const versionOf = (events: readonly StoredEvent[]): string =>
  `${events.length}-${(events.at(-1)?.at ?? 0).toString(36)}`

/** An event of a household as the outside sees it. */
export interface HouseholdEvent {
  /** Gap-free in its province, from 1. */
  province: string
  number: number
  kind: EventKind
  /** ISO time. */
  at: string
  actor: string
  /** The job that did it, null for a person's single work. */
  job: number | null
  reason: string | null
  evidence: EventNote['evidence']
  undoes: EventNote['undoes']
  /** The other households of the same operation. */
  related: string[]
  /** Names of the fields that it changed; of an insert none. */
  changed: string[]
  /** The household as it stood after the event. */
  household: Household
}

export function publicHistory(
  current: StoredHousehold,
  events: readonly StoredEvent[],
  ids: IdCodec,
): HouseholdEvent[] {
  const after = versions(current, events)
  return events.map((event, i) => publicEvent(event, after[i]!, ids))
}

/** An event with the household as it stood after it. */
export const publicEvent = (event: StoredEvent, after: StoredHousehold, ids: IdCodec): HouseholdEvent => ({
  province: event.province,
  number: event.number,
  kind: event.kind,
  at: new Date(event.at).toISOString(),
  actor: event.actor,
  job: event.job,
  reason: event.reason,
  evidence: event.evidence,
  undoes: event.undoes,
  related: event.related.map((n) => ids.idOf(n)),
  changed: Object.keys(event.after ?? {}),
  household: publicHousehold(after, ids),
})

/** Households that lead on from one. */
const MOST_HEIRS = 100

/** The live households that took the place of a historical one, however many steps ago, in the order in which they are met. */
export async function heirsOf(
  store: Pick<RegistryReader, 'households'>,
  household: StoredHousehold,
): Promise<StoredHousehold[]> {
  const heirs: StoredHousehold[] = []
  const seen = new Set([household.n])
  let next = household.status === 'historical' ? household.successors : []
  while (next.length > 0 && seen.size <= MOST_HEIRS) {
    const fresh = [...new Set(next)].filter((n) => !seen.has(n)).slice(0, MOST_HEIRS)
    for (const n of fresh) seen.add(n)
    const found = await store.households(fresh)
    heirs.push(...found.filter(({ status }) => status !== 'historical'))
    next = found.filter(({ status }) => status === 'historical').flatMap(({ successors }) => successors)
  }
  return heirs
}
