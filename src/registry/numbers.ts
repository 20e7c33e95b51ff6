import type { ExternalId } from './types.ts'

/** External ids in the order in which every store gives them back: by scheme, then value. */
export const sortedIds = (ids: readonly ExternalId[]): ExternalId[] =>
  [...ids].sort((a, b) => compare(a.scheme, b.scheme) || compare(a.value, b.value))

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
