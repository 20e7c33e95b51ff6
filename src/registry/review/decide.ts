import type { CurrentCommune } from '../../gazetteer/types.ts'
import { isCleared } from '../doubts/cleared.ts'
import { KEY_VERSION, keyOf } from '../key.ts'
import { merge } from '../life/merge.ts'
import { namesakeConflict } from '../life/namesakes.ts'
import { codeAt, requirePoint } from '../life/place.ts'
import { type Circumstances, others, type Plan, readLive, requireDistinct, revise } from '../life/plan.ts'
import { ChangeRefused } from '../life/refused.ts'
import { retire } from '../life/retire.ts'
import { wasObserved } from '../observations/observe.ts'
import { wasFoundWrong } from '../sample/check.ts'
import type { Change, RegistryTransaction, Revision, StoredHousehold } from '../store.ts'
import type { HouseholdPoint } from '../types.ts'
import { cameTo, communeCandidates } from './candidates.ts'
import { isOfCommune, isOfPlace } from './reasons.ts'

/** What a person decides about a household in doubt; households by n. */
export type Decision =
  /** It stands in this commune; `point` gives it a point too, null takes a wrong one away. */
  | { kind: 'commune'; communeCode: string; point?: HouseholdPoint | null }
  /** It stands here. The commune follows where the text leaves it open. */
  | { kind: 'point'; point: HouseholdPoint }
  /** It is the same home as `into`, which takes it over. */
  | { kind: 'merge'; into: number }
  /** distinct: these others are other homes. keep: it is right as it stands, and the others held against it are other homes. */
  | { kind: 'distinct' | 'keep'; others: readonly number[] }
  /** There is no such household. */
  | { kind: 'reject' }

/** A text that leaves its commune open: the choice is evidence for its neighbours. */
const isOpen = ({ review }: StoredHousehold) => review.some(isOfCommune)

export function decide(
  tx: RegistryTransaction,
  { n, decision }: { n: number; decision: Decision },
  now: Circumstances,
): Plan {
  if (decision.kind === 'commune') return chooseCommune(tx, n, decision, now)
  if (decision.kind === 'point') return setPoint(tx, n, decision.point, now)
  if (decision.kind === 'merge') return mergeInto(tx, n, decision.into, now)
  if (decision.kind === 'reject') return reject(tx, n, now)
  if (decision.kind === 'distinct') {
    if (decision.others.length === 0) throw new ChangeRefused('nothing-changed')
    return tellApart(tx, n, decision.others, now)
  }
  return keep(tx, n, decision.others, now)
}

async function chooseCommune(
  tx: RegistryTransaction,
  n: number,
  { communeCode, point }: { communeCode: string; point?: HouseholdPoint | null },
  now: Circumstances,
): Plan {
  const household = await readLive(tx, n)
  const commune = now.gazetteer.commune(communeCode)
  if (!commune) throw new ChangeRefused('unknown-commune', { detail: communeCode })
  return [await placed(tx, household, commune, point === undefined ? household.point : point, now)]
}

async function setPoint(tx: RegistryTransaction, n: number, point: HouseholdPoint, now: Circumstances): Plan {
  const household = await readLive(tx, n)
  const { gazetteer } = now
  const here = gazetteer.communes[gazetteer.boundaries.communeAt(point.lat, point.lon)]
  const open =
    isOpen(household) && communeCandidates(household, gazetteer).some(({ commune }) => commune === here)
  const commune = open ? here : gazetteer.commune(household.communeCode)
  if (!commune) throw new ChangeRefused('unknown-commune', { detail: household.communeCode })
  return [await placed(tx, household, commune, point, now)]
}

/** The household in its commune and at its point, without the doubts about its place. */
async function placed(
  tx: RegistryTransaction,
  household: StoredHousehold,
  commune: CurrentCommune,
  point: HouseholdPoint | null,
  now: Circumstances,
): Promise<Revision> {
  if (point) requirePoint(point, commune.code, now.gazetteer)
  const moved = commune.code !== household.communeCode
  const candidate = moved
    ? communeCandidates(household, now.gazetteer).find((one) => one.commune === commune)
    : null
  const address = {
    parts: household.parts,
    communeCode: commune.code,
    formerCommuneCode: moved
      ? (candidate?.formerCommuneCode ?? cameTo(household.formerCommuneCode, commune))
      : household.formerCommuneCode,
  }
  const key = keyOf(address)
  const newPoint = JSON.stringify(point) !== JSON.stringify(household.point)
  const told = household.cleared.flatMap(({ doubt, other }) => (doubt === 'duplicate' ? (other ?? []) : []))
  const conflict =
    moved || newPoint
      ? await namesakeConflict(tx, { key, parts: household.parts, point }, [household.n, ...told])
      : null
  const kept = household.review.filter((reason) => !isOfPlace(reason) && reason !== 'same-address-far-apart')
  const unmoved = !moved && !newPoint && household.review.includes('same-address-far-apart')
  const review = [...kept, ...(unmoved ? ['same-address-far-apart'] : []), ...(conflict ? [conflict] : [])]
  const cleared = [...household.cleared]
  const clear = (doubt: 'commune' | 'numbering' | 'check' | 'observed') => {
    if (!isCleared(household, doubt)) cleared.push({ doubt, other: null })
  }
  if (isOpen(household) || moved) clear('commune')
  if (newPoint) clear('numbering')
  if (await wasFoundWrong(tx, household.n)) clear('check')
  if (await wasObserved(tx, household.n)) clear('observed')
  const surveyed = point?.source === 'surveyed'
  const fields = {
    ...address,
    key,
    keyVersion: KEY_VERSION,
    provinceCode: commune.province.code,
    postcode: commune.postcode,
    point: point && { lat: point.lat, lon: point.lon, source: point.source, accuracy: point.accuracy },
    review: [...new Set(review)],
    vpostcode: codeAt(commune.postcode, point, review),
    cleared,
    // A person has read it.
    ...(household.grade === 'C' ? { grade: 'B' as const, confidence: 1 } : {}),
    status:
      household.status === 'verified' && (moved || (newPoint && !surveyed))
        ? ('provisional' as const)
        : household.status,
  }
  const revision = revise(household, 'update', fields, now)
  if (Object.keys(revision.after).length === 0) throw new ChangeRefused('nothing-changed')
  return revision
}

/** Rows of the lists loaded so far that say it bring it back no more. */
async function reject(tx: RegistryTransaction, n: number, now: Circumstances): Plan {
  const household = await readLive(tx, n)
  const [retired] = await retire(tx, { n }, now)
  const cleared = [...household.cleared, { doubt: 'existence' as const, other: null }]
  return [revise(household, 'retire', { ...(retired as Revision).after, cleared }, now)]
}

/** Merges, and takes from the household that stays the doubts that were about the one it took over. */
async function mergeInto(tx: RegistryTransaction, n: number, into: number, now: Circumstances): Plan {
  const changes = await merge(tx, { into, ns: [n] }, now)
  const stays = await readLive(tx, into)
  const conflict = await namesakeConflict(tx, stays, [into, n]).catch(() => 'same-address' as const)
  const review = stays.review.filter((reason) => isOfPlace(reason) || conflict !== null)
  return changes.map((change): Change => {
    if (change.kind !== 'merge' || change.household.n !== into) return change
    const { postcode, point } = change.household
    const fields = { ...change.after, review, vpostcode: codeAt(postcode, point, review) }
    return revise(stays, 'merge', fields, now, change.note)
  })
}

async function tellApart(
  tx: RegistryTransaction,
  n: number,
  others_: readonly number[],
  now: Circumstances,
): Plan {
  requireDistinct([n, ...others_])
  const all = [n, ...others_]
  const revisions: Revision[] = []
  for (const m of all) {
    const household = await readLive(tx, m)
    const about = m === n ? others_ : [n]
    const review = household.review.filter(isOfPlace)
    const fields = {
      cleared: withPairs(household, about),
      review,
      vpostcode:
        review.length < household.review.length
          ? codeAt(household.postcode, household.point, review)
          : household.vpostcode,
    }
    revisions.push(revise(household, 'update', fields, now, { related: others(all, m) }))
  }
  if (revisions.every(({ after }) => Object.keys(after).length === 0))
    throw new ChangeRefused('nothing-changed')
  return revisions
}

/** All doubts about a household are decided in its favour. */
async function keep(tx: RegistryTransaction, n: number, held: readonly number[], now: Circumstances): Plan {
  const household = await readLive(tx, n)
  const commune = now.gazetteer.commune(household.communeCode)
  if (!commune) throw new ChangeRefused('unknown-commune', { detail: household.communeCode })
  if (household.point) requirePoint(household.point, commune.code, now.gazetteer)
  const cleared = withPairs(household, held)
  if (isOpen(household) && !isCleared(household, 'commune')) cleared.push({ doubt: 'commune', other: null })
  if (!isCleared(household, 'numbering')) cleared.push({ doubt: 'numbering', other: null })
  if (!isCleared(household, 'check') && (await wasFoundWrong(tx, n)))
    cleared.push({ doubt: 'check', other: null })
  if (!isCleared(household, 'observed') && (await wasObserved(tx, household.n)))
    cleared.push({ doubt: 'observed', other: null })
  const fields = {
    cleared,
    review: [],
    vpostcode: codeAt(household.postcode, household.point, []),
    ...(household.grade === 'C' ? { grade: 'B' as const, confidence: 1 } : {}),
  }
  const all = [n, ...held]
  const revisions = [revise(household, 'update', fields, now, { related: [...held] })]
  for (const m of held) {
    const other = await readLive(tx, m)
    const note = { related: others(all, m) }
    revisions.push(revise(other, 'update', { cleared: withPairs(other, [n]) }, now, note))
  }
  return revisions
}

const withPairs = (household: StoredHousehold, ns: readonly number[]): StoredHousehold['cleared'] => [
  ...household.cleared,
  ...ns
    .filter((other) => !isCleared(household, 'duplicate', other))
    .map((other) => ({ doubt: 'duplicate' as const, other })),
]
