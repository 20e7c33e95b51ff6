import type { StoredEvent, StoredHousehold } from './store.ts'

/**
 * The versions of a household, first to last, from what it is now and its events (oldest first): an insert keeps no copy
 * of its own, each later event knows what stood before.
 */
export function versions(current: StoredHousehold, events: readonly StoredEvent[]): StoredHousehold[] {
  const found = [current]
  for (let i = events.length - 1; i > 0; i--)
    found.unshift({ ...found[0]!, ...events[i]!.before, updatedAt: events[i - 1]!.at })
  return found
}
