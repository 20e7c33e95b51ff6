import type { Gazetteer } from '../../gazetteer/types.ts'
import { type Explanation, spansOf } from '../../match/explain.ts'
import { MAX_INPUT } from '../../match/understand.ts'
import { DOUBT_KINDS, type DoubtKind, type OpenDoubt } from '../doubts/store.ts'
import type { IdCodec } from '../id.ts'
import { CORE_LENGTH } from '../key.ts'
import { CONFLICTS } from '../match.ts'
import type { Observation } from '../observations/store.ts'
import type { Finding, Verdict } from '../sample/store.ts'
import type { RegistryReader, StoredHousehold } from '../store.ts'
import type { Household, PlaceFilter } from '../types.ts'
import { publicHousehold } from '../view.ts'
import { communeCandidates } from './candidates.ts'
import { PLACE_REASONS } from './reasons.ts'

/** A finding as the outside sees it. */
export interface DoubtView extends Omit<OpenDoubt, 'n' | 'other' | 'foundAt'> {
  /** The other household of a pair. */
  other: string | null
  /** ISO time. */
  foundAt: string
}

/** One entry of the queue: a household in review, or a finding about one. */
export interface QueueEntry {
  household: Household
  /** Why it is in review; empty when only findings wait. */
  reasons: string[]
  /** Of an entry in review all findings about it, else the one that the entry stands for. */
  doubts: DoubtView[]
}

export interface QueueFilter {
  place: PlaceFilter | null
  /** Only this reason of review, or this kind of finding. */
  reason?: string | undefined
  limit: number
}

const isKind = (reason: string): reason is DoubtKind => (DOUBT_KINDS as readonly string[]).includes(reason)

/** All that `reason` can be: reasons of review, then kinds of findings. */
export const REVIEW_REASONS: readonly string[] = [...PLACE_REASONS, ...CONFLICTS, ...DOUBT_KINDS]

/** What waits for a decision: households in review by commune, then findings about others, the likeliest first. */
export async function queue(
  store: RegistryReader,
  ids: IdCodec,
  { place, reason, limit }: QueueFilter,
): Promise<QueueEntry[]> {
  const entries: QueueEntry[] = []
  if (reason === undefined || !isKind(reason))
    for (const household of await store.inReview(place, reason ?? null, limit))
      entries.push({
        household: publicHousehold(household, ids),
        reasons: household.review,
        doubts: (await store.doubtsOf(household.n)).map((doubt) => viewDoubt(doubt, household.n, ids)),
      })
  if (reason !== undefined && !isKind(reason)) return entries
  // Those about a household in review stand above already.
  for (const doubt of await store.doubts(place, limit - entries.length, reason ?? 'settled')) {
    const household = (await store.households([doubt.n]))[0]!
    entries.push({
      household: publicHousehold(household, ids),
      reasons: household.review,
      doubts: [viewDoubt(doubt, household.n, ids)],
    })
  }
  return entries
}

const viewDoubt = (
  { n, other, foundAt, ...doubt }: OpenDoubt,
  seenFrom: number,
  ids: IdCodec,
): DoubtView => ({
  ...doubt,
  other: other === null ? null : ids.idOf(n === seenFrom ? other : n),
  foundAt: new Date(foundAt).toISOString(),
})

/** Everything that a person needs to decide about one household. */
export interface Case extends QueueEntry {
  /** Every word of its text by the part that it was taken for; spans of the text. */
  spans: Explanation['parts']
  /** The communes that its text can mean, best first; `reason` point: only its point lies there. */
  candidates: {
    communeCode: string
    communeName: string
    provinceName: string
    formerCommuneCode: string | null
    confidence: number | null
    reason: string
  }[]
  /**
   * Live households that may be the same home: of its address but for former commune and hamlet, those that had it until a
   * person corrected them, and those of its findings.
   */
  alike: Household[]
  /** What checkers of samples found on site, oldest first. */
  checks: CheckView[]
  /** What was seen at its door: of each who saw it the last, oldest first. */
  observations: ObservationView[]
}

/** An observation as the outside sees it; the time is ISO. */
export interface ObservationView extends Omit<Observation, 'n' | 'at'> {
  at: string
}

/** A check as the outside sees it. */
export interface CheckView {
  round: number
  /** ISO time. */
  at: string
  actor: string
  verdict: Verdict
  metres: number | null
  /** Null when the household was erased. */
  found: Exclude<Finding, { other: number }> | { kind: 'same-as'; other: string } | null
  /** ISO time; null while it stands. */
  undoneAt: string | null
}

export const MOST_ALIKE = 20

export async function reviewCase(
  store: RegistryReader,
  ids: IdCodec,
  household: StoredHousehold,
  gazetteer: Gazetteer,
): Promise<Case> {
  const doubts = await store.doubtsOf(household.n)
  return {
    household: publicHousehold(household, ids),
    reasons: household.review,
    doubts: doubts.map((doubt) => viewDoubt(doubt, household.n, ids)),
    spans: spansOf(household.text.slice(0, MAX_INPUT), gazetteer),
    candidates: communeCandidates(household, gazetteer).map(
      ({ commune, formerCommuneCode, confidence, reason }) => ({
        communeCode: commune.code,
        communeName: commune.fullName,
        provinceName: commune.province.fullName,
        formerCommuneCode,
        confidence,
        reason,
      }),
    ),
    alike: (await alikeOf(store, household, doubts)).map((other) => publicHousehold(other, ids)),
    checks: (await store.checksOf(household.n)).map(
      ({ round, at, actor, verdict, metres, found, undone }) => ({
        round,
        at: new Date(at).toISOString(),
        actor,
        verdict,
        metres,
        found: found?.kind === 'same-as' ? { kind: found.kind, other: ids.idOf(found.other) } : found,
        undoneAt: undone && new Date(undone.at).toISOString(),
      }),
    ),
    observations: (await store.observationsOf(household.n)).map(({ n: _, at, ...seen }) => ({
      ...seen,
      at: new Date(at).toISOString(),
    })),
  }
}

/** The households that are held against one, by n; see `Case`. */
export async function alikeOf(
  store: RegistryReader,
  { n, key, status }: StoredHousehold,
  doubts: readonly OpenDoubt[],
): Promise<StoredHousehold[]> {
  const live = status !== 'historical'
  const same = live ? await store.sameCore(key, CORE_LENGTH, MOST_ALIKE) : []
  const before = live ? await store.stands(key, MOST_ALIKE) : []
  const ns = new Set([
    ...[...same, ...before].map((other) => other.n),
    ...doubts.flatMap((doubt) => [doubt.n, doubt.other ?? n]),
  ])
  ns.delete(n)
  const found = await store.households([...ns].slice(0, MOST_ALIKE))
  return found.filter((other) => other.status !== 'historical')
}
