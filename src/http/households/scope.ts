import { type Caller, inScope, mayUse } from '../../access/caller.ts'
import type { Place } from '../../registry/types.ts'
import { Problem } from '../problems.ts'

/** Is all that is known of a household for this caller? */
export const mayReadAll = (caller: Caller): boolean => mayUse(caller, 'registry')

export const reaches = ({ scope }: Caller, { provinceCode, communeCode }: Place): boolean =>
  inScope(scope, provinceCode, communeCode)

export function requireScope(caller: Caller, place: Place): void {
  if (!reaches(caller, place)) throw new Problem('outside-scope')
}
