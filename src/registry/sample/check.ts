import { versions } from '../history.ts'
import { hasActed, samePerson } from '../life/persons.ts'
import { requirePoint } from '../life/place.ts'
import { type Circumstances, type Plan, read, readLive, requireDistinct, revise } from '../life/plan.ts'
import { ChangeRefused } from '../life/refused.ts'
import type { RegistryTransaction, StoredHousehold } from '../store.ts'
import type { Cleared, HouseholdPoint } from '../types.ts'
import { judge } from './judge.ts'
import type { Finding, StoredCheck } from './store.ts'

/** Metres: a worse point tells no house from its neighbours. */
const WORST_ACCURACY = 50

/** What a checker says of a household by n. The commune of a house may be left to its point. */
export interface Check {
  n: number
  /** The round of the sheet; another one is over. */
  round?: number | undefined
  found:
    | Exclude<Finding, { kind: 'house' }>
    | { kind: 'house'; communeCode: string | null; point: Omit<HouseholdPoint, 'source'> | null }
}

/**
 * Records what a checker found on site at a household of a sample, and judges it against the household as it stood when the
 * sample was drawn: what was put right since was wrong. Changes no household, but that a doubt which was decided before is
 * open again (the change answered). Refused when the checker did anything to the household. The same once more changes nothing:
 * null.
 */
export async function check(
  tx: RegistryTransaction,
  { n, round, found }: Check,
  now: Circumstances,
): Promise<Awaited<Plan> | null> {
  const household = await read(tx, n)
  const sampled = await tx.sampled(n)
  if (!sampled) throw new ChangeRefused('not-in-sample')
  if (round !== undefined && round !== sampled.round) throw new ChangeRefused('round-over')
  const events = await tx.history(n)
  const i = events.findLastIndex(({ at }) => at <= sampled.drawnAt)
  const then = versions(household, events)[Math.max(i, 0)]!
  const finding = readFinding(found, then, now)
  const known = (await tx.checksOf(n)).findLast((one) => one.round === sampled.round && one.undone === null)
  if (known) {
    if (isSame(known, finding, now.actor)) return null
    throw new ChangeRefused('checked-already')
  }
  await readLive(tx, n)
  if (hasActed(events, now.actor)) throw new ChangeRefused('same-person')
  if (finding.kind === 'same-as') {
    requireDistinct([n, finding.other])
    await readLive(tx, finding.other)
  }
  const { verdict, metres } = judge(then, finding)
  if (finding.kind === 'house' && finding.point === null && verdict === 'right')
    throw new ChangeRefused('check-incomplete')
  const { at, actor } = now
  await tx.writeCheck({ round: sampled.round, n, at, actor, verdict, metres, found: finding })
  return verdict === 'right' ? [] : reopened(household, finding, now)
}

/** Takes the latest check of a household back: it waits for its check again. */
export async function undoCheck(tx: RegistryTransaction, { n }: { n: number }, now: Circumstances): Plan {
  await read(tx, n)
  const sampled = await tx.sampled(n)
  if (sampled?.state !== 'right' && sampled?.state !== 'wrong') throw new ChangeRefused('not-checked')
  await tx.undoCheck(n, now.at, now.actor)
  return []
}

/** Does its latest check say that something about the household itself is wrong? (A double is about a pair.) */
export async function wasFoundWrong(tx: RegistryTransaction, n: number): Promise<boolean> {
  const last = (await tx.checksOf(n)).findLast(({ undone }) => undone === null)
  return last !== undefined && last.verdict !== 'right' && last.verdict !== 'duplicate'
}

function readFinding(found: Check['found'], then: StoredHousehold, { gazetteer }: Circumstances): Finding {
  if (found.kind !== 'house') return found
  const { point } = found
  if (point && !(point.accuracy > 0 && point.accuracy <= WORST_ACCURACY))
    throw new ChangeRefused('bad-point', {
      detail: `accuracy ${point.accuracy} is not from 0 to ${WORST_ACCURACY} m`,
    })
  const communeCode = found.communeCode ?? (point && communeOf(point, then.communeCode, gazetteer))
  if (!communeCode) throw new ChangeRefused('check-incomplete')
  if (!gazetteer.commune(communeCode)) throw new ChangeRefused('unknown-commune', { detail: communeCode })
  if (point) requirePoint({ ...point, source: 'given' }, communeCode, gazetteer)
  return {
    kind: 'house',
    communeCode,
    point: point && { lat: point.lat, lon: point.lon, accuracy: point.accuracy },
  }
}

/** The commune in which a point lies; that of the household when the point is near enough to it. */
function communeOf(
  point: Omit<HouseholdPoint, 'source'>,
  own: string,
  gazetteer: Circumstances['gazetteer'],
): string | null {
  try {
    requirePoint({ ...point, source: 'given' }, own, gazetteer)
    return own
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error
    return gazetteer.communes[gazetteer.boundaries.communeAt(point.lat, point.lon)]?.code ?? null
  }
}

const isSame = (check: StoredCheck, found: Finding, actor: string) =>
  samePerson(check.actor, actor) && JSON.stringify(check.found) === JSON.stringify(found)

/** What was decided before says nothing about what a check finds later. */
function reopened(household: StoredHousehold, found: Finding, now: Circumstances): Awaited<Plan> {
  const about = (one: StoredHousehold['cleared'][number]) =>
    found.kind === 'same-as'
      ? one.doubt === 'duplicate' && one.other === found.other
      : one.doubt === ('check' satisfies Cleared['doubt'])
  const cleared = household.cleared.filter((one) => !about(one))
  return cleared.length < household.cleared.length ? [revise(household, 'update', { cleared }, now)] : []
}
