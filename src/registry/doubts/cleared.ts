import type { StoredHousehold } from '../store.ts'

/** Has a person decided this doubt about the household? For a pair it stands at both. */
export const isCleared = (
  { cleared }: StoredHousehold,
  doubt: string,
  other: number | null = null,
): boolean => cleared.some((one) => one.doubt === doubt && one.other === other)
