import { CORE_LENGTH, differByUnknown, identifies } from '../key.ts'
import { NAMELESS_REACH } from '../known.ts'
import { type Conflict, SAME_HOME_REACH } from '../match.ts'
import { boxAround, farApart } from '../points.ts'
import type { RegistryTransaction } from '../store.ts'
import type { HouseholdParts, HouseholdPoint } from '../types.ts'
import { isLive } from './plan.ts'
import { ChangeRefused } from './refused.ts'

const MOST = 256

/** An address with its place, as a household would have it. */
export interface Claim {
  key: string
  parts: HouseholdParts
  point: HouseholdPoint | null
}

/**
 * Holds an address against the live households but `except`: refused when one of them has it (equal keys, not more than
 * 50 m apart; without a house number a point within 10 m); else the conflict that a person has to look at, or null.
 */
export async function namesakeConflict(
  tx: RegistryTransaction,
  { key, parts, point }: Claim,
  except: readonly number[] = [],
): Promise<Conflict | null> {
  if (!identifies(parts)) {
    const box = point && { ...boxAround(point, NAMELESS_REACH), key }
    const near = box ? (await tx.findNear('', [box]))[0]! : []
    const same = await tx.households(near.filter((n) => !except.includes(n)))
    refuseTaken(same.filter((other) => !farApart(point, other.point, NAMELESS_REACH)))
    return null
  }
  const lookup = { keys: [key], coreLength: CORE_LENGTH, perKey: MOST, externalIds: [], list: '', rows: [] }
  const found = (await tx.find(lookup)).keys.filter(({ n }) => !except.includes(n))
  const live = (await tx.households(found.map(({ n }) => n))).filter(isLive)
  const same = live.filter((other) => other.key === key)
  refuseTaken(same.filter((other) => !farApart(point, other.point, SAME_HOME_REACH)))
  if (same.length > 0) return 'same-address-far-apart'
  return live.some((other) => differByUnknown(other.key, key)) ? 'former-commune-or-hamlet-unknown' : null
}

function refuseTaken(households: { n: number }[]): void {
  if (households.length > 0)
    throw new ChangeRefused('address-taken', { households: households.map(({ n }) => n) })
}
