import type { IdCodec } from './id.ts'
import type { StoredHousehold } from './store.ts'
import type { Household } from './types.ts'

/** A household as the outside sees it: ids instead of counters, ISO times. */
export function publicHousehold(stored: StoredHousehold, ids: IdCodec): Household {
  const { n, of, createdAt, updatedAt, ...rest } = stored
  return {
    id: ids.idOf(n),
    of: of === null ? null : ids.idOf(of),
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}
