import type { StreetDecision } from '../../registry/decidedStreets.ts'
import type { StoredHousehold } from '../../registry/store.ts'
import { fiveDigits } from './codec.ts'

/** former, street, commune of a household that a person has placed; null for any other one. Statements of stores say the same. */
export function decidedStreetOf(household: StoredHousehold): [number, string, number] | null {
  const { formerCommuneCode, parts, communeCode, status, cleared, review } = household
  const decided =
    status === 'verified' || (status === 'provisional' && cleared.some(({ doubt }) => doubt === 'commune'))
  if (!decided || formerCommuneCode === null || !parts.street || review.length > 0) return null
  return [Number(formerCommuneCode), parts.street, Number(communeCode)]
}

/** former, street, commune, households of `decided_streets`. */
export type StreetRow = [former: number, street: string, commune: number, households: number]
export const decisionOf = ([former, street, commune, households]: StreetRow): StreetDecision => ({
  formerCode: fiveDigits(former),
  street,
  communeCode: fiveDigits(commune),
  households,
})
