import { metresBetween } from '../../geo/flatEarth.ts'
import { isCleared } from '../doubts/cleared.ts'
import { samePerson } from '../life/persons.ts'
import { type Circumstances, type Plan, readLive, revise } from '../life/plan.ts'
import { ChangeRefused } from '../life/refused.ts'
import { reach } from '../sample/judge.ts'
import type { RegistryTransaction, StoredHousehold } from '../store.ts'
import type { Contradiction, Observation } from './store.ts'

/** Milliseconds between two observations of one household by one key. */
const OBSERVED_JUST_NOW = 10_000

/** What is told of an observation. */
export type Seen = Pick<Observation, 'found' | 'point'>

/**
 * Keeps what somebody saw at a door. What contradicts the registry becomes a finding that waits for a person; what they have
 * decided about earlier ones is open again then (the change answered), and what was seen before that decision is over. Refused
 * when the same key told of this household just now.
 */
export async function observe(
  tx: RegistryTransaction,
  { n, found, point }: Seen & { n: number },
  now: Circumstances,
): Promise<{ changes: Awaited<Plan>; finding: Contradiction | null }> {
  const household = await readLive(tx, n)
  const { actor, at } = now
  const before = await tx.observationsOf(n)
  const own = before.find((one) => samePerson(one.actor, actor))
  if (own && at - own.at < OBSERVED_JUST_NOW) throw new ChangeRefused('observed-just-now')
  const observation: Observation = { n, actor, at, found, point }
  const reopens = isCleared(household, 'observed') && contradicts(household, observation) !== null
  await tx.writeObservation(observation, reopens)
  const finding = contradiction(household, await tx.observationsOf(n))
  await tx.writeContradiction(n, finding, at)
  const cleared = household.cleared.filter(({ doubt }) => doubt !== 'observed')
  return { changes: reopens ? [revise(household, 'update', { cleared }, now)] : [], finding }
}

/** Has anybody told what they saw at the door? A decision about the household then is one about that too. */
export const wasObserved = async (tx: RegistryTransaction, n: number): Promise<boolean> =>
  (await tx.observationsOf(n)).length > 0

function contradiction(household: StoredHousehold, all: readonly Observation[]): Contradiction | null {
  const against = all.flatMap((one) => contradicts(household, one) ?? [])
  const last = against.at(-1)
  return last ? { ...last, score: 1 - 0.5 ** against.length } : null
}

/** A point is elsewhere when it is farther than both accuracies together, as for the blind check of a sample. */
function contradicts(
  { point }: StoredHousehold,
  { found, point: seen, at }: Observation,
): Omit<Contradiction, 'score'> | null {
  if (found === 'gone') return { reason: 'observed-gone', metres: null, at }
  if (found === 'unknown') return null
  const metres = point && seen ? Math.round(metresBetween(point, seen) * 10) / 10 : null
  const isElsewhere = metres === null ? found === 'moved' : metres > reach(point, seen)
  return isElsewhere ? { reason: 'observed-elsewhere', metres, at } : null
}
